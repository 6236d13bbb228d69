"""The text stage keeps what stands in each field of each row, and what stands beside a budget line's label."""

from __future__ import annotations

import polars as pl
from made_cells import BUDGET, TABLE, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c
from transforms.rows.text_rows import text_rows


def budget(form: Form, lines: str) -> list[tuple[object, ...]]:
    """Level, code, name and amount of each budget line of a page with these lines."""
    sheet = "TITULO\n" + BUDGET.split("Programa")[0].strip("\n") + "\n" + lines.strip("\n") + TABLE + rows(1)
    found = workbook(form, sheet).evidence().budget
    return found.select(c.LEVEL, c.UNIT_CODE, c.UNIT_NAME, c.ASSIGNED_AMOUNT).rows()


def test_every_cell_of_a_row_keeps_its_place(form: Form) -> None:
    batch = workbook(form, page(1, 2))
    found = text_rows(batch.cells, batch.blocks(), form).activities
    second = found.filter(pl.col(c.ROW) == 13).sort(c.COL)
    assert second.select(c.FIELD, c.COL).rows()[:3] == [("unit_code", 1), ("activity_no", 2), ("description", 3)]
    assert second[c.NUMBER].drop_nulls().to_list() == [2, 12, 3, 3, 3, 3, 3, 3, 3, 9]


def test_a_cell_outside_every_column_makes_no_row(form: Form) -> None:
    batch = workbook(form, page(1) + "\n" + " | " * 30 + "una nota al margen")
    assert text_rows(batch.cells, batch.blocks(), form).activities[c.ROW].unique().to_list() == [12]


def test_budget_lines_with_code_and_name_in_one_cell_or_two(form: Form) -> None:
    lines = """
Programa Presupuestal (2): | PROGRAMA | #1000
UR PRINCIPAL (3): | 06 UNIDAD DE ANALISIS | #600
"""
    expected = [("programme", None, "PROGRAMA", 1000), ("principal", "06", "UNIDAD DE ANALISIS", 600)]
    assert budget(form, lines) == expected
    apart = lines.replace("06 UNIDAD", "#6 | UNIDAD").replace(" | #", " | | #", 1).replace("| | #6 |", "| #6 |")
    wider = BUDGET.replace(" | | Monto asig", " | | | Monto asig").replace(" | | | 1er", " | | | | 1er")
    sheet = "TITULO\n" + wider.split("Programa")[0].strip("\n") + "\n" + apart.strip("\n") + TABLE + rows(1)
    found = workbook(form, sheet).evidence().budget
    assert found.select(c.LEVEL, c.UNIT_CODE, c.UNIT_NAME, c.ASSIGNED_AMOUNT).rows() == expected


def test_a_line_without_derived_unit_is_no_line(form: Form) -> None:
    lines = """
Programa Presupuestal (2): | PROGRAMA | #1000
UR PRINCIPAL (3): | 06 UNIDAD | #1000
UR DERIVADA (3):
"""
    assert [level for level, *_ in budget(form, lines)] == ["programme", "principal"]


def test_an_empty_principal_line_stays(form: Form) -> None:
    lines = "Programa Presupuestal (2): | PROGRAMA | #1000\nUR PRINCIPAL (3):"
    assert budget(form, lines)[1] == ("principal", None, None, None)


def test_several_derived_units_and_lines_that_read_the_same(form: Form) -> None:
    lines = """
UR PRINCIPAL (3): | 06 UNIDAD | #1000
UR DERIVADA (3): | 63 INFORMATICA | #100
UR DERIVADA (3): | 64 | #200
UR DERIVADA (3): | | #300
UR DERIVADA (3): | | #400
"""
    assert [(code, name, amount) for _, code, name, amount in budget(form, lines)] == [
        ("06", "UNIDAD", 1000),
        ("63", "INFORMATICA", 100),
        ("64", None, 200),
        (None, None, 300),
        (None, None, 400),
    ]


def test_pages_repeat_the_budget_lines(form: Form) -> None:
    found = workbook(form, page(1), page(2)).evidence().budget
    assert found.select(c.LINE, c.LEVEL, c.SHEET, c.ROW).rows() == [
        (0, "programme", "Hoja1", 7),
        (1, "principal", "Hoja1", 8),
    ]


def test_lines_go_on_below_the_last_label_while_they_name_a_unit(form: Form) -> None:
    lines = """
UR PRINCIPAL (3): | 06 UNIDAD | #1000
UR DERIVADA (3): | 63 INFORMATICA | #100
 | 64 RECURSOS | #200
 | Suma | #1300
"""
    assert budget(form, lines)[1:] == [("derived", "63", "INFORMATICA", 100), ("derived", "64", "RECURSOS", 200)]


def test_a_unit_in_the_cell_of_its_label(form: Form) -> None:
    assert budget(form, "UR PRINCIPAL (3): 06 UNIDAD | | #1000") == [("principal", "06", "UNIDAD", 1000)]
