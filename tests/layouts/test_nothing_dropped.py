"""No cell of an activity's row is dropped: it is a fact, a quarantined cell, an extra value or a finding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sent import CREATED, sent_content

from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from workbooks.form.layout import Layout
from workbooks.form.write import write_form
from workbooks.reading.admission import Limits
from workbooks.reading.read import read_workbooks

LAYOUTS = {
    "clean": Layout(totals="typed"),
    "columns added everywhere": Layout(totals="typed", added="all"),
    "columns shuffled, one table": Layout(totals="typed", added="all", pages="one table", shuffled=1),
    "pages stacked, lines that go on": Layout(totals="typed", added="right", pages="stacked", continued=True),
    "values merged": Layout(totals="typed", added="middle", unit_cells="merged", strategies_merged=True),
}
FIRST, WIDTH = 28, 26  # where the clean form's table begins, and columns that a stray cell may fall into
STRAY = st.tuples(st.integers(FIRST, FIRST + 4), st.integers(1, WIDTH), st.sampled_from(["ver anexo", 7, "doce"]))

Place = tuple[str, int, int]


def lost(path: Path, context: Context, limits: Limits) -> set[Place]:
    """The filled cells in rows of activities that nothing of the judged workbook tells of."""
    batch = Batch([InboxFile(path, path.name, "0" * 64, path.stat().st_size)])
    found = judged(batch, context, limits)
    assert found.files[c.ROWS_FOUND].item() > 0
    rows = kept(found)
    told = {*found.extra.select(c.SHEET, c.ROW, c.COL).rows(), *found.findings.select(c.SHEET, c.ROW, c.COL).rows()}
    return {
        (sheet, row, col)
        for sheet, row, col in filled(path, limits)
        if (sheet, row) in rows and col not in rows[sheet, row] and (sheet, row, col) not in told
    }


def filled(path: Path, limits: Limits) -> list[Place]:
    book = read_workbooks([path], limits, {}, lambda _: None)
    return book.cells.join(book.sheets, on=[c.FILE_ID, c.SHEET_NO]).select(c.SHEET, c.ROW, c.COL).rows()


def kept(found: Judged) -> dict[tuple[str, int], set[int]]:
    """By sheet and row, the columns whose cell the activity or the quarantined row holds."""
    columns = {
        (sheet, page): json.loads(told) for sheet, page, told in found.pages.select(c.SHEET, c.PAGE, c.COLUMNS).rows()
    }
    rows = {}
    for row in pl.concat([found.activities, found.quarantined], how="diagonal").iter_rows(named=True):
        values: Mapping[str, object] = json.loads(row[c.CELLS]) if row[c.CELLS] else row
        mapped = columns[row[c.SHEET], row[c.PAGE]]
        rows[row[c.SHEET], row[c.ROW]] = {col for name, col in mapped.items() if values.get(name) is not None}
    return rows


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_cell_of_a_row_is_told(layout: Layout, third_quarter: Context, limits: Limits, tmp_path: Path) -> None:
    path = tmp_path / "libro.xlsx"
    write_form(path, third_quarter.form, sent_content(), created=CREATED, layout=layout)
    assert lost(path, third_quarter, limits) == set()


@settings(max_examples=6, derandomize=True, database=None)
@given(stray=st.lists(STRAY, min_size=1, max_size=4), layout=st.sampled_from(["clean", "columns added everywhere"]))
def test_nor_are_cells_that_stand_where_none_belongs(
    stray: list[tuple[int, int, str | int]],
    layout: str,
    third_quarter: Context,
    limits: Limits,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("stray") / "libro.xlsx"
    write_form(path, third_quarter.form, sent_content(), created=CREATED, layout=LAYOUTS[layout])
    book = load_workbook(path)
    for row, col, value in stray:
        book.worksheets[0].cell(row, col).value = value
    book.save(path)
    assert lost(path, third_quarter, limits) == set()
