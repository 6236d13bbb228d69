"""The form writer: the founding workbook's content gives the founding workbook's cells."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from founding import founding_content
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.form import Form, load_form
from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, Computed, WorkbookContent, pages
from workbooks.form.write import write_form
from workbooks.sample import FOUNDING

CREATED = datetime(2024, 10, 3, 9, 0)
PERCENT_TYPED_WRONG = ("POA 2", "R31")  # the founding workbook's own: 75 % typed where its figures give 63 %


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(2024)


def written(path: Path, form: Form, content: WorkbookContent, *, values: bool = True) -> Workbook:
    write_form(path, form, content, created=CREATED)
    return openpyxl.load_workbook(path, data_only=values)


def widths(sheet: Worksheet) -> dict[int, float]:
    spans = sheet.column_dimensions.values()
    return {col: span.width for span in spans for col in range(span.min, span.max + 1)}


def spelled(value: object, form: Form) -> object:
    """A label without its colon, in the form's own spelling."""
    if not isinstance(value, str):
        return value
    text = re.sub(r":(?= \(|$)", "", value)
    for field in form.field:
        for spelling in field.spellings:
            text = f"{field.label} ({field.number})" if text == f"{spelling} ({field.number})" else text
    return text


def test_every_cell_is_the_founding_workbooks(tmp_path: Path, form: Form) -> None:
    ours = written(tmp_path / "form.xlsx", form, founding_content())
    theirs = openpyxl.load_workbook(FOUNDING, data_only=True)
    assert ours.sheetnames == theirs.sheetnames
    for sheet in theirs:
        cells = {cell.coordinate: spelled(cell.value, form) for row in sheet.iter_rows() for cell in row}
        told = {at: spelled(ours[sheet.title][at].value, form) for at in cells}
        different = {at for at in cells if cells[at] != told[at]} - {
            at for title, at in [PERCENT_TYPED_WRONG] if title == sheet.title
        }
        assert not different, {at: (cells[at], told[at]) for at in sorted(different)}
        assert ours[sheet.title].dimensions == sheet.dimensions


def test_cells_are_merged_and_formatted_as_in_the_founding_workbook(tmp_path: Path, form: Form) -> None:
    ours = written(tmp_path / "form.xlsx", form, founding_content())
    for sheet in openpyxl.load_workbook(FOUNDING):
        mine = ours[sheet.title]
        assert set(map(str, mine.merged_cells.ranges)) == set(map(str, sheet.merged_cells.ranges))
        assert widths(mine) == widths(sheet)
        assert mine.page_setup.orientation == "landscape"
        for at in ("F6", "K6", "F27", "H27", "I27", "R27"):
            assert mine[at].number_format == sheet[at].number_format
        for at in ("A3", "F3", "A24", "I26"):
            assert mine[at].fill.fgColor.rgb == sheet[at].fill.fgColor.rgb


def test_computed_cells_hold_formula_and_stored_value(tmp_path: Path, form: Form) -> None:
    content = founding_content()
    formulas = written(tmp_path / "form.xlsx", form, content, values=False)["POA 1"]
    stored = openpyxl.load_workbook(tmp_path / "form.xlsx", data_only=True)["POA 1"]
    assert (formulas["Q31"].value, stored["Q31"].value) == ("=SUM(M31:P31)", 200)
    assert (formulas["R31"].value, stored["R31"].value) == ("=Q31/H31", 200 / 240)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, form: Form) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_form(tmp_path / name, form, founding_content(), created=CREATED)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_text_dates_and_blanks_stay_what_they_are(tmp_path: Path, form: Form) -> None:
    content = founding_content()
    row = {**content.activities[0], c.ANNUAL_TARGET: "doce", c.DESCRIPTION: "=1+1", c.PURPOSE: None}
    header = {**content.header, c.DRAWN_UP_ON: date(2024, 10, 3)}
    sheet = written(tmp_path / "form.xlsx", form, replace(content, header=header, activities=(row,)), values=False)[
        "POA 1"
    ]
    assert sheet["H27"].value == "doce"
    assert (sheet["C27"].value, sheet["C27"].data_type) == ("=1+1", "s")
    assert sheet["S27"].value is None
    assert sheet["S3"].value == datetime(2024, 10, 3)


def test_a_long_text_makes_its_row_higher(tmp_path: Path, form: Form) -> None:
    content = founding_content()
    row = {**content.activities[0], c.JUSTIFICATION: "Se cumplió con lo establecido en las metas. " * 20}
    sheet = written(tmp_path / "form.xlsx", form, replace(content, activities=(row,)))["POA 1"]
    assert sheet.row_dimensions[27].height > 200


def test_without_a_derived_unit_the_table_moves_up(tmp_path: Path, form: Form) -> None:
    content = founding_content()
    budget = (*content.budget[:2], BudgetLine("derived"))
    empty = written(tmp_path / "empty.xlsx", form, replace(content, budget=budget))["POA 1"]
    without = written(tmp_path / "without.xlsx", form, replace(content, budget=content.budget[:2]))["POA 1"]
    assert (empty["A7"].value, empty["C7"].value, empty["B27"].value) == ("UR DERIVADA (3):", None, 1)
    assert (without["A7"].value, without["B26"].value) == (None, 1)


def test_a_field_that_the_form_adds_has_its_column(tmp_path: Path, form: Form) -> None:
    extra = form.of("activity", c.PURPOSE).model_copy(update={"name": "risk", "label": "RIESGOS", "number": 25})
    content = founding_content()
    row = {**content.activities[0], "risk": "Falta de conectividad"}
    wider = Form.model_validate({**form.model_dump(), "field": (*form.field, extra)})
    sheet = written(tmp_path / "form.xlsx", wider, replace(content, activities=(row,)))["POA 1"]
    assert (sheet["U24"].value, sheet["U27"].value) == ("RIESGOS (25)", "Falta de conectividad")


def test_a_computed_value_needs_a_formula_of_the_form(tmp_path: Path, form: Form) -> None:
    row = {c.UNIT_CODE: "06", c.ANNUAL_TARGET: Computed(12)}
    with pytest.raises(ValueError, match="row 27, column 8"):
        write_form(tmp_path / "form.xlsx", form, replace(founding_content(), activities=(row,)), created=CREATED)


@pytest.mark.parametrize(
    ("codes", "sizes"),
    [
        ([], [0]),
        (["06"] * 3, [3]),
        (["06"] * 4, [3, 1]),
        (["06"] * 6, [5, 1]),
        (["06"] * 10 + [63] * 4, [5, 5, 3, 1]),
        (["06", 99, "06", 63], [3, 1]),
    ],
    ids=["none", "one page", "room to sign", "over five", "the founding workbook", "a stray row stays"],
)
def test_pages(codes: list[str | int], sizes: list[int]) -> None:
    rows = tuple({c.UNIT_CODE: code} for code in codes)
    content = replace(founding_content(), activities=rows)
    assert [len(page) for page in pages(content)] == sizes
