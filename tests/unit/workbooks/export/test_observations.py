"""The workbook of observations, opened again with openpyxl."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest
from made_observations import SHEET, observation

from workbooks.export.observations import FILLS, HEADING_ROW, ObservationsSheet, write_observations
from workbooks.reading.answer_sheet import ANSWER, GIVEN

FIRST = HEADING_ROW + 2  # spreadsheet row of the first finding


@pytest.fixture
def opened(tmp_path):
    def write_and_open(sheet: ObservationsSheet):
        path = tmp_path / "observaciones.xlsx"
        write_observations(path, sheet)
        return openpyxl.load_workbook(path)["Observaciones"]

    return write_and_open


def test_one_row_per_finding_in_order(opened):
    worksheet = opened(SHEET)
    headings = [cell.value for cell in worksheet[HEADING_ROW + 1]]
    assert headings == [
        "Severidad",
        "Regla",
        "UR",
        "No. de actividad",
        "Hoja",
        "Celda",
        "Campo",
        "Valor",
        "Esperado",
        "Qué pasa",
        "Cómo corregir",
        "Puntos",
        GIVEN,
        ANSWER,
    ]
    assert [cell.value for cell in worksheet[FIRST + 1]] == [
        "Aviso",
        "R05",
        "06",
        10,
        "POA 2",
        "H31",
        "META ANUAL (19)",
        "62",
        "52",
        "La meta anual dice 62, pero el calendario suma 52.",
        "Corrija la meta anual o el calendario.",
        0.36,
        None,
        None,
    ]
    assert worksheet.max_row == FIRST + 1


def test_the_top_says_state_quality_and_counts(opened):
    worksheet = opened(SHEET)
    assert worksheet["A1"].value == SHEET.title
    assert [cell.value for cell in worksheet[4] if cell.value is not None] == ["Observado", 92.4, 0, 1, 1]


def test_it_is_set_up_to_be_worked_with(opened):
    worksheet = opened(SHEET)
    assert worksheet.column_dimensions["M"].hidden  # whether it was sent with an answer
    assert worksheet.freeze_panes == f"A{FIRST}"
    assert worksheet.auto_filter.ref == f"A{FIRST - 1}:N{FIRST + 1}"
    assert worksheet[f"J{FIRST}"].alignment.wrap_text
    assert worksheet[f"N{FIRST}"].number_format == "@"
    assert worksheet[f"A{FIRST}"].fill.fgColor.rgb == f"FF{FILLS['renglon'][1:]}"
    assert worksheet[f"A{FIRST + 1}"].fill.fgColor.rgb == f"FF{FILLS['aviso'][1:]}"


def test_it_is_set_up_to_be_printed(opened):
    worksheet = opened(SHEET)
    assert worksheet.page_setup.orientation == "landscape"
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert (worksheet.page_setup.fitToWidth or 1, worksheet.page_setup.fitToHeight) == (1, 0)
    assert worksheet.print_title_rows == f"${FIRST - 1}:${FIRST - 1}"
    assert "Página &P de &N" in worksheet.oddFooter.right.text


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "{=1+1}", "@SUM(A1)", "https://example.gob.mx", "+52", "007"])
def test_texts_stay_texts(opened, text):
    worksheet = opened(replace(SHEET, title=text, rows=(observation(value=text, message=text, unit_code=text),)))
    for address in ("A1", f"C{FIRST}", f"H{FIRST}", f"J{FIRST}"):
        assert (worksheet[address].value, worksheet[address].data_type) == (text, "s")
        assert worksheet[address].hyperlink is None


def test_a_long_text_is_cut_and_its_row_can_be_read(opened):
    worksheet = opened(replace(SHEET, rows=(observation(message="palabra " * 500),)))
    assert worksheet[f"J{FIRST}"].value.endswith("…")
    assert 100 < worksheet.row_dimensions[FIRST].height <= 409


def test_no_findings_leave_an_empty_table(opened):
    worksheet = opened(replace(SHEET, rows=(), quality=None))
    assert worksheet.auto_filter.ref == f"A{FIRST - 1}:N{FIRST}"
    assert worksheet["C4"].value == "—"


def test_the_same_observations_give_the_same_bytes(tmp_path):
    one, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_observations(one, SHEET)
    write_observations(other, SHEET)
    assert one.read_bytes() == other.read_bytes()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OSError, match="cannot be written"):
        write_observations(tmp_path / "nowhere" / "observaciones.xlsx", SHEET)
