"""Edits of a row's cells, tried: how the row would read, and what it would prove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from config.form import Field, Form
from schemas.contracts import columns as c
from schemas.contracts.lacking import absent_fields
from transforms.repair.check_digits import FAULTS, with_check_digits

LEFT_OVER = "left_over"


class Edit(NamedTuple):
    """One change to a row's cells, counted in the table's columns from 0: ``drop`` the cell at ``place``, leave it
    ``empty`` and push the rest right, or ``shift`` the whole row left by ``place`` columns.
    """

    kind: str
    place: int


class Cell(NamedTuple):
    """A typed cell of a row."""

    col: int
    clean: str | None
    value: float | None
    half: float | None
    written: str | None


# A table's columns from the left: the column's number and the field that stands there.
Columns = Sequence[tuple[int, Field]]
# A row's cells, one place a column of the table, and last what is left over beyond it.
Line = list[Cell | None]


def all_edits(columns: Columns, farthest: int) -> list[Edit]:
    """Every edit worth trying: one cell too many, one too few, the whole row a few columns off."""
    one_cell = [Edit(kind, place) for kind in ("drop", "empty") for place in range(len(columns))]
    return one_cell + [Edit("shift", by) for by in range(-farthest, farthest + 1) if by]


def edited(cells: Sequence[Cell], columns: Columns, edit: Edit) -> Line:
    """The row's cells after ``edit``."""
    last = columns[-1][0]
    beyond = range(last + 1, max(last, *(cell.col for cell in cells)) + 1)
    at = {cell.col: cell for cell in cells}
    line: Line = [at.get(col) for col in (*(col for col, _ in columns), *beyond)]
    if edit.kind == "drop":
        del line[edit.place]
    elif edit.kind == "empty":
        line.insert(edit.place, None)
    else:
        pushed: Line = [None] * -edit.place
        line = line[edit.place :] if edit.place > 0 else pushed + line
    line += [None] * (len(columns) - len(line))
    left_over = next((cell for cell in line[len(columns) :] if cell), None)
    return [*line[: len(columns)], left_over]


def as_rows(lines: Sequence[Line], columns: Columns, form: Form) -> pl.DataFrame:
    """The lines as wide typed rows with their proof; a cell left over is a fault."""
    places = {field.name: place for place, (_, field) in enumerate(columns)}
    data: dict[str, pl.Series] = {}
    for field in form.activity:
        place = places.get(field.name)
        cells = [line[place] if place is not None else None for line in lines]
        data |= {series.name: series for series in _series(field, cells)}
    over = pl.Series(LEFT_OVER, [line[-1] is not None for line in lines], dtype=pl.Boolean)
    rows = with_check_digits(pl.DataFrame([*data.values(), over]).with_columns(absent_fields(form, "activity")), form)
    return rows.with_columns(pl.col(FAULTS) + pl.col(LEFT_OVER))


def _series(field: Field, cells: Sequence[Cell | None]) -> list[pl.Series]:
    def part(name: str, at: int, dtype: type[pl.DataType]) -> pl.Series:
        values: list[Any] = [cell[at] if cell else None for cell in cells]
        return pl.Series(name, values, dtype=dtype)

    written = part(c.written(field.name), 4, pl.String)
    if not field.numeric:
        return [part(field.name, 1, pl.String), written]
    return [part(field.name, 2, pl.Float64), part(c.half(field.name), 3, pl.Float64), written]
