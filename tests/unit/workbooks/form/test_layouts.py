"""Layouts: what each habit of units looks like in the cells; CLEAN is the form of test_write_form.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from founding import founding_content
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from rapidfuzz.distance import OSA

from config.form import Form
from schemas.contracts import columns as c
from workbooks.form.content import WorkbookContent
from workbooks.form.layout import CLEAN, Layout, parameters
from workbooks.form.write import write_form

Sent = Callable[..., Workbook]


@pytest.fixture
def content() -> WorkbookContent:
    """The founding workbook's, with a real date."""
    content = founding_content()
    return replace(content, header={**content.header, c.DRAWN_UP_ON: date(2024, 3, 15)})


@pytest.fixture
def sent(tmp_path: Path, form: Form, content: WorkbookContent) -> Sent:
    def write(*, formulas: bool = False, **habits: Any) -> Workbook:
        path = tmp_path / "sent.xlsx"
        write_form(path, form, content, created=datetime(2024, 10, 3, 9, 0), layout=Layout(**habits))
        return openpyxl.load_workbook(path, data_only=not formulas)

    return write


def column(sheet: Worksheet, letter: str, first: int, last: int) -> list[object]:
    return [sheet[f"{letter}{row}"].value for row in range(first, last + 1)]


def line(sheet: Worksheet, row: int) -> list[object]:
    """The filled cells of a row."""
    return [cell.value for cell in sheet[row] if cell.value is not None]


def test_every_habit_differs_from_the_clean_form_and_is_told_alone() -> None:
    for name, (own, *others) in parameters().items():
        assert getattr(CLEAN, name) == own
        for value in others:
            assert repr(Layout(**{name: value})) == f"Layout({name}={value!r})"


def test_every_habit_is_written_the_same_way_twice(tmp_path: Path, form: Form, content: WorkbookContent) -> None:
    layout = Layout(**{name: values[-1] for name, values in parameters().items()})
    for name in ("one.xlsx", "two.xlsx"):
        write_form(tmp_path / name, form, content, created=datetime(2024, 10, 3, 9, 0), layout=layout)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_pages_stacked_on_one_sheet(sent: Sent) -> None:
    book = sent(pages="stacked")
    titles = [cell.row for cell in book["POA 1"]["A"] if str(cell.value).startswith("PROGRAMA OPERATIVO ANUAL")]
    assert (book.sheetnames, titles) == (["POA 1"], [1, 34, 67, 98])  # two blank rows under five, five, three rows
    assert book["POA 1"]["B60"].value == 6


def test_formulas_follow_their_row(sent: Sent) -> None:
    sheet = sent(pages="stacked", rows_before=1, columns_before=1, formulas=True)["POA 1"]
    assert sheet["R28"].value == "=SUM(N28:Q28)"
    assert sheet["R61"].value == "=SUM(N61:Q61)"


def test_one_long_table(sent: Sent) -> None:
    sheet = sent(pages="one table")["POA 1"]
    assert column(sheet, "B", 27, 40) == [*range(1, 11), *range(1, 5)]


def test_one_long_table_with_heads_again_for_each_unit(sent: Sent) -> None:
    sheet = sent(pages="one table, heads again")["POA 1"]
    assert column(sheet, "B", 36, 41) == [10, "No. ACT (14)", None, None, 1, 2]


def test_other_sheets_stand_beside_the_form(sent: Sent) -> None:
    book = sent(instructions=True, catalogue="activities", hidden_sheet=True)
    assert book.sheetnames == ["Instructivo", "POA 1", "POA 2", "POA 3", "POA 4", "Catálogo", "Listas"]
    assert book["Listas"].sheet_state == "hidden"
    assert line(book["Instructivo"], 3) == ["INSTITUCIÓN (1)", "Nombre de la institución que presenta el programa."]
    assert line(book["Catálogo"], 1) == ["UR", "ACTIVIDAD", "UNIDAD DE MEDIDA"]


@pytest.mark.parametrize(
    ("habit", "cells"),
    [
        (
            "far",
            {"A16": "Finalidad", "C16": 1, "D16": "GOBIERNO", "D6": "06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA"},
        ),
        ("below", {"A3": "INSTITUCIÓN (1):", "A20": "Finalidad", "A21": 1, "B21": "GOBIERNO"}),
        ("inside", {"A16": "Finalidad: 1 GOBIERNO", "O3": "Fecha de elaboración (6): 15/03/2024"}),
        ("paired", {"A14": "Finalidad", "B14": 1, "C14": "GOBIERNO", "F14": "Función", "G14": 5}),
    ],
)
def test_header_values(sent: Sent, habit: str, cells: dict[str, object]) -> None:
    sheet = sent(header_values=habit)["POA 1"]
    assert {at: sheet[at].value for at in cells} == cells


@pytest.mark.parametrize(
    ("habit", "cells"),
    [
        ("dash", {"C16": "1 - GOBIERNO", "C7": "63 - DEPARTAMENTO DE INFORMATICA"}),
        ("dot", {"C16": "1. GOBIERNO", "C7": "63. DEPARTAMENTO DE INFORMATICA"}),
        ("two cells", {"B16": 1, "C16": "GOBIERNO", "C7": 63, "D7": "DEPARTAMENTO DE INFORMATICA"}),
    ],
)
def test_code_and_name(sent: Sent, habit: str, cells: dict[str, object]) -> None:
    sheet = sent(code_and_name=habit)["POA 1"]
    assert {at: sheet[at].value for at in cells} == cells


@pytest.mark.parametrize(
    ("habits", "told"),
    [
        ({"unnumbered": True}, "ACTIVIDAD (DESCRIPCIÓN)"),
        ({"unaccented": True}, "ACTIVIDAD (DESCRIPCION) (15)"),
        ({"case": "lower"}, "actividad (descripción) (15)"),
        ({"breaks": True}, "ACTIVIDAD\n(DESCRIPCIÓN) (15)"),
        ({"other_wording": True}, "Actividad (15)"),
    ],
)
def test_labels(sent: Sent, habits: dict[str, Any], told: str) -> None:
    assert sent(**habits)["POA 1"]["C24"].value == told


def test_a_typo_is_one_edit_in_a_long_label_or_the_title_only(sent: Sent) -> None:
    clean, slips = sent()["POA 1"], sent(typos=1)["POA 1"]
    assert slips["B24"].value == clean["B24"].value == "No. ACT (14)"
    assert slips["T24"].value != clean["T24"].value
    assert OSA.distance(slips["A1"].value, clean["A1"].value) == 1


@pytest.mark.parametrize(
    ("rows", "heads"),
    [
        (3, {"G24": "METAS", "I25": "CALENDARIO", "I26": "1er. TRIM (20)", "M24": "SEGUIMIENTO DE AVANCES (21)"}),
        (2, {"G24": "UNIDAD DE MEDIDA (19)", "I24": "CALENDARIO", "M24": "REALIZADO (21)", "M25": "1er. TRIM"}),
        (1, {"I23": "CALENDARIO 1er. TRIM (20)", "M23": "REALIZADO 1er. TRIM (21)"}),
    ],
)
def test_rows_of_column_labels(sent: Sent, rows: int, heads: dict[str, object]) -> None:
    sheet = sent(head_rows=rows)["POA 1"]
    assert {at: sheet[at].value for at in heads} == heads


def test_heads_that_are_not_merged(sent: Sent) -> None:
    top, bottom = sent(heads="top")["POA 1"], sent(heads="bottom")["POA 1"]
    assert (top["A24"].value, bottom["A26"].value) == ("UR (específica) (13)", "UR (específica) (13)")
    assert (top["I25"].value, top["J25"].value) == ("CALENDARIO", None)
    assert not [area for area in top.merged_cells.ranges if area.min_row >= 24 and area.max_row <= 26]


def test_columns_in_another_order_keep_their_group_headers(sent: Sent) -> None:
    sheet = sent(achieved_first=True)["POA 1"]
    assert (sheet["I24"].value, sheet["I25"].value, sheet["M25"].value) == (
        "SEGUIMIENTO DE AVANCES (21)",
        "REALIZADO",
        "CALENDARIO",
    )
    assert (sheet["I31"].value, sheet["M31"].value) == (70, 60)
    assert sent(achieved_first=True, formulas=True)["POA 1"]["Q31"].value == "=SUM(I31:L31)"


def test_columns_that_the_form_does_not_have(sent: Sent) -> None:
    sheet = sent(added="all")["POA 1"]
    heads = (sheet["A24"].value, sheet["E24"].value, sheet["W24"].value)
    assert heads == ("FOLIO", "MUNICIPIO", "ENLACE RESPONSABLE")
    assert (sheet["A27"].value, sheet["E27"].value, sheet["W27"].value) == (2401, "Tepic", "Enlace 1")


def test_hidden_columns_keep_their_content(sent: Sent) -> None:
    sheet = sent(hidden_columns=True)["POA 1"]
    assert (sheet.column_dimensions["E"].hidden, sheet["E27"].value) == (True, "ER1-2.1.1")


def test_rows_of_one_activity_and_between(sent: Sent) -> None:
    sheet = sent(continued=True, row_gap=1)["POA 1"]
    assert column(sheet, "B", 27, 31) == [1, None, None, 2, None]
    first, rest, blank = column(sheet, "C", 27, 29)
    assert f"{first} {rest}" == founding_content().activities[0][c.DESCRIPTION]
    assert blank is None


def test_the_unit_over_its_rows(sent: Sent) -> None:
    merged, once = (sent(pages="one table", unit_cells=habit)["POA 1"] for habit in ("merged", "once"))
    assert {"A27:A36", "A37:A40"} <= set(map(str, merged.merged_cells.ranges))
    assert [at for at in range(27, 41) if once[f"A{at}"].value is not None] == [27, 37]


def test_bands_sums_and_notes(sent: Sent) -> None:
    sheet = sent(pages="one table", unit_bands=True, sums="by description", footnote=True, signed_close=True)["POA 1"]
    assert line(sheet, 27) == ["UR 06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA"]
    assert line(sheet, 38)[:3] == ["SUBTOTAL UR 06", 697_400, 498]
    assert line(sheet, 39) == ["UR 63 DEPARTAMENTO DE INFORMATICA"]
    assert line(sheet, 45)[:2] == ["TOTAL", 921_512]
    assert str(line(sheet, 46)[0]).startswith("NOTA:")
    assert len(line(sheet, 47)) == 3


@pytest.mark.parametrize(
    ("habits", "cells"),
    [
        ({"numbers": "69,740"}, {"F27": "69,740", "I27": "3", "Q27": "9"}),
        ({"numbers": "$ 69,740.00"}, {"F27": "$ 69,740.00", "I27": 3, "Q27": "=SUM(M27:P27)"}),
        ({"numbers": " 69740 "}, {"F27": " 69740 ", "I27": " 3 "}),
        ({"numbers": "69\N{NO-BREAK SPACE}740"}, {"F27": "69\N{NO-BREAK SPACE}740"}),
        ({"percents": "75"}, {"R27": "=Q27/H27*100", "K6": 50}),
        ({"percents": "75%"}, {"R27": "75%", "K6": "50%"}),
        ({"percents": "75.0 %"}, {"R27": "75.0 %", "K6": "50.0 %"}),
        ({"totals": "typed"}, {"Q27": 9, "R27": 0.75}),
        ({"dates": "serial"}, {"S3": 45366}),
        ({"dates": "15-mar-24"}, {"S3": "15-mar-24"}),
        ({"dates": "15/03/2024"}, {"S3": "15/03/2024"}),
        ({"dates": "15 de marzo de 2024"}, {"S3": "15 de marzo de 2024"}),
        ({"unit_codes": "06 NAME"}, {"A27": "06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA"}),
        ({"activity_numbers": "Act. 1"}, {"B27": "Act. 1"}),
    ],
    ids=str,
)
def test_values(sent: Sent, habits: dict[str, Any], cells: dict[str, object]) -> None:
    sheet = sent(formulas=True, **habits)["POA 1"]
    assert {at: sheet[at].value for at in cells} == cells
