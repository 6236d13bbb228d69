"""Cells that look empty to the reader: errors and formulas without a stored result are found at their place."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from schemas.contracts import columns as c
from workbooks.reading.admission import Limits
from workbooks.reading.broken_cells import BROKEN, broken_cells, with_broken
from workbooks.reading.broken_cells_xls import errors
from workbooks.reading.cells import Cells
from workbooks.reading.read import read_workbooks

FIRST_SHEET = "xl/worksheets/sheet1.xml"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def with_sheet(path: Path, rows: str, sheet: str = SHEET) -> Path:
    """A workbook whose second sheet is empty and whose first has these rows of XML."""
    book = openpyxl.Workbook()
    book.create_sheet("Otra")
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w") as made:
        for name in source.namelist():
            made.writestr(name, sheet.format(rows) if name == FIRST_SHEET else source.read(name))
    return path


def found(path: Path) -> list[tuple[object, ...]]:
    return broken_cells({4: path}).rows()


def test_errors_and_formulas_without_a_result(tmp_path: Path) -> None:
    cells = """<row r="3">
        <c r="A3" t="e"><v>#REF!</v></c>
        <c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>
        <c r="C3"><f>SUM(A1:A2)</f></c>
        <c r="D3"><f>1+1</f><v></v></c>
        <c r="E3"><f>1+1</f><v>2</v></c>
        <c r="F3" t="str"><f>IF(A1,"x","")</f><v></v></c>
        <c r="AA3"><v>7</v></c></row>"""
    assert found(with_sheet(tmp_path / "a.xlsx", cells)) == [
        (4, 0, 3, 1, "#REF!"),
        (4, 0, 3, 2, "#DIV/0!"),
        (4, 0, 3, 3, "=SUM(A1:A2)"),
        (4, 0, 3, 4, "=1+1"),
    ]


def test_shared_formulas_read_as_each_cell_shows_them(tmp_path: Path) -> None:
    cells = """<row r="1"><c r="C1"><f t="shared" ref="C1:C2" si="0">A1+B1</f></c></row>
               <row r="2"><c r="C2"><f t="shared" si="0"/></c><c r="D2"><f t="shared" si="0"/><v>3</v></c></row>"""
    assert found(with_sheet(tmp_path / "a.xlsx", cells)) == [(4, 0, 1, 3, "=A1+B1"), (4, 0, 2, 3, "=A2+B2")]


def test_a_sheet_whose_tags_have_a_prefix(tmp_path: Path) -> None:
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>{}'
        "</x:sheetData></x:worksheet>"
    )
    cells = '<x:row r="1"><x:c r="B1"><x:f>A1</x:f></x:c></x:row>'
    assert found(with_sheet(tmp_path / "a.xlsx", cells, sheet)) == [(4, 0, 1, 2, "=A1")]


def test_a_whole_workbook_tells_nothing(founding: Path) -> None:
    assert found(founding) == []


def test_a_chart_sheet_is_not_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Gráfica", 0)
    book.create_sheet("Fórmulas")["B2"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    assert found(tmp_path / "a.xlsx") == [(4, 1, 2, 2, "=1+1")]


@pytest.mark.parametrize("content", [b"", b"no es un libro", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_of_what_cannot_be_read_nothing_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert found(tmp_path / "a.xlsx") == []
    assert found(tmp_path / "gone.xlsx") == []


ERROR_CELL = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>'


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-7", "no-such-encoding"])
def test_of_a_part_in_an_encoding_that_no_parser_knows_nothing_is_told(tmp_path: Path, encoding: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?>' + SHEET
    assert found(with_sheet(tmp_path / "a.xlsx", ERROR_CELL, sheet)) == []


@pytest.mark.parametrize("flag", [0x20, 0x40])
def test_of_a_part_that_is_packed_in_an_unknown_way_nothing_is_told(tmp_path: Path, flag: int) -> None:
    path = with_sheet(tmp_path / "a.xlsx", ERROR_CELL)
    content = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + at] |= flag
            start = content.find(signature, start + 4)
    path.write_bytes(content)
    assert found(path) == []


@pytest.mark.parametrize(
    ("formula", "at"), [("SUM(A1:A2))", "C3"), ("A1+B1", "XFD1048576"), ("'", "C3"), ("IF(", "C3")]
)
def test_a_shared_formula_that_cannot_be_moved_is_shown_as_it_is(tmp_path: Path, formula: str, at: str) -> None:
    rows = (
        f'<row r="2"><c r="B2"><f t="shared" ref="B2:C3" si="0">{formula}</f></c></row>'
        f'<row r="3"><c r="{at}"><f t="shared" si="0"/></c></row>'
    )
    told = [text for *_, text in found(with_sheet(tmp_path / "a.xlsx", rows))]
    assert told[0] == f"={formula}"
    assert len(told) == 2


def test_a_part_with_a_document_type_is_not_parsed(tmp_path: Path) -> None:
    sheet = '<!DOCTYPE x [<!ENTITY e "mil">]>' + SHEET
    assert found(with_sheet(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="e"><v>&e;</v></c></row>', sheet)) == []


def test_open_document_cells(tmp_path: Path) -> None:
    content = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
        xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
      <office:body><office:spreadsheet><table:table table:name="A"/><table:table table:name="B">
        <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
        <table:table-row>
          <table:table-cell table:number-columns-repeated="2"/>
          <table:table-cell calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>
          <table:table-cell table:formula="of:=SUM([.A1:.A2])"/>
          <table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>
        </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as package:
        package.writestr("content.xml", content)
    assert found(tmp_path / "a.ods") == [(4, 1, 4, 3, "#REF!"), (4, 1, 4, 4, "=SUM([.A1:.A2])")]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs soffice to write an .xls")
def test_errors_of_an_xls(tmp_path: Path) -> None:
    cells = """<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>
        <c r="C3" t="e"><v>#N/A</v></c></row>"""
    path = with_sheet(tmp_path / "a.xlsx", cells)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert found(tmp_path / "a.xls") == [(4, 0, 3, 2, "#DIV/0!"), (4, 0, 3, 3, "#N/A")]


def test_a_cut_xls_ends_in_an_error_that_is_expected() -> None:
    with pytest.raises((OSError, ValueError)):
        list(errors(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4088)))


def test_broken_cells_become_texts_where_nothing_stands_and_nothing_hides_them(tmp_path: Path, limits: Limits) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>#REF!</t></is></c></row>'
    book = read_workbooks([with_sheet(tmp_path / "a.xlsx", cells)], limits)
    area = pl.DataFrame([(0, 0, 5, 1, 5, 3)], schema=book.merges.schema, orient="row")
    book = Cells(book.cells, book.texts, book.sheets, area, {})
    places = [(0, 0, 1, 1, "=A2"), (0, 0, 1, 3, "#REF!"), (0, 0, 5, 1, "=B1"), (0, 0, 5, 2, "#N/A")]
    mended = with_broken(book, pl.DataFrame(places, schema=BROKEN, orient="row"))
    shown = mended.cells.join(mended.texts, on=c.TEXT_ID, how="left").select(c.ROW, c.COL, c.NUMBER, c.TEXT)
    assert shown.rows() == [(1, 1, 1.0, None), (1, 2, None, "#REF!"), (1, 3, None, "#REF!"), (5, 1, None, "=B1")]
    assert mended.cells.schema == book.cells.schema
    assert mended.texts.schema == book.texts.schema
