"""A page's table: the column labels and the rows of activities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas import columns as c
from workbooks.content import CellValue
from workbooks.form_style import Area, Pen
from workbooks.layouts.heads import Column, heads
from workbooks.layouts.job import Job
from workbooks.layouts.table_rows import TableRow
from workbooks.layouts.typed_values import formula_of, typed

ROW_HEIGHT = 69.75  # points, at least
EMPTY_ROWS = 5  # drawn where no activity is captured


def table(pen: Pen, job: Job, columns: Sequence[Column], rows: Sequence[TableRow], top: int) -> int:
    """The rows under their heads; returns the last row."""
    first = heads(pen, job, columns, top, heights=(18, 18, 24))
    drawn = rows or [TableRow("activity", "", {})] * EMPTY_ROWS
    merged = dict(_unit_areas(job, columns, drawn, first))
    for row, told in enumerate(drawn, start=first):
        texts = [(told.values.get(column.field.name), column.left, column.right) for column in columns]
        pen.height(row, *texts, least=ROW_HEIGHT if told.kind == "activity" else 15)
        _row(pen, job, columns, told, row, merged)
    return first + len(drawn) - 1


def _row(
    pen: Pen, job: Job, columns: Sequence[Column], told: TableRow, row: int, merged: dict[int, Area | None]
) -> None:
    cells = {column.field.name: pen.address(row, column.left) for column in columns}
    for column in columns:
        name = column.field.name
        value, look = typed(told.values.get(name), column.field.kind, job.layout)
        if name == c.UNIT_CODE and row in merged:
            _unit_cell(pen, merged[row], value)
            continue
        formula = formula_of(name, job.layout) if told.kind == "activity" else None
        pen.cell(row, column.left, value, look, formula.format(**cells) if formula else None)


def _unit_cell(pen: Pen, area: Area | None, value: CellValue) -> None:
    if area is not None:
        pen.area(area, value, "code")


def _unit_areas(
    job: Job, columns: Sequence[Column], rows: Sequence[TableRow], first: int
) -> Iterator[tuple[int, Area | None]]:
    """The UR's area by the row it begins on, where its cells are merged; None for the other rows of the area."""
    col = next((column.left for column in columns if column.field.name == c.UNIT_CODE), None)
    if job.layout.unit_cells != "merged" or col is None:
        return
    top = 0
    while top < len(rows):
        bottom = top
        while bottom + 1 < len(rows) and rows[bottom + 1].unit == rows[top].unit:
            bottom += 1
        if rows[top].unit and bottom > top:
            yield first + top, Area(first + top, col, first + bottom, col)
            yield from ((first + row, None) for row in range(top + 1, bottom + 1))
        top = bottom + 1
