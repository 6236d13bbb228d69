"""The check digits of the form at work: a cell that does not hold turns red as soon as it is typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from schemas.contracts import columns as c
from workbooks.form.job import Place
from workbooks.prefilled.cells import Sheets
from workbooks.prefilled.formulas import read, span
from workbooks.prefilled.places import address

Check: TypeAlias = tuple[Place, str]  # a cell, and the formula that is true where it is wrong
Names: TypeAlias = dict[str, str]

SLACK: Final = "0.0000001"
HALF_PESO: Final = 0.5


def mark_checks(book: Any, sheets: Sheets) -> None:
    """Conditional formats on every cell that a check digit of the form is about."""
    named, sums = _activity_sums(sheets)
    for name, formula in named.items():
        book.define_name(name, formula)
    for place, formula in (*_activities(sheets), *_budget(sheets, sums)):
        place.sheet.conditional_format(
            *(place.row, place.left, place.row, place.right),
            {"type": "formula", "criteria": f"={formula}", "format": sheets.looks.alarm},
        )


def _activities(sheets: Sheets) -> Iterator[Check]:
    for nth in range(min(sheets.at.activities, len(sheets.told.figures))):
        places = {name: sheets.at.at("activity", nth, name) for name in _COUNTED}
        known = {name: place for name, place in places.items() if place}
        at = {name: address(place) for name, place in known.items()}
        if {c.ANNUAL_TARGET, *c.PLANNED} <= set(at):
            yield known[c.ANNUAL_TARGET], _calendar(sheets, nth, at)
        if {c.ACHIEVED_TOTAL, *c.ACHIEVED, *c.PLANNED} <= set(at):
            yield from _results(sheets, nth, known, at)
        if {c.JUSTIFICATION, *c.ACHIEVED, *c.PLANNED} <= set(at):
            yield known[c.JUSTIFICATION], _deviation(sheets, nth, at)


_COUNTED: Final = (c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL, c.JUSTIFICATION)


def _calendar(sheets: Sheets, nth: int, at: dict[str, str]) -> str:
    """Σ planned is the annual target."""
    planned = [at[name] for name in c.PLANNED]
    comes_to = read(planned, planned, sheets.told.figures[nth].reading)
    filled = f"OR(ISNUMBER({at[c.ANNUAL_TARGET]}),COUNT({planned[0]}:{planned[-1]})>0)"
    return f"AND({filled},ABS(N({at[c.ANNUAL_TARGET]})-({comes_to}))>{SLACK})"


def _results(sheets: Sheets, nth: int, known: dict[str, Place], at: dict[str, str]) -> Iterator[Check]:
    """Σ achieved is the total, and nothing is achieved in a quarter that has not ended."""
    achieved, planned = [at[name] for name in c.ACHIEVED], [at[name] for name in c.PLANNED]
    total, comes_to = at[c.ACHIEVED_TOTAL], read(achieved, planned, sheets.told.figures[nth].reading)
    yield known[c.ACHIEVED_TOTAL], f"AND(ISNUMBER({total}),ABS(N({total})-({comes_to}))>{SLACK})"
    for name in c.ACHIEVED[sheets.told.quarter :]:
        yield known[name], f"AND(ISNUMBER({at[name]}),N({at[name]})<>0)"


def _deviation(sheets: Sheets, nth: int, at: dict[str, str]) -> str:
    """What is far from the plan to date is explained."""
    told, figures = sheets.told, sheets.told.figures[nth]
    achieved, planned = (
        [at[name] for name in c.ACHIEVED[: told.quarter]],
        [at[name] for name in c.PLANNED[: told.quarter]],
    )
    plan, done = read(planned, planned, figures.reading), read(achieved, planned, figures.reading)
    least = f",ABS(({done})-({plan}))>{told.deviation.minimum:g}" if figures.counted else ""
    far = f"ABS(({done})-({plan}))>({plan})*{told.deviation.share:g}+{SLACK}"
    reported = f"ISNUMBER({achieved[-1]})"
    return f'AND({reported},TRIM({at[c.JUSTIFICATION]})="",({plan})>0,{far}{least})'


def _budget(sheets: Sheets, sums: dict[int, tuple[str, int]]) -> Iterator[Check]:
    for nth, _ in enumerate(sheets.told.content.budget):
        assigned = sheets.at.cells.get(("budget", nth, c.ASSIGNED_AMOUNT), ())
        if nth in sums:
            name, rows = sums[nth]
            slack = HALF_PESO * (rows + 1)
            yield from ((place, f"AND({name}>0,ABS(N({address(place)})-{name})>{slack:g})") for place in assigned)
        if nth == 0 and sheets.told.programme_sums and sheets.at.lines > 1:
            yield from ((place, _units(sheets, place)) for place in assigned)
        yield from _exercised(sheets, nth)


def _units(sheets: Sheets, programme: Place) -> str:
    """Σ URs is the programme."""
    lines = sheets.at.lines - 1
    of = address(programme, fixed=False)
    letters = of.rstrip("0123456789")
    row = programme.row + 1
    block = f"{letters}{row + 1}:{letters}{row + lines}"
    return f"AND(COUNT({block})={lines},ABS(N({of})-SUM({block}))>{HALF_PESO * (lines + 1):g})"


def _exercised(sheets: Sheets, nth: int) -> Iterator[Check]:
    """No more is exercised than assigned, and what accumulates does not go down; nothing before its quarter ends."""
    pages = [sheets.at.cells.get(("budget", nth, name), ()) for name in (c.ASSIGNED_AMOUNT, *c.EXERCISED)]
    for assigned, *quarters in zip(*pages, strict=True) if all(pages) else ():
        for number, place in enumerate(quarters, start=1):
            cell, first = address(place), address(quarters[0])
            by_sum = nth in sheets.told.by_sum
            spent = f"SUM({first}:{cell})" if by_sum else cell
            wrong = [f"{spent}>N({address(assigned)})+1"]
            wrong += [] if by_sum or number == 1 else [f"{cell}<MAX({first}:{address(quarters[number - 2])})-1"]
            wrong += [f"{cell}<>0"] if number > sheets.told.quarter else []
            yield place, f"AND(ISNUMBER({cell}),OR({','.join(wrong)}))"


def _activity_sums(sheets: Sheets) -> tuple[Names, dict[int, tuple[str, int]]]:
    """A name per UR for the sum of its activities' amounts, and by budget line that name and how many they are.

    A name, for not every program lets a conditional format look at another sheet.
    """
    rows = sheets.told.content.activities
    names: Names = {}
    sums: dict[int, tuple[str, int]] = {}
    lines = [(nth, line.unit_code) for nth, line in enumerate(sheets.told.content.budget) if line.unit_code]
    for nth, code in lines:
        of_unit = [i for i, row in enumerate(rows) if row.get(c.UNIT_CODE) == code or (len(lines) == 1 and not row)]
        places = [place for i in of_unit if (place := sheets.at.at("activity", i, c.ASSIGNED_AMOUNT))]
        if places:
            names[f"montos_UR_{code}"] = f"=SUM({_ranges(places)})"
            sums[nth] = (f"montos_UR_{code}", len(places))
    return names, sums


def _ranges(places: Sequence[Place]) -> str:
    return span(places)
