"""A breach names its cell: the column map of its own page, with its row."""

from __future__ import annotations

import polars as pl

from schemas.cards.locate import NAME_COLUMN, activity_cell, budget_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Evidence

PAGE = {c.FILE_ID: pl.Int64, c.SHEET_NO: pl.Int32, c.PAGE: pl.Int64}
NOTHING = pl.DataFrame()
COLUMNS = pl.DataFrame(
    [(0, 0, 0, c.ANNUAL_TARGET, 8), (0, 1, 0, c.ANNUAL_TARGET, 9)],
    schema={**PAGE, c.FIELD: pl.String, c.COL: pl.Int32},
    orient="row",
)
EVIDENCE = Evidence(*[NOTHING] * 12, budget_columns=COLUMNS, activity_columns=COLUMNS)
ROWS = pl.DataFrame([(0, 0, 0, 27), (0, 1, 0, 30), (1, 0, 0, 27)], schema={**PAGE, c.ROW: pl.Int32}, orient="row")


def test_each_page_has_its_own_columns() -> None:
    found = activity_cell(ROWS, EVIDENCE, c.ANNUAL_TARGET)
    assert found.select(c.FIELD, c.ROW, c.COL).rows() == [
        (c.ANNUAL_TARGET, 27, 8),
        (c.ANNUAL_TARGET, 30, 9),
        (c.ANNUAL_TARGET, 27, None),
    ]


def test_a_budget_lines_name_has_a_place_without_a_label() -> None:
    assert budget_cell(ROWS, EVIDENCE, c.UNIT_NAME)[c.COL].to_list() == [NAME_COLUMN] * 3
    assert budget_cell(ROWS, EVIDENCE, c.ANNUAL_TARGET)[c.COL].to_list() == [8, 9, None]


def test_no_lines_have_the_columns_of_some() -> None:
    none, some = (budget_cell(lines, EVIDENCE, c.ANNUAL_TARGET) for lines in (ROWS.clear(), ROWS))
    assert none.is_empty()
    assert none.schema == some.schema
