"""A page's table: the column labels and the rows of activities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from schemas.contracts import columns as c
from workbooks.form.heads import FieldColumns, heads
from workbooks.form.job import Job
from workbooks.form.style import MergedArea, Pen, look_of
from workbooks.form.table_rows import TableRow
from workbooks.form.typed_values import formula_of, typed

ROW_HEIGHT, LOW_ROW = 69.75, 15.0  # points, at least
EMPTY_ROWS = 5  # drawn where no activity is captured
NOTE = "NOTA: La información de este formato es responsabilidad de la unidad que la emite."

Cell: TypeAlias = tuple[int, int]


def table(pen: Pen, job: Job, columns: Sequence[FieldColumns], rows: Sequence[TableRow], top: int) -> int:
    """The rows under their heads; returns the last row."""
    drawn = list(rows) or [TableRow("activity", "", {})] * EMPTY_ROWS
    for segment in _segments(drawn) if job.layout.pages == "one table, heads again" else [drawn]:
        top = heads(pen, job, columns, top, heights=(18, 18, 24))
        if job.layout.column_numbers:
            _column_numbers(pen, columns, top)
            top += 1
        _rows(pen, job, columns, segment, top)
        top += len(segment)
    if job.layout.footnote:
        pen.across(top, 0, columns[-1].right, NOTE, "text")
        top += 1
    return top - 1


def _segments(rows: Sequence[TableRow]) -> Iterator[list[TableRow]]:
    """The rows cut where another UR's activities begin."""
    segment: list[TableRow] = []
    current = ""
    for row in rows:
        begins = row.kind == "band" or (row.kind == "activity" and row.unit != current)
        if begins and current and any(told.kind == "activity" for told in segment):
            yield segment
            segment = []
        current = row.unit if row.kind == "activity" else current
        segment.append(row)
    yield segment


def _column_numbers(pen: Pen, columns: Sequence[FieldColumns], row: int) -> None:
    for number, column in enumerate(columns, start=1):
        pen.cell(row, column.left, number, "code")


def _rows(pen: Pen, job: Job, columns: Sequence[FieldColumns], rows: Sequence[TableRow], first: int) -> None:
    merged: dict[Cell, MergedArea | None] = {}
    if job.layout.unit_cells == "merged":
        merged |= dict(_areas(columns, rows, first, c.UNIT_CODE, lambda row: row.unit))
    if job.layout.strategies_merged:
        merged |= dict(_areas(columns, rows, first, c.STRATEGY_CODE, _strategy))
    for row, told in enumerate(rows, start=first):
        texts = [(told.values.get(column.field.name), column.left, column.right) for column in columns]
        if told.kind == "band":
            pen.row_height(row, LOW_ROW)
            pen.across(row, 0, columns[-1].right, told.values[c.UNIT_CODE], "caption")
            continue
        pen.height(row, *texts, least=ROW_HEIGHT if told.kind == "activity" else LOW_ROW)
        _row(pen, job, columns, told, row, merged)


def _row(
    pen: Pen, job: Job, columns: Sequence[FieldColumns], told: TableRow, row: int, merged: dict[Cell, MergedArea | None]
) -> None:
    cells = {column.field.name: pen.address(row, column.left) for column in columns}
    for column in columns:
        name = column.field.name
        value, look = typed(told.values.get(name), column.field.kind, job.layout)
        at = (row, column.left)
        if at not in merged:
            formula = formula_of(name, job.layout, cells) if told.kind == "activity" else None
            pen.cell(*at, value, look, formula)
            if told.kind == "activity":
                job.drew(pen, "activity", name, (row, column.left, column.left), look)
        elif (area := merged[at]) is not None:
            pen.area(area, value, look_of(column.field.kind))


def _strategy(row: TableRow) -> tuple[str, object] | None:
    strategy = row.values.get(c.STRATEGY_CODE)
    return (row.unit, strategy) if row.kind == "activity" and strategy else None


def _areas(
    columns: Sequence[FieldColumns],
    rows: Sequence[TableRow],
    first: int,
    name: str,
    said: Callable[[TableRow], object],
) -> Iterator[tuple[Cell, MergedArea | None]]:
    """The merged areas of a column over rows that say the same, by the cell each begins at; None for its other cells.

    Rows between, second lines and blank ones of the same UR, lie inside.
    """
    col = next((column.left for column in columns if column.field.name == name), None)
    top = 0
    while col is not None and top < len(rows):
        bottom = top
        for below in range(top + 1, len(rows)):
            if rows[below].unit != rows[top].unit or said(rows[below]) not in (None, said(rows[top])):
                break
            bottom = below
        if rows[top].unit and said(rows[top]) and bottom > top:
            yield (first + top, col), MergedArea(first + top, col, first + bottom, col)
            yield from (((first + row, col), None) for row in range(top + 1, bottom + 1))
        top = bottom + 1
