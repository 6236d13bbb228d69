"""Forms made out of a published quarter: what they say again, and what becomes of them once filled in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from spreadsheet import LockedCellError, Spreadsheet

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from flows.context import context
from flows.history import with_history
from flows.intake.inbox import named
from flows.outputs.prefilling import Forms, write_forms
from flows.path import Batch, InboxFile, judged
from flows.runs.consolidation import Request, consolidate, listed
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from warehouse.what_if import what_if_history
from workbooks.reading.admission import Limits
from workbooks.sample import SampleInbox, sample_inbox

YEAR, TOLD, ASKED = 2024, 3, 4
LIMITS = Limits(max_bytes=20 * 1024**2, max_expanded_bytes=400 * 1024**2, max_sheets=60, max_cells=2_000_000)
ACTIVITY = [c.UNIT_CODE, c.ACTIVITY_NO]
FACTS = [
    *(c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT, c.MEASURE_UNIT, c.ANNUAL_TARGET, c.PURPOSE),
    *(*c.PLANNED, *c.ACHIEVED[:TOLD]),
]
# Where the header of a form with one UR stands, by row, and its first activity.
HEADER_ROWS = {
    9: c.GUIDING_AXIS,
    10: "cross_axis",
    11: c.GENERAL_AXIS,
    12: "strategic_objective",
    15: "finalidad",
    16: "funcion",
    17: "subfuncion",
    18: "modalidad",
    21: "sector_programme",
}
SECTOR_ROW, FIRST_ROW = 21, 26
LINE_FACTS = [c.UNIT_NAME, c.ASSIGNED_AMOUNT, *c.EXERCISED[:TOLD]]


@dataclass(frozen=True)
class Published:
    """A third quarter of the sample units, consolidated, and the forms of the fourth made out of it."""

    settings: Settings
    sample: SampleInbox
    sent: Judged
    forms: Forms

    def form_of(self, code: str) -> Path:
        return next(handed.path for handed in self.forms.handed if handed.units[0] == code)


def read(paths: Sequence[Path], quarter: int) -> Judged:
    ctx, _ = context(YEAR, quarter, Settings())
    received = named(paths, Settings().sender_pattern).received
    return judged(Batch([InboxFile(r.path, r.file, r.sha256, r.bytes, r.sender) for r in received]), ctx, LIMITS)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("prefilled")
    settings = Settings(warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline")
    sample = sample_inbox(folder / "inbox", load_form(YEAR), load_catalog(), load_calendar(), quarter=TOLD)
    request = Request(YEAR, TOLD, folder / "inbox")
    consolidate(request, settings, listed(request, settings))
    forms = write_forms(YEAR, ASKED, folder / "forms", [], settings)
    return Published(settings, sample, read(sorted((folder / "inbox").glob("*.xlsx")), TOLD), forms)


@pytest.fixture(scope="module")
def again(published: Published) -> Judged:
    """The forms as handed out, read as workbooks of the quarter that they were made of."""
    return read([handed.path for handed in published.forms.handed], TOLD)


def facts(workbooks: Judged) -> dict[str, pl.DataFrame]:
    """What is said of activities, budget lines and headers, sorted; what is of one quarter only or a sum left out."""
    senders = workbooks.files.select(c.FILE_ID, c.SENDER)
    header = workbooks.header.filter(pl.col(c.FIELD) != c.DRAWN_UP_ON).join(senders, on=c.FILE_ID)
    told = header.drop_nulls(c.TEXT).select(c.SENDER, c.FIELD, c.CODE, c.TEXT)
    lines = workbooks.budget.join(senders, on=c.FILE_ID).filter(
        pl.col(c.UNIT_CODE).is_not_null() | (pl.col(c.LEVEL) == "programme")
    )
    return {
        "activities": workbooks.activities.select(*ACTIVITY, *FACTS).sort(ACTIVITY),
        "budget": lines.select(c.SENDER, c.LEVEL, c.UNIT_CODE, *LINE_FACTS).sort(c.SENDER, c.LEVEL, c.UNIT_CODE),
        "header": told.sort(c.SENDER, c.FIELD),
    }


def test_every_form_says_again_what_its_unit_said(published: Published, again: Judged) -> None:
    spoke = {code for handed in published.forms.handed if handed.source for code in handed.units}
    told, said = facts(again), facts(published.sent)
    names = load_catalog().unit_names
    official = pl.coalesce(pl.col(c.UNIT_CODE).replace_strict(names, default=None, return_dtype=pl.String), c.UNIT_NAME)
    said["budget"] = said["budget"].with_columns(official.alias(c.UNIT_NAME))
    assert len(spoke) > 30
    for name, key in (("activities", c.UNIT_CODE), ("budget", c.SENDER), ("header", c.SENDER)):
        mine, theirs = (frames[name].filter(pl.col(key).is_in(spoke)) for frames in (told, said))
        different = mine.join(theirs, on=mine.columns, how="anti", nulls_equal=True)
        assert different.is_empty(), (name, different)
        missing = theirs.join(mine, on=mine.columns, how="anti", nulls_equal=True)
        assert missing.is_empty(), (name, missing)


def test_rows_set_aside_stand_in_the_form_open(published: Published, again: Judged) -> None:
    assert sum(handed.set_aside for handed in published.forms.handed) > 5
    for handed in published.forms.handed:
        own = again.files.filter(pl.col(c.FILE) == handed.path.name)
        held = _of(again.quarantined, own, c.SHEET, c.ROW)
        assert len(_of(again.activities, own, c.ROW)) + len(held) == handed.activities
        assert len(held) <= handed.set_aside
        sheet = Spreadsheet(handed.path) if held else None
        assert all(sheet.is_open(place, row, 3) for place, row in held if sheet)


def test_stored_values_are_those_of_the_formulas(published: Published) -> None:
    for handed in published.forms.handed[::5]:
        sheet = Spreadsheet(handed.path)
        assert sheet.stored
        for at, stored in sheet.stored.items():
            value = sheet.value(at)
            assert value == stored or (value == "" and stored is None) or value == pytest.approx(stored), at


def filled(form: Path, workbooks: Judged, out: Path) -> Path:
    """The form as a diligent unit fills it in for the fourth quarter: only in open cells."""
    own = workbooks.files.filter(pl.col(c.FILE) == form.name)
    sheet = Spreadsheet(form)
    columns = {
        (place, page): json.loads(cols) for place, page, cols in _of(workbooks.pages, own, c.SHEET, c.PAGE, c.COLUMNS)
    }
    told = _of(workbooks.activities, own, c.SHEET, c.PAGE, c.ROW, c.ACTIVITY_NO, c.PLANNED[ASKED - 1])
    for place, page, row, number, planned in told:
        at = columns[place, page]
        sheet.type(place, row, at[c.ACHIEVED[ASKED - 1]], planned)
        sheet.type(place, row, at[c.JUSTIFICATION], f"Resultado de la actividad {number} en el cuarto trimestre.")
    for place, row, cols, assigned, *spent in _of(
        workbooks.budget, own, c.SHEET, c.ROW, c.COLUMNS, c.ASSIGNED_AMOUNT, *c.EXERCISED[:TOLD]
    ):
        col = json.loads(cols)[c.EXERCISED[ASKED - 1]]
        if sheet.is_open(place, row, col):
            sheet.type(place, row, col, spent[-1] if len(set(spent)) == 1 else round((spent[-1] + assigned) / 2))
    [(place, row, col)] = _of(workbooks.header.filter(pl.col(c.FIELD) == c.DRAWN_UP_ON), own, c.SHEET, c.ROW, c.COL)
    sheet.type(place, row, col, date(2025, 1, 7))
    sheet.save(out / form.name)
    return out / form.name


def _of(frame: pl.DataFrame, own: pl.DataFrame, *names: str) -> list[tuple[object, ...]]:
    return frame.join(own, on=c.FILE_ID, how="semi", maintain_order="left").select(names).rows()


@pytest.fixture(scope="module")
def sent_back(published: Published, again: Judged, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """Every form filled in and checked against the warehouse, as `poa check --against` does."""
    folder = tmp_path_factory.mktemp("filled")
    spoke = [handed.path for handed in published.forms.handed if handed.source]
    result = read([filled(path, again, folder) for path in spoke], ASKED)
    ctx, window = context(YEAR, ASKED, published.settings)
    history, waivers = what_if_history(published.settings.warehouse, result, window)
    return with_history(result, history, ctx, waivers)


def test_a_form_filled_in_right_is_told_nothing_above_a_note(published: Published, sent_back: Judged) -> None:
    told = sent_back.findings.join(sent_back.files.select(c.FILE_ID, c.SENDER), on=c.FILE_ID)
    clean = told.filter(pl.col(c.SENDER).is_in(published.sample.clean) & (pl.col(c.SEVERITY) != "nota"))
    assert clean.is_empty(), clean.select(c.SENDER, c.RULE, c.CELL, c.MESSAGE)
    verdicts = sent_back.files.filter(pl.col(c.SENDER).is_in(published.sample.clean))
    assert len(verdicts) > 15
    assert set(verdicts[c.VERDICT]) == {"aceptado"}


def test_no_form_changes_the_past(sent_back: Judged) -> None:
    assert sent_back.findings.filter(pl.col(c.RULE).is_in(["T01", "T02", "T03", "T04"])).is_empty()


def test_what_was_told_may_be_corrected_and_nothing_else(published: Published, again: Judged) -> None:
    sheet = Spreadsheet(published.form_of("06"))
    own = again.files.filter(pl.col(c.SENDER) == "06")
    told = _of(again.findings.filter(pl.col(c.RULE).is_in(["R05", "E03"])), own, c.SHEET, c.ROW, c.COL)
    assert told
    for place, row, col in told:
        sheet.type(str(place), int(str(row)), int(str(col)), "corregido")
    [(place, row)] = _of(
        again.activities.filter((pl.col(c.UNIT_CODE) == "06") & (pl.col(c.ACTIVITY_NO) == 1)), own, c.SHEET, c.ROW
    )
    with pytest.raises(LockedCellError):
        sheet.type(str(place), int(str(row)), 8, 99)


def test_the_same_snapshot_gives_the_same_files(published: Published, tmp_path: Path) -> None:
    code = published.sample.clean[0]
    first = write_forms(YEAR, ASKED, tmp_path, [code], published.settings)
    assert [handed.units for handed in first.handed] == [(code,)]
    assert first.handed[0].path.read_bytes() == published.form_of(code).read_bytes()
    assert not write_forms(YEAR, ASKED, tmp_path, [code], published.settings).handed[0].new


def test_who_never_delivered_gets_a_blank_programme(published: Published, tmp_path: Path) -> None:
    code = published.sample.missing[0]
    [handed] = write_forms(YEAR, ASKED, tmp_path, [code], published.settings).handed
    assert (handed.source, handed.activities) == (None, 0)
    [document] = read([handed.path], ASKED).findings.select(c.RULE).unique().filter(pl.col(c.RULE) == "A08").rows()
    assert document == ("A08",)


def test_a_blank_programme_filled_in_right_is_told_nothing_above_a_note(published: Published, tmp_path: Path) -> None:
    code = published.sample.missing[0]
    [handed] = write_forms(YEAR, None, tmp_path, [code], published.settings).handed
    sheet, like = Spreadsheet(handed.path), published.sample.clean[0]
    said = facts(published.sent)
    header = {name: (code_, text) for sender, name, code_, text in said["header"].rows() if sender == like}
    for row, name in HEADER_ROWS.items():
        coded, text = header[name]
        sheet.type("POA 1", row, 3 if row < SECTOR_ROW else 1, str(text))
        if coded:
            sheet.type("POA 1", row, 2, str(coded))
    sheet.type("POA 1", 3, 19, date(2024, 4, 5))
    sheet.type("POA 1", 5, 3, "PROGRAMA DE PRUEBA")
    rows = said["activities"].filter(pl.col(c.UNIT_CODE) == like).head(5)
    for row, amount in ((5, rows[c.ASSIGNED_AMOUNT].sum()), (6, rows[c.ASSIGNED_AMOUNT].sum())):
        sheet.type("POA 1", row, 6, amount)
        sheet.type("POA 1", row, 7, amount / 4)
    names = [field.name for field in load_form(YEAR).activity]
    for row, activity in enumerate(rows.iter_rows(named=True), FIRST_ROW):
        told = {**activity, c.UNIT_CODE: code, c.ACHIEVED[0]: activity[c.PLANNED[0]]}
        for name in (*ACTIVITY, *FACTS[:6], c.PURPOSE, *c.PLANNED, c.ACHIEVED[0]):
            sheet.type("POA 1", row, 1 + names.index(name), told[name])
    sheet.save(handed.path)
    result = read([handed.path], 1)
    assert result.files[c.VERDICT].to_list() == ["aceptado"], result.findings[c.MESSAGE].to_list()
    assert len(result.activities) == len(rows)


def test_the_years_programme_is_blank_for_all(published: Published, tmp_path: Path) -> None:
    [handed] = write_forms(YEAR, None, tmp_path, ["63"], published.settings).handed
    assert handed.path.name == "UR63_2024.xlsx"
    assert handed.activities == 0


def test_a_unit_without_a_place_in_the_catalogue_is_refused(published: Published, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UR 99 is not in the catalogue"):
        write_forms(YEAR, ASKED, tmp_path, ["99"], published.settings)
