"""What is written once for several activities is given to each, where nothing speaks against it."""

from __future__ import annotations

from made_cells import Sheet, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c


def units(form: Form, table: str, *merged: tuple[int, int, int, int]) -> list[str | None]:
    found: list[str | None] = workbook(form, Sheet(page() + table, merged)).evidence().rows[c.UNIT_CODE].to_list()
    return found


def bare(*numbers: int) -> str:
    return rows(*numbers).replace("06 |", " |")


def test_a_unit_merged_down(form: Form) -> None:
    assert units(form, rows(1) + bare(2, 3), (12, 1, 14, 1)) == ["06", "06", "06"]


def test_a_unit_written_once(form: Form) -> None:
    other = rows(1).replace("06", "63")
    assert units(form, rows(1) + bare(2, 3) + other + bare(2)) == ["06", "06", "06", "63", "63"]


def test_a_hole_among_units_written_on_every_row_stays(form: Form) -> None:
    assert units(form, rows(1, 2) + bare(3) + rows(4)) == ["06", "06", None, "06"]


def test_numbers_that_begin_again_may_be_another_units(form: Form) -> None:
    assert units(form, rows(1) + bare(2, 1)) == ["06", "06", None]


def test_a_merged_figure_is_not_given_to_each_row(form: Form) -> None:
    table = rows(1) + rows(2).replace("#12", "", 1)
    found = workbook(form, Sheet(page() + table, [(12, 5, 13, 5)])).evidence().rows
    assert found[c.ANNUAL_TARGET].to_list() == [12, None]
