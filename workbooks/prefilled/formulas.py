"""The formulas of a prefilled form, each with the value that a program without formulas shows.

A formula over cells that are still empty gives the empty text, so that nothing seems reported that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from config.policy import Reading
from schemas.contracts import columns as c
from workbooks.form.content import CellValue, Row
from workbooks.form.job import Place
from workbooks.prefilled.places import Drawn, address, reference

Value: TypeAlias = float | str
Formula: TypeAlias = tuple[str, Value]


def numbers(row: Row, names: Sequence[str]) -> list[float | None]:
    """The figures of those fields; a text is none."""
    return [number(row.get(name)) for name in names]


def number(value: CellValue) -> float | None:
    """The value as a figure, if it is one."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def read(cells: Sequence[str], plans: Sequence[str], reading: Reading) -> str:
    """What figures of quarters come to as the measure reads: an expression over their cells and their plans'."""
    block = f"{cells[0]}:{cells[-1]}"
    if reading == "maximum":
        return f"MAX({block})"
    if reading == "average":
        terms = [f"IF(AND(N({plan})<>0,ISNUMBER({cell})),{{}},0)" for cell, plan in zip(cells, plans, strict=True)]
        total = "+".join(term.format(cell) for term, cell in zip(terms, cells, strict=True))
        count = "+".join(term.format(1) for term in terms)
        return f"({total})/MAX(1,{count})"
    if reading == "last":
        last = "0"
        for cell, plan in zip(cells, plans, strict=True):
            last = f"IF(AND(ISNUMBER({cell}),OR(N({plan})<>0,N({cell})<>0)),{cell},{last})"
        return last
    return f"SUM({block})"


def came_to(figures: Sequence[float | None], plans: Sequence[float | None], reading: Reading) -> float:
    """The value of ``read``."""
    known = [figure for figure in figures if figure is not None]
    if reading == "maximum":
        return max(known, default=0)
    pairs = [(figure, plan or 0) for figure, plan in zip(figures, plans, strict=True) if figure is not None]
    if reading == "average":
        planned = [figure for figure, plan in pairs if plan]
        return sum(planned) / max(1, len(planned))
    if reading == "last":
        return next((figure for figure, plan in reversed(pairs) if plan or figure), 0)
    return sum(known)


def total(at: Drawn, nth: int, row: Row, reading: Reading) -> Formula | None:
    """The accumulated result of an activity; None where the form lacks a column that it needs."""
    cells = [at.address("activity", nth, name) for name in (*c.ACHIEVED, *c.PLANNED)]
    known = [cell for cell in cells if cell]
    if len(known) < len(cells):
        return None
    achieved, planned = known[:4], known[4:]
    figures = numbers(row, c.ACHIEVED)
    value = came_to(figures, numbers(row, c.PLANNED), reading) if any(f is not None for f in figures) else ""
    return f'=IF(COUNT({achieved[0]}:{achieved[-1]})=0,"",{read(achieved, planned, reading)})', value


def progress(at: Drawn, nth: int, row: Row, accumulated: Value) -> Formula | None:
    """An activity's result against its annual target; None where the form lacks a column that it needs."""
    done, annual = (at.address("activity", nth, name) for name in (c.ACHIEVED_TOTAL, c.ANNUAL_TARGET))
    if not (done and annual):
        return None
    target = number(row.get(c.ANNUAL_TARGET))
    value: Value = ""
    if isinstance(accumulated, int | float):
        value = accumulated / target if target else 0
    return f'=IF({done}="","",IF(N({annual})=0,0,{done}/{annual}))', value


def exercised_progress(at: Drawn, nth: int, values: Row, *, by_sum: bool) -> Formula | None:
    """What a budget line exercised ÷ what it was assigned: the last accumulated figure, or the sum of the quarters."""
    cells = [at.address("budget", nth, name) for name in (c.EXERCISED[0], c.EXERCISED[-1], c.ASSIGNED_AMOUNT)]
    if None in cells:
        return None
    first, last, assigned = cells
    spent = f"{'SUM' if by_sum else 'MAX'}({first}:{last})"
    figures = [figure for figure in numbers(values, c.EXERCISED) if figure is not None]
    whole = number(values.get(c.ASSIGNED_AMOUNT))
    value = (sum(figures) if by_sum else max(figures)) / whole if figures and whole else ""
    return f'=IF(OR(COUNT({first}:{last})=0,N({assigned})=0),"",{spent}/{assigned})', value


def lines_sum(at: Drawn, name: str, lines: Sequence[Row]) -> Formula | None:
    """The programme's amount as the sum of its lines'; ``lines`` begins with the programme."""
    first, last = at.address("budget", 1, name), at.address("budget", at.lines - 1, name)
    if not (first and last):
        return None
    figures = [figure for line in lines[1:] if (figure := number(line.get(name))) is not None]
    return f'=IF(COUNT({first}:{last})=0,"",SUM({first}:{last}))', sum(figures) if figures else ""


def copied(of: Place, value: Value) -> Formula:
    """What the first page says, on a further one."""
    cell = reference(of)
    return f'=IF({cell}="","",{cell})', value


def span(places: Sequence[Place]) -> str:
    """Ranges of the cells of one column, sheet by sheet, as the argument of a sum."""
    sheets: dict[str, list[Place]] = {}
    for place in places:
        sheets.setdefault(place.sheet.get_name(), []).append(place)
    return ",".join(
        f"'{name}'!{address(found[0], fixed=True)}:{address(found[-1], fixed=True)}" for name, found in sheets.items()
    )
