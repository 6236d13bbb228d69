"""Typed rows: values beside what was written; sums and formulas without work are no activities, all else is kept."""

from __future__ import annotations

import pytest
from made_cells import page, rows, workbook

from config.form import Form
from schemas import columns as c

PLAIN = page()


def found(form: Form, table: str) -> list[dict[str, object]]:
    """Activity rows of a page with this table."""
    return workbook(form, PLAIN + table).evidence().rows.to_dicts()


def one(form: Form, change: tuple[str, str]) -> dict[str, object]:
    """A sound row with one cell written otherwise."""
    [row] = found(form, rows(1).replace(*change, 1))
    return row


def test_values_stand_beside_what_was_written(form: Form) -> None:
    row = one(form, ("#12", "1,200"))
    name = c.ANNUAL_TARGET
    assert (row[name], row[c.half(name)], row[c.written(name)]) == (1200, 0.5, "1,200")


@pytest.mark.parametrize("cell", ["doce", "#1e15", "9" * 400, "1e5"])
def test_what_is_no_number_is_null_and_stays_written(form: Form, cell: str) -> None:
    row = one(form, ("#12", cell))
    assert row[c.ANNUAL_TARGET] is None
    assert row[c.written(c.ANNUAL_TARGET)] is not None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("#7", 7),
        ("7", 7),
        ("7.0", 7),
        ("#1.5", None),
        ("#0", None),
        ("#-1", None),
        ("#1e12", None),
        ("uno", None),
        ("", None),
    ],
)
def test_an_activity_number_is_a_whole_one(form: Form, cell: str, expected: int | None) -> None:
    assert one(form, ("#1", cell))[c.ACTIVITY_NO] == expected


def test_a_percentage_is_read_by_what_it_reports_on(form: Form) -> None:
    assert [one(form, ("75%", cell))[c.REPORTED_PROGRESS] for cell in ("#0.75", "#75", "75", "75.0%")] == [0.75] * 4


def test_text_fields_hold_numbers_and_dates_as_text(form: Form) -> None:
    assert one(form, ("Informes", "#2024"))[c.MEASURE_UNIT] == "2024"
    assert one(form, ("Informes", "@2024-03-15"))[c.MEASURE_UNIT] == "2024-03-15"


@pytest.mark.parametrize(
    "total",
    [
        "TOTAL | | | | #24",
        " | TOTAL | | | #24",
        " | | Subtotal | | #24",
        " | | Sub total: | | #24",
        "06 | | Gran total | | #24",
        " | | Total de la UR 06 | | #24",
        " | | | Suma | #24",
    ],
)
def test_sums_are_no_activities(form: Form, total: str) -> None:
    assert [row[c.ACTIVITY_NO] for row in found(form, f"{rows(1)}{total}\n{rows(2)}")] == [1, 2]


@pytest.mark.parametrize(
    "activity",
    [
        "06 | | Total de informes entregados | Informes | #12",
        "06 | | Total | Informes | #12",
        "06 | 2 bis | Total de manuales | Manuales | #12",
        "06 | #2 | Total | | ",
        " | | Totalmente nuevo | Informes",
        "06",
    ],
)
def test_an_activity_that_speaks_of_totals_is_kept(form: Form, activity: str) -> None:
    assert len(found(form, f"{rows(1)}{activity}\n")) == 2


COMPUTED = " | " * 13


@pytest.mark.parametrize(
    ("cells", "kept"),
    [("#0 | ", 1), ("#0 | #0", 1), (" | 0%", 1), ("#3 | ", 2), ("pendiente | ", 2), ("#0 | N/A", 2)],
)
def test_formulas_with_nothing_to_compute_are_no_activity(form: Form, cells: str, kept: int) -> None:
    assert len(found(form, f"{rows(1)}{COMPUTED}{cells}\n")) == kept


def test_rows_of_spaces_are_no_rows(form: Form) -> None:
    assert len(found(form, rows(1) + " | \u00a0 | \t |\n")) == 1
