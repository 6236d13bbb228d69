"""Columns are found by their labels: wherever they stand, under whichever rows of group headers."""

from __future__ import annotations

import pytest
from made_cells import FIELDS, TABLE, Sheet, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c
from transforms.locate.column_map import Meaning, fields_by_column
from transforms.locate.labels import FIELD, GROUP

BLANK = "TITULO\n"


def activity_columns(form: Form, sheet: Sheet | str) -> dict[int, str]:
    found = workbook(form, sheet).blocks().activity_columns
    return dict(found.sort(c.COL).select(c.COL, c.FIELD).rows())


def in_order(*names: str) -> dict[int, str]:
    return dict(enumerate(names, 1))


def test_labels_name_their_columns(form: Form) -> None:
    assert activity_columns(form, page(1)) == in_order(*FIELDS)


def test_an_inserted_column_moves_the_others_along(form: Form) -> None:
    table = TABLE.replace("No. ACT (14) |", "No. ACT (14) | Responsable |").replace("\n | | |", "\n | | | |")
    expected = in_order(*FIELDS[:2], "-", *FIELDS[2:])
    del expected[3]
    assert activity_columns(form, table) == expected


def test_columns_may_change_places(form: Form) -> None:
    table = """
    No. ACT | Descripción | UR | META ANUAL | ACTIVIDAD | UNIDAD DE MEDIDA
    """
    found = activity_columns(form, table)
    assert found == {1: "activity_no", 3: "unit_code", 4: "annual_target", 5: "description", 6: "measure_unit"}


def test_a_merged_group_header_reaches_as_far_as_it_is_merged(form: Form) -> None:
    table = """UR | No. ACT | ACTIVIDAD | CALENDARIO | | | | REALIZADO
    | | | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM"""
    merged = [(1, 4, 1, 7), (1, 8, 1, 11)]
    assert activity_columns(form, Sheet(table, merged)) == in_order(*FIELDS[:3], *c.PLANNED, *c.ACHIEVED)


def test_an_unmerged_group_header_reaches_to_the_next(form: Form) -> None:
    table = """UR | No. ACT | ACTIVIDAD | CALENDARIO | | | | REALIZADO
    | | | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM"""
    assert activity_columns(form, table) == in_order(*FIELDS[:3], *c.PLANNED, *c.ACHIEVED)


def test_printed_numbers_do_without_group_headers(form: Form) -> None:
    table = "UR | No. ACT | ACTIVIDAD | 1er. TRIM (20) | 2o. TRIM (20) | 1er. TRIM"
    found = activity_columns(form, table)
    assert found == in_order("unit_code", "activity_no", "description", "planned_q1", "planned_q2")


def test_labels_may_stand_in_the_last_of_the_head_rows(form: Form) -> None:
    """Group headers then stand above the row with most labels, and still tell the quarters apart."""
    table = """TITULO
    | | | METAS | | | | | | SEGUIMIENTO DE AVANCES (21)
    | | | | | CALENDARIO | | | | REALIZADO
    UR | No. ACT | ACTIVIDAD | UNIDAD DE MEDIDA | META ANUAL | {quarters} | {quarters} | Total"""
    table = table.format(quarters="1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM")
    assert activity_columns(form, table) == in_order(*FIELDS[:-1])


def test_every_page_has_its_own_map(form: Form) -> None:
    other = "UR | No. ACT | META ANUAL | ACTIVIDAD"
    found = workbook(form, page(1), other).blocks().activity_columns
    assert found.filter(found[c.FIELD] == "annual_target").select(c.SHEET_NO, c.COL).rows() == [(0, 5), (1, 3)]


def label(row: int, col: int, name: str, group: str | None = None, last: int | None = None) -> Meaning:
    return Meaning(row, col, last or col, FIELD, name, group)


def header(row: int, col: int, name: str, last: int | None = None) -> Meaning:
    return Meaning(row, col, last or col, GROUP, name, None)


@pytest.mark.parametrize(
    ("meanings", "expected"),
    [
        ([label(0, 1, "a"), label(0, 2, "b")], {1: "a", 2: "b"}),
        ([label(0, 1, "a"), label(0, 1, "b")], {}),  # ambiguous under no group header
        ([label(0, 2, "a"), label(0, 5, "a")], {2: "a"}),  # claimed twice: the first
        ([label(0, 9, "a", "g"), header(0, 4, "g", 6), label(1, 5, "a", "g")], {5: "a"}),  # but the group's own before
        ([header(0, 1, "x", 3), header(1, 1, "g"), label(2, 1, "a", "x"), label(2, 1, "b", "g")], {1: "b"}),  # nearest
        ([header(2, 1, "g"), label(1, 1, "a", "g"), label(1, 1, "b", "h")], {}),  # a group header below covers nothing
    ],
)
def test_fields_by_column(meanings: list[Meaning], expected: dict[int, str]) -> None:
    assert fields_by_column(meanings) == expected


def test_a_measure_that_reads_like_a_label_moves_nothing(form: Form) -> None:
    sheet = page(1) + rows(2).replace("Informes", "Actividad")
    assert activity_columns(form, sheet) == in_order(*FIELDS)


def test_without_labels_there_is_no_map(form: Form) -> None:
    assert activity_columns(form, BLANK) == {}
