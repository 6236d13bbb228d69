"""The prefilled form by itself: what is open, what is computed, what turns red, and what no text can do."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spreadsheet import LockedCellError, Spreadsheet

from config.form import Form, load_form
from config.policy import Deviation, Reading
from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, Row, WorkbookContent
from workbooks.prefilled.formulas import came_to
from workbooks.prefilled.prefilled import Prefilled, RowFigures
from workbooks.prefilled.write import write_prefilled

FORM = load_form(2024)
COLUMN = {field.name: number for number, field in enumerate(FORM.activity, 1)}
FIRST_ROW = 26
DRAWN_UP_ON = ("header", 0, c.DRAWN_UP_ON)


def told(*rows: Row, reading: Reading = "sum", decimals: bool = False) -> Prefilled:
    """A form of one UR for its third quarter; the quarter's cells are open."""
    lines = (
        BudgetLine("programme", "PROGRAMA", None, {c.ASSIGNED_AMOUNT: 100}),
        BudgetLine("principal", "UNIDAD", "06", {c.ASSIGNED_AMOUNT: 100}),
    )
    achieved = [("activity", nth, c.ACHIEVED[2]) for nth in range(len(rows))]
    return Prefilled(
        content=WorkbookContent({c.INSTITUTION: "SECRETARÍA"}, lines, rows, {}),
        quarter=3,
        open=frozenset({DRAWN_UP_ON, *achieved}),
        figures=(RowFigures(reading, decimals),) * len(rows),
        deviation=Deviation(share=0.1, minimum=1, upper=1.3),
        signed_from=date(2024, 9, 30),
        measures=("Informe", "Reporte"),
    )


def row(planned: tuple[float, ...] = (3, 3, 3, 3), achieved: tuple[float | None, ...] = (3, 2), **more: str) -> Row:
    return {
        c.UNIT_CODE: "06",
        c.ACTIVITY_NO: 1,
        c.DESCRIPTION: "Elaborar informes",
        c.ANNUAL_TARGET: 12,
        **dict(zip(c.PLANNED, planned, strict=True)),
        **dict(zip(c.ACHIEVED, achieved, strict=False)),
        **more,
    }


def test_only_open_cells_can_be_typed_in(tmp_path: Path) -> None:
    write_prefilled(tmp_path / "form.xlsx", FORM, told(row()))
    sheet = Spreadsheet(tmp_path / "form.xlsx")
    sheet.type("POA 1", FIRST_ROW, COLUMN[c.ACHIEVED[2]], 3)
    for name in (c.ACHIEVED[1], c.ACHIEVED[3], c.ANNUAL_TARGET, c.ACHIEVED_TOTAL, c.DESCRIPTION):
        with pytest.raises(LockedCellError):
            sheet.type("POA 1", FIRST_ROW, COLUMN[name], 99)


def test_what_is_typed_is_summed(tmp_path: Path) -> None:
    write_prefilled(tmp_path / "form.xlsx", FORM, told(row()))
    sheet = Spreadsheet(tmp_path / "form.xlsx")
    sheet.type("POA 1", FIRST_ROW, COLUMN[c.ACHIEVED[2]], 4)
    assert sheet.value(("POA 1", f"Q{FIRST_ROW}")) == 9
    assert sheet.value(("POA 1", f"R{FIRST_ROW}")) == 0.75


@pytest.mark.parametrize(
    ("code", "cell"), [("1", 1), ("12", 12), ("01", "01"), ("M", "M"), ("²", "²"), ("٣", "٣"), ("7" * 5000, "7" * 5000)]
)
def test_a_code_is_typed_as_a_number_where_nothing_of_it_is_lost(tmp_path: Path, code: str, cell: object) -> None:
    form = told(row())
    header = {**form.content.header, "finalidad": (code, "GOBIERNO")}
    write_prefilled(tmp_path / "form.xlsx", FORM, replace(form, content=replace(form.content, header=header)))
    page = openpyxl.load_workbook(tmp_path / "form.xlsx")["POA 1"]
    assert [page["A15"].value, page["B15"].value, page["C15"].value] == ["Finalidad", cell, "GOBIERNO"]


def test_further_pages_repeat_what_the_first_one_is_told(tmp_path: Path) -> None:
    write_prefilled(tmp_path / "form.xlsx", FORM, told(*[row()] * 7))
    sheet = Spreadsheet(tmp_path / "form.xlsx")
    assert sheet.value(("POA 2", "S3")) == ""
    sheet.type("POA 1", 3, 19, date(2024, 10, 4))
    assert sheet.value(("POA 2", "S3")) == sheet.value(("POA 1", "S3")) != ""


@pytest.mark.parametrize(
    ("reading", "figures", "plans", "expected"),
    [
        ("sum", [3, 2, None, None], [3, 3, 3, 3], 5),
        ("last", [90, 100, None, None], [100, 100, 100, 100], 100),
        ("last", [90, 0, None, None], [100, 0, 100, 100], 90),
        ("average", [80, 100, None, None], [90, 90, 90, 90], 90),
        ("average", [80, 50, None, None], [90, 0, 90, 90], 80),
        ("maximum", [7, 5, None, None], [6, 6, 6, 6], 7),
        ("sum", [None] * 4, [3, 3, 3, 3], 0),
    ],
)
def test_figures_come_to_what_the_measure_reads(
    reading: Reading, figures: list[float | None], plans: list[float], expected: float
) -> None:
    assert came_to(figures, plans, reading) == expected


FIGURE = st.one_of(st.none(), st.integers(0, 9), st.decimals(0, 9, places=1).map(float))


@settings(max_examples=25)
@given(
    reading=st.sampled_from(["sum", "last", "average", "maximum"]),
    planned=st.tuples(*[st.integers(0, 3)] * 4),
    achieved=st.tuples(*[FIGURE] * 4),
)
def test_every_stored_value_is_what_its_formula_gives(
    tmp_path_factory: pytest.TempPathFactory,
    reading: Reading,
    planned: tuple[int, ...],
    achieved: tuple[float | None, ...],
) -> None:
    path = tmp_path_factory.mktemp("law") / "form.xlsx"
    write_prefilled(path, FORM, told(row(planned, achieved), reading=reading))
    sheet = Spreadsheet(path)
    for at, stored in sheet.stored.items():
        assert sheet.value(at) == (stored if isinstance(stored, str) else pytest.approx(stored)), at


def test_counts_are_whole_but_where_the_unit_of_measure_is_none(tmp_path: Path) -> None:
    for decimals, kind in ((False, "whole"), (True, "decimal")):
        write_prefilled(tmp_path / "form.xlsx", FORM, told(row(), decimals=decimals))
        sheet = openpyxl.load_workbook(tmp_path / "form.xlsx")["POA 1"]
        [rule] = [rule for rule in sheet.data_validations.dataValidation if f"O{FIRST_ROW}" in str(rule.sqref)]
        assert (rule.type, rule.operator, rule.formula1, rule.errorStyle) == (kind, "greaterThanOrEqual", "0", None)


def test_a_cell_to_be_corrected_is_open_and_says_why(tmp_path: Path) -> None:
    key = ("activity", 0, c.ANNUAL_TARGET)
    write_prefilled(tmp_path / "form.xlsx", FORM, replace(told(row()), mend={key: "R05: la meta no es la suma"}))
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx")["POA 1"]
    cell = sheet.cell(FIRST_ROW, COLUMN[c.ANNUAL_TARGET])
    assert not cell.protection.locked
    assert cell.comment is not None
    assert "R05: la meta no es la suma" in cell.comment.text


def test_texts_stay_texts(tmp_path: Path) -> None:
    hostile = ["=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "<script>alert(1)</script>", "mailto:x", "007"]
    given_ = told(*[row(description=text, measure_unit=text) for text in hostile])
    mend = {("activity", 0, c.DESCRIPTION): hostile[0]}
    write_prefilled(tmp_path / "form.xlsx", FORM, replace(given_, mend=mend, measures=tuple(hostile)))
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f" and cell.value in hostile]
    assert {cell.value for cell in cells} >= set(hostile)
    assert not [cell for cell in cells if cell.hyperlink]


def test_sheets_are_protected_without_a_password_and_print_as_the_form_does(tmp_path: Path) -> None:
    write_prefilled(tmp_path / "form.xlsx", FORM, told(row()))
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames == ["Instrucciones", "POA 1", "Listas"]
    assert book.active is not None
    assert book.active.title == "POA 1"
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    page = book["POA 1"]
    assert (page.page_setup.orientation, page.page_setup.fitToWidth) == ("landscape", None)
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_the_same_form_is_the_same_bytes(tmp_path: Path, form: Form) -> None:
    for name in ("one", "two"):
        write_prefilled(tmp_path / name, form, told(row()))
    one, two = (tmp_path / name for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as package:
        assert package.testzip() is None
