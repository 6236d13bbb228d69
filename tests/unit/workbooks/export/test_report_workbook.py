"""A report's workbook opened again: what stands in its cells, what a spreadsheet computes, what hostile texts do."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import load_workbook

from workbooks.export.report_sheet import CellBlock, Chart, Report, ReportSheet, Series, Table, TableColumn
from workbooks.export.report_workbook import write_report

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2",
    '=HYPERLINK("http://example.gob.mx")',
    "http://example.gob.mx",
    "{=A1}",
    "_x0041_",
    "</t><f>1</f>",
    "06",
    "1e5",
    "x" * 40_000,
    "a\ud800b\uffff\x00",
)
COLUMNS = (
    TableColumn("UR", "code", 6, "count"),
    TableColumn("Unidad", "long", 30),
    TableColumn("Luz", "mark", 12),
    TableColumn("Monto", "pesos", 15, "sum"),
    TableColumn("Índice", "index", 10, "mean"),
    TableColumn("Avance", "ratio", 10),
    TableColumn("Recibida", "moment", 16),
)
ROWS = (
    ("06", "UNIDAD UNO", "verde", 100.1, 90.0, 0.5, datetime(2024, 10, 3, 9, 30)),
    ("07", "UNIDAD DOS", "rojo", 200.2, None, None, None),
    ("08", "UNIDAD TRES", None, None, 100.0, 1.2, None),
)
BARS = Series("Monto", CellBlock("Datos", 0, (0, 2), (0, 0)), CellBlock("Datos", 0, (0, 2), (3, 3)), ("#2e7d4f",))
CHART = Chart("column", "Montos", (BARS,), (12, 0), (400, 200), "#,##0")


def report(*tables: Table, **more: Any) -> Report:
    return Report("Informe", "versión 1 & más", "Huella: 01 & 02", (ReportSheet("Datos", "Datos", tables, 2, **more),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "informe.xlsx"


def recalculated(path: Path) -> dict[str, list[list[Any]]]:
    """Rows of each sheet as LibreOffice saves them."""
    if not shutil.which("soffice"):
        pytest.skip("needs soffice to open the workbook with another program")
    out = path.parent / "out"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    book = load_workbook(out / path.name)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def without_stored_values(path: Path) -> None:
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part) if "worksheets/" in name else part)


def test_cells_filter_frozen_headings_and_paper(path: Path) -> None:
    write_report(path, report(Table(COLUMNS, ROWS), charts=(CHART,), notes=(("Nota", "Texto de la nota."),)))
    sheet = openpyxl.load_workbook(path)["Datos"]
    assert [cell.value for cell in sheet["A5:G5"][0]] == [column.heading for column in COLUMNS]
    assert [tuple(cell.value for cell in row) for row in sheet["A6:G8"]] == list(ROWS)
    assert sheet["D6"].number_format == '"$"#,##0.00'
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C6", "A5:G8")
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$5:$5", "landscape")
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert "Huella: 01 && 02" in sheet.oddFooter.left.text
    assert sheet["A10"].value == "Nota"
    assert len(sheet._charts) == 1
    assert {rule.text for ranged in sheet.conditional_formatting for rule in ranged.rules} >= {"verde", "rojo"}


def test_totals_are_of_what_the_filter_shows_and_stand_without_recalculation(path: Path) -> None:
    write_report(path, report(Table(COLUMNS, ROWS)))
    formulas = openpyxl.load_workbook(path)["Datos"]
    stored = openpyxl.load_workbook(path, data_only=True)["Datos"]
    assert formulas["D4"].value == '=IFERROR(SUBTOTAL(109,D6:D8),"")'
    assert [stored[f"{column}4"].value for column in "ABDE"] == [
        3,
        "Total de los renglones a la vista",
        pytest.approx(300.3),
        95.0,
    ]


@pytest.mark.soak
def test_another_program_computes_what_is_stored(path: Path) -> None:
    """Without the stored values, so that only a computation can give these."""
    change = Table(
        (
            TableColumn("Cifra", "text", 20),
            *[TableColumn(t, "figure", 9) for t in ("T1", "T2")],
            TableColumn("Cambio", "figure change", 9),
        ),
        [("Montos", 5.0, 8.0, 0.0)],
        kinds=("whole",),
    )
    write_report(path, report(Table(COLUMNS, ROWS), change))
    without_stored_values(path)
    rows = recalculated(path)["Datos"]
    assert rows[3][:5] == [3.0, "Total de los renglones a la vista", "", pytest.approx(300.3), 95.0]
    assert rows[10][:4] == ["Montos", 5.0, 8.0, 3.0]


def test_hostile_texts_stay_texts(path: Path) -> None:
    columns = (TableColumn("Clave", "code", 6), TableColumn("Texto", "long", 30))
    write_report(path, report(Table(columns, [(text, text) for text in HOSTILE], title=HOSTILE[0])))
    sheet = openpyxl.load_workbook(path)["Datos"]
    cells = [sheet.cell(row, 2) for row in range(6, 6 + len(HOSTILE))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:11]] == list(HOSTILE[:11])
    assert len(cells[11].value) == 32_767
    assert cells[12].value.startswith("ab")
    with ZipFile(path) as package:
        assert not [name for name in package.namelist() if "externalLink" in name or "_rels/sheet" in name]
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_the_same_report_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    for target in (path, again):
        write_report(target, report(Table(COLUMNS, ROWS), charts=(CHART,)))
    assert path.read_bytes() == again.read_bytes()
    assert openpyxl.load_workbook(path).properties.created == datetime(2000, 1, 1)


def test_a_table_without_rows_says_so(path: Path) -> None:
    write_report(path, report(Table(COLUMNS, (), empty="Ninguna."), charts=(CHART,)))
    sheet = openpyxl.load_workbook(path)["Datos"]
    assert (sheet["A4"].value, sheet["A5"].value) == ("UR", "Ninguna.")
    assert sheet.auto_filter.ref is None


def test_a_workbook_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written here"):
        write_report(tmp_path / "missing" / "informe.xlsx", report(Table(COLUMNS, ROWS)))
