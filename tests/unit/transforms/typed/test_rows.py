"""Typed rows: values beside what was written; sums and formulas without work are no activities, all else is kept."""

from __future__ import annotations

import pytest
from made_cells import Batch, page, rows

from config.form import Form
from schemas.contracts import columns as c

PLAIN = page()
SOUND = rows(1)
COMPUTED = " | " * 13


def with_cell(sound: str, cell: str) -> str:
    """A sound row with one cell written otherwise."""
    return SOUND.replace(sound, cell, 1)


THOUSANDS = with_cell("#12", "1,200")
NO_NUMBERS = ["doce", "#1e15", "9" * 400, "1e5"]
ACTIVITY_NUMBERS = {
    "#7": 7,
    "7": 7,
    "7.0": 7,
    "#1.5": None,
    "#0": None,
    "#-1": None,
    "#1e12": None,
    "uno": None,
    "": None,
}
PERCENTAGES = [with_cell("75%", cell) for cell in ("#0.75", "#75", "75", "75.0%")]
YEAR, DAY = with_cell("Informes", "#2024"), with_cell("Informes", "@2024-03-15")
SUMS = [
    "TOTAL | | | | #24",
    " | TOTAL | | | #24",
    " | | Subtotal | | #24",
    " | | Sub total: | | #24",
    "06 | | Gran total | | #24",
    " | | Total de la UR 06 | | #24",
    " | | | Suma | #24",
]
OF_TOTALS = [
    "06 | | Total de informes entregados | Informes | #12",
    "06 | | Total | Informes | #12",
    "06 | 2 bis | Total de manuales | Manuales | #12",
    "06 | #2 | Total | | ",
    " | | Totalmente nuevo | Informes",
    "06",
]
FORMULAS = {"#0 | ": 1, "#0 | #0": 1, " | 0%": 1, "#3 | ": 2, "pendiente | ": 2, "#0 | N/A": 2}
SPACES = SOUND + " | \u00a0 | \t |\n"


def between(total: str) -> str:
    return f"{SOUND}{total}\n{rows(2)}"


def below(line: str) -> str:
    return f"{SOUND}{line}\n"


TABLES = [
    *(THOUSANDS, YEAR, DAY, SPACES, *PERCENTAGES),
    *(with_cell("#12", cell) for cell in NO_NUMBERS),
    *(with_cell("#1", cell) for cell in ACTIVITY_NUMBERS),
    *map(between, SUMS),
    *map(below, OF_TOTALS),
    *(below(COMPUTED + cells) for cells in FORMULAS),
]
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def found(form: Form) -> dict[str, Rows]:
    """Activity rows of a page with each table, read as one batch."""
    every = Batch(form, [{"Hoja1": PLAIN + table} for table in TABLES]).evidence().rows
    return {table: every.filter(file_id=number).to_dicts() for number, table in enumerate(TABLES)}


def test_values_stand_beside_what_was_written(found: dict[str, Rows]) -> None:
    [row] = found[THOUSANDS]
    name = c.ANNUAL_TARGET
    assert (row[name], row[c.half(name)], row[c.written(name)]) == (1200, 0.5, "1,200")


@pytest.mark.parametrize("cell", NO_NUMBERS)
def test_what_is_no_number_is_null_and_stays_written(found: dict[str, Rows], cell: str) -> None:
    [row] = found[with_cell("#12", cell)]
    assert row[c.ANNUAL_TARGET] is None
    assert row[c.written(c.ANNUAL_TARGET)] is not None


@pytest.mark.parametrize(("cell", "expected"), ACTIVITY_NUMBERS.items())
def test_an_activity_number_is_a_whole_one(found: dict[str, Rows], cell: str, expected: int | None) -> None:
    [row] = found[with_cell("#1", cell)]
    assert row[c.ACTIVITY_NO] == expected


def test_a_percentage_is_read_by_what_it_reports_on(found: dict[str, Rows]) -> None:
    assert [[row[c.REPORTED_PROGRESS] for row in found[table]] for table in PERCENTAGES] == [[0.75]] * 4


def test_text_fields_hold_numbers_and_dates_as_text(found: dict[str, Rows]) -> None:
    [year], [day] = found[YEAR], found[DAY]
    assert (year[c.MEASURE_UNIT], day[c.MEASURE_UNIT]) == ("2024", "2024-03-15")


@pytest.mark.parametrize("total", SUMS)
def test_sums_are_no_activities(found: dict[str, Rows], total: str) -> None:
    assert [row[c.ACTIVITY_NO] for row in found[between(total)]] == [1, 2]


@pytest.mark.parametrize("activity", OF_TOTALS)
def test_an_activity_that_speaks_of_totals_is_kept(found: dict[str, Rows], activity: str) -> None:
    assert len(found[below(activity)]) == 2


@pytest.mark.parametrize(("cells", "kept"), FORMULAS.items())
def test_formulas_with_nothing_to_compute_are_no_activity(found: dict[str, Rows], cells: str, kept: int) -> None:
    assert len(found[below(COMPUTED + cells)]) == kept


def test_rows_of_spaces_are_no_rows(found: dict[str, Rows]) -> None:
    assert len(found[SPACES]) == 1
