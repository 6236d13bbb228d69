"""A defect to plant: a small pure function from a sound workbook to a spoilt one, and where it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from config.catalog import Catalog
from config.form import Form
from schemas.contracts import columns as c
from workbooks.form.content import CellValue, Computed, Row, WorkbookContent


@dataclass(frozen=True)
class Case:
    """What a defect works on: ``rows`` are the positions of activities that no other defect took."""

    content: WorkbookContent
    rows: tuple[int, ...]
    quarter: int
    ends: date
    form: Form
    catalog: Catalog


@dataclass(frozen=True)
class Spoilt:
    """The content with its defect, where that is found, and the positions of the activities it took."""

    content: WorkbookContent
    activity_no: int | None = None
    field: str | None = None
    took: tuple[int, ...] = ()


Defect: TypeAlias = Callable[[Case], Spoilt]


def number(value: CellValue) -> float:
    """The number that a cell holds, 0 where it holds none."""
    if isinstance(value, Computed):
        return value.value
    return value if isinstance(value, (int, float)) else 0


def activity_no(row: Row) -> int:
    """The activity's number, as typed."""
    return int(number(row[c.ACTIVITY_NO]))


def with_cells(content: WorkbookContent, position: int, cells: Row) -> WorkbookContent:
    """The content with some cells of one activity replaced."""
    rows = list(content.activities)
    rows[position] = {**rows[position], **cells}
    return replace(content, activities=tuple(rows))


def recomputed(row: Row) -> Row:
    """The activity with total and percentage as the form's formulas give them for what is typed."""
    total = sum(number(row.get(name)) for name in c.ACHIEVED)
    annual = number(row[c.ANNUAL_TARGET])
    progress = Computed(total / annual) if annual else None
    return {**row, c.ACHIEVED_TOTAL: Computed(total), c.REPORTED_PROGRESS: progress}


def spoil(case: Case, cells: Row, field: str, *, recompute: bool = False) -> Spoilt:
    """Replace cells of the first free activity; ``recompute`` where formulas follow what is typed."""
    position = case.rows[0]
    row = {**case.content.activities[position], **cells}
    content = with_cells(case.content, position, recomputed(row) if recompute else row)
    return Spoilt(content, activity_no(row), field, (position,))
