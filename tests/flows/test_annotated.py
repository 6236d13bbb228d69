"""Workbooks returned annotated: marked exactly where findings are, judged again as before, marked again the same."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.form import Form
from config.policy import load_policy
from flows.path import Batch, InboxFile, judged
from reports.unit.observations import observations_sheet
from reports.unit.report import unit_report
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.rules.rulebook import CARDS
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.annotated.returned import ALONE, Returned, returned
from workbooks.export.observations import ObservationsSheet
from workbooks.reading.admission import Limits
from workbooks.reading.answer_sheet import AUTHOR, MARK_FILLS
from workbooks.sample import sample_inbox

OURS = {f"FF{fill[1:]}" for fill in MARK_FILLS.values()}


@dataclass(frozen=True)
class Sent:
    """Workbooks of a batch, what was found in them, and what their units got back."""

    paths: list[Path]
    judged: Judged
    told: list[ObservationsSheet]
    back: list[Returned]


def judge(paths: list[Path], context: Context, limits: Limits) -> Judged:
    return judged(Batch([InboxFile(p, "x.xlsx", "0" * 64, 0) for p in paths]), context, limits)


def of_file(batch: Judged, number: int) -> Judged:
    return Judged(**{f.name: getattr(batch, f.name).filter(pl.col(c.FILE_ID) == number) for f in fields(Judged)})


def given_back(paths: list[Path], context: Context, limits: Limits) -> Sent:
    batch = judge(paths, context, limits)
    told = [
        observations_sheet(
            unit_report(of_file(batch, n), year=2024, quarter=3, received=None, remedies=CARDS, form=context.form)
        )
        for n in range(len(paths))
    ]
    back = [returned(sheet, ReceivedWorkbook(path, limits)) for sheet, path in zip(told, paths, strict=True)]
    return Sent(paths, batch, told, back)


@pytest.fixture(scope="module")
def context(form: Form) -> Context:
    return Context(2024, 3, date(2024, 9, 30), form, load_policy(), load_catalog())


@pytest.fixture(scope="module")
def sent(
    tmp_path_factory: pytest.TempPathFactory,
    context: Context,
    limits: Limits,
    founding: Path,
    as_printed: Path,
) -> Sent:
    """The third quarter of the sample inbox and the founding workbook, clean and as printed."""
    folder = tmp_path_factory.mktemp("inbox")
    sample_inbox(folder, context.form, load_catalog(), load_calendar(), quarter=3)
    shutil.copy(founding, folder / "founding.xlsx")
    shutil.copy(as_printed, folder / "printed.xlsx")
    return given_back(sorted(folder.glob("*.xlsx")), context, limits)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory, sent: Sent, context: Context, limits: Limits) -> Sent:
    """What the units got back, sent as it is and given back once more."""
    folder = tmp_path_factory.mktemp("again")
    paths = [folder / f"{number:02}.xlsx" for number in range(len(sent.back))]
    for path, back, original in zip(paths, sent.back, sent.paths, strict=True):
        path.write_bytes(original.read_bytes() if back.ending == ALONE else back.content)
    return given_back(paths, context, limits)


def test_every_workbook_that_can_be_read_is_annotated(sent: Sent) -> None:
    alone = [n for n, back in enumerate(sent.back) if back.ending == ALONE]
    unread = sent.judged.findings.filter(pl.col(c.RULE).is_in(["A01", "A02", "A03"]))[c.FILE_ID].unique().to_list()
    assert sorted(alone) == sorted(unread)
    assert len(alone) < 3


def test_marks_do_not_disturb_reading_again(sent: Sent, again: Sent) -> None:
    for field in fields(Judged):
        before, now = getattr(sent.judged, field.name), getattr(again.judged, field.name)
        told_apart = [c.FILE] if field.name == "files" else []
        assert before.drop(told_apart).equals(now.drop(told_apart)), field.name


def test_annotating_again_changes_nothing(sent: Sent, again: Sent) -> None:
    for before, now in zip(sent.back, again.back, strict=True):
        assert (before.ending, before.content) == (now.ending, now.content)


def test_marks_stand_exactly_where_findings_are(sent: Sent, tmp_path: Path) -> None:
    marked = 0
    for told, back in list(zip(sent.told, sent.back, strict=True))[::4]:
        if back.ending == ALONE:
            continue
        (tmp_path / "back.xlsx").write_bytes(back.content)
        book = openpyxl.load_workbook(tmp_path / "back.xlsx")
        filled, noted = set(), set()
        for sheet in book.worksheets[1:]:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.fill.fgColor.rgb in OURS:
                    filled.add((sheet.title, cell.coordinate))
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    noted.add((sheet.title, cell.coordinate))
        wanted = {(row.sheet, row.cell) for row in told.rows if row.cell and row.severity}
        assert filled == noted == wanted
        marked += len(wanted)
        assert book.active.title == "Observaciones"
    assert marked > 5
