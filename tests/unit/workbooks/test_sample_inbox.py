"""The sample inbox: who delivers what and when, and that it can be made again."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from config.calendar import Calendar, load_calendar
from config.catalog import Catalog, load_catalog
from config.form import Form, load_form
from workbooks.sample import FOUNDING, SampleInbox, sample_inbox

RULES = {f"R{n:02}" for n in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 15)} | {f"P{n:02}" for n in range(1, 7)}
RULES |= {"E01", "E02", "E03", "E06", "A01", "A04", "A05", "A08"}
PLANNED = slice(0, 12)  # columns of an activity from its UR to the calendar
CALENDAR, ACHIEVED = slice(8, 12), slice(12, 16)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(2024)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar()


@pytest.fixture(scope="module")
def inboxes(
    tmp_path_factory: pytest.TempPathFactory, form: Form, catalog: Catalog, calendar: Calendar
) -> dict[int, SampleInbox]:
    folder = tmp_path_factory.mktemp("inboxes")
    return {q: sample_inbox(folder / f"T{q}", form, catalog, calendar, quarter=q, seed=2024) for q in (2, 3, 4)}


def path_of(inbox: SampleInbox, code: str) -> Path:
    return inbox.folder / f"POA_2024_UR{code}.xlsx"


def activities(path: Path) -> list[tuple[Any, ...]]:
    """The rows below each page's heads; an empty cell is None."""
    book = CalamineWorkbook.from_path(path)
    found: list[tuple[Any, ...]] = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        top = next(i for i, row in enumerate(rows) if str(row[0]).startswith("UR (específica)"))
        found += [tuple(None if v == "" else v for v in row) for row in rows[top + 3 :] if row[1] != ""]
    return found


@pytest.mark.parametrize("quarter", [2, 3, 4])
def test_forty_units_but_three_deliver(inboxes: dict[int, SampleInbox], quarter: int) -> None:
    inbox = inboxes[quarter]
    files = {path.name for path in inbox.folder.iterdir()} - {FOUNDING.name}
    assert len(inbox.units) == 40
    assert not {"06", "63"} & set(inbox.units)
    assert len(inbox.missing) == 3
    assert files == {path_of(inbox, code).name for code in inbox.units if code not in inbox.missing}
    assert path_of(inbox, "06").exists() == (quarter == 3)


def test_workbooks_arrive_within_the_window_but_two(inboxes: dict[int, SampleInbox], calendar: Calendar) -> None:
    for quarter, inbox in inboxes.items():
        window = calendar.of(2024, quarter)
        days = {
            path: datetime.fromtimestamp(path.stat().st_mtime, calendar.zone).date() for path in inbox.folder.iterdir()
        }
        late = {path for path, day in days.items() if day > window.closes}
        assert late == {path_of(inbox, code) for code in inbox.late}
        assert len(late) == 2
        assert min(days.values()) >= window.opens


def test_one_file_is_cut_off(inboxes: dict[int, SampleInbox]) -> None:
    inbox = inboxes[3]
    broken = [p for p in inbox.folder.iterdir() if not zipfile.is_zipfile(p)]
    assert broken == [path_of(inbox, code) for code in inbox.corrupt]
    assert all(path.stat().st_size > 0 for path in broken)


def test_a_third_of_the_units_has_defects_of_every_kind(inboxes: dict[int, SampleInbox]) -> None:
    for quarter, inbox in inboxes.items():
        spoilt = {planted.unit_code for planted in inbox.planted} - set(inbox.corrupt)
        assert len(spoilt) == 13
        assert len(inbox.clean) == 40 - 13 - 3 - 1
        ahead = {"R08", "P05"} if quarter == 4 else set()
        assert {planted.rule for planted in inbox.planted} == RULES - ahead
        assert {planted.file for planted in inbox.planted} <= {path.name for path in inbox.folder.iterdir()}


def test_clean_workbooks_add_up(inboxes: dict[int, SampleInbox]) -> None:
    for quarter, inbox in inboxes.items():
        for code in inbox.clean:
            rows = activities(path_of(inbox, code))
            assert 4 <= len(rows) <= 8
            assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
            for row in rows:
                achieved = row[ACHIEVED]
                assert sum(row[CALENDAR]) == row[7]
                assert sum(achieved[:quarter]) == row[16]
                assert set(achieved[quarter:]) <= {None}
                assert abs(row[16] / row[7] - row[17]) < 0.005
                assert all(row[:8]), row
            texts = [row[19] for row in rows if row[19]]
            assert len(set(texts)) == len(texts)


def test_the_third_quarter_restates_the_second(inboxes: dict[int, SampleInbox]) -> None:
    both = [code for code in inboxes[2].clean if code in inboxes[3].clean]
    assert len(both) > 8
    for code in both:
        second, third = (activities(path_of(inboxes[q], code)) for q in (2, 3))
        assert [row[PLANNED] for row in second] == [row[PLANNED] for row in third]
        assert [row[ACHIEVED][:2] for row in second] == [row[ACHIEVED][:2] for row in third]
        assert all(row[ACHIEVED][2] is not None for row in third)
        assert not {row[19] for row in second if row[19]} & {row[19] for row in third}


def test_units_do_not_read_the_same(inboxes: dict[int, SampleInbox]) -> None:
    inbox = inboxes[3]
    told = [frozenset(row[2] for row in activities(path_of(inbox, code))) for code in inbox.clean]
    assert len(set(told)) == len(told)


def test_the_seed_decides_everything(
    tmp_path: Path, form: Form, catalog: Catalog, calendar: Calendar, inboxes: dict[int, SampleInbox]
) -> None:
    def seen(inbox: SampleInbox) -> dict[str, tuple[bytes, float]]:
        return {p.name: (p.read_bytes(), p.stat().st_mtime) for p in inbox.folder.iterdir()}

    again = sample_inbox(tmp_path / "again", form, catalog, calendar, quarter=3, seed=2024)
    other = sample_inbox(tmp_path / "other", form, catalog, calendar, quarter=3, seed=7)
    assert seen(again) == seen(inboxes[3])
    assert again.planted == inboxes[3].planted
    assert other.planted != again.planted
