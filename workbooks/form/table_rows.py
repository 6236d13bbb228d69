"""The rows of a table of activities, page by page: activities, their second lines, blank rows and sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, TypeAlias

from schemas.contracts import columns as c
from workbooks.form.content import CellValue, Computed, Row, WorkbookContent, pages
from workbooks.form.layout import Layout
from workbooks.form.table_columns import added_values

SUMMED = (c.ASSIGNED_AMOUNT, c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL)
SUM_NAMES = {"by description": c.DESCRIPTION, "by unit": c.UNIT_CODE}
SHORT_TEXT = 40  # characters; nothing shorter goes on in the next row

RowKind: TypeAlias = Literal["activity", "more", "blank", "sum", "band"]


@dataclass(frozen=True)
class TableRow:
    """A row to write: values by field name; ``unit`` is the UR whose activities it stands among."""

    kind: RowKind
    unit: str
    values: Row


def table_rows(content: WorkbookContent, layout: Layout) -> list[list[TableRow]]:
    """The rows of each page, one page at least."""
    chunks = [content.activities] if layout.pages.startswith("one table") else pages(content)
    last = len(chunks) - 1
    laid_out: list[list[TableRow]] = []
    position = 0
    for number, chunk in enumerate(chunks):
        rows = list(_activities(chunk, content, layout, position))
        position += len(chunk)
        if layout.sums != "none" and chunk:
            following = chunks[number + 1][0] if number < last else None
            rows = list(_with_sums(rows, content, layout, following))
        laid_out.append(rows)
    return laid_out


def _activities(chunk: Sequence[Row], content: WorkbookContent, layout: Layout, position: int) -> Iterator[TableRow]:
    """A page's activities with what stands between them."""
    seen: str | None = None
    for place, row in enumerate(chunk):
        unit = unit_of(row)
        if place:
            yield from [TableRow("blank", seen if seen == unit else "", {})] * layout.row_gap
        if layout.unit_bands and unit != seen:
            yield TableRow("band", "", {c.UNIT_CODE: f"UR {unit} {_unit_name(content, unit) or ''}".rstrip()})
        named = layout.unit_cells != "once" or unit != seen
        values = {**row, **added_values(position + place)}
        values[c.UNIT_CODE] = _unit_cell(row, content, layout) if named else None
        values[c.ACTIVITY_NO] = _activity_number(row, layout)
        seen = unit
        yield from _lines(TableRow("activity", unit, values), layout)


def _lines(row: TableRow, layout: Layout) -> Iterator[TableRow]:
    """The row, and the rest of its description in a row below."""
    text = row.values.get(c.DESCRIPTION)
    if not layout.continued or not isinstance(text, str) or len(text) < SHORT_TEXT or " " not in text:
        yield row
        return
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    at = min(spaces, key=lambda place: abs(place - len(text) / 2))
    yield replace(row, values={**row.values, c.DESCRIPTION: text[:at]})
    yield TableRow("more", row.unit, {c.DESCRIPTION: text[at + 1 :]})


def unit_of(row: Row) -> str:
    """The code of a row's UR, two digits or more."""
    return str(row.get(c.UNIT_CODE)).zfill(2)


def _unit_cell(row: Row, content: WorkbookContent, layout: Layout) -> CellValue:
    """The UR as the layout writes it; what is no code stays as it is."""
    code = row.get(c.UNIT_CODE)
    unit = unit_of(row)
    if layout.unit_codes == "typed" or not unit.isdigit():
        return code
    if layout.unit_codes == "UR 06":
        return f"UR {unit}"
    name = _unit_name(content, unit)
    return f"{unit} {name}" if layout.unit_codes == "06 NAME" and name else unit


def _unit_name(content: WorkbookContent, unit: str) -> str | None:
    return next((line.name for line in content.budget if line.unit_code == unit), None)


def _activity_number(row: Row, layout: Layout) -> CellValue:
    number = row.get(c.ACTIVITY_NO)
    if layout.activity_numbers == "typed" or not isinstance(number, int):
        return number
    return f"{number}." if layout.activity_numbers == "1." else f"Act. {number}"


def _with_sums(
    rows: Sequence[TableRow], content: WorkbookContent, layout: Layout, following: Row | None
) -> Iterator[TableRow]:
    """A page's rows with a subtotal after the last of each UR, and the total after the last of all."""
    runs = [list(run) for _, run in groupby(rows, key=lambda row: row.unit)]
    for place, run in enumerate(runs):
        yield from run
        unit = run[0].unit
        goes_on = place == len(runs) - 1 and following is not None and unit_of(following) == unit
        if unit and not goes_on:
            yield _sum(f"SUBTOTAL UR {unit}", [r for r in content.activities if unit_of(r) == unit], layout)
    if following is None:
        yield _sum("TOTAL", content.activities, layout)


def _sum(name: str, rows: Iterable[Row], layout: Layout) -> TableRow:
    every = list(rows)
    sums = {field: sum(_number(row.get(field)) for row in every) for field in SUMMED}
    return TableRow("sum", "", {SUM_NAMES[layout.sums]: name, **sums})


def _number(value: CellValue) -> float:
    value = value.value if isinstance(value, Computed) else value
    return value if isinstance(value, int | float) else 0
