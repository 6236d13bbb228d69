"""A unit's workbook given back: our marks where they belong, everything else byte for byte as it was."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import made_packages as made
import openpyxl
import pytest
from made_observations import SHEET, observation
from python_calamine import CalamineWorkbook

from workbooks.annotated.copied import IS_COPY
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.annotated.returned import Returned, returned
from workbooks.annotated.splice.annotate import LOCKED, PROMISE
from workbooks.annotated.splice.told import HIDDEN
from workbooks.export.observations import HEADING_ROW
from workbooks.reading.answer_sheet import ANSWER, AUTHOR, HEADINGS, MARK_FILLS

FIRST, ANSWERS = HEADING_ROW + 2, len(HEADINGS)
# A cell with a note of the unit's, one without, one not written yet, one in a merged area, locked, open, hidden.
FOUND = (
    observation("aviso", sheet="POA 1", cell="B2"),
    observation("renglon", sheet="POA 1", cell="B2", rule="R18"),
    observation("nota", sheet="POA 1", cell="A1"),
    observation("nota", sheet="POA 1", cell="Z40"),
    observation("aviso", sheet="POA 1", cell="E2"),
    observation("aviso", sheet="POA 1", cell="B6"),
    observation("archivo", sheet="D'Año & <2>", cell="A1"),
    observation("aviso", sheet="D'Año & <2>", cell="B1"),
    observation("aviso", sheet="Catálogo", cell="A1"),
    observation("aviso", sheet=None, cell=None),
)
MARKED = {
    ("POA 1", "B2"): "renglon",
    ("POA 1", "A1"): "nota",
    ("POA 1", "Z40"): "nota",
    ("POA 1", "E2"): "aviso",
    ("POA 1", "A5"): "aviso",
    ("D'Año & <2>", "A1"): "archivo",
    ("D'Año & <2>", "B1"): "aviso",
    ("Catálogo", "A1"): "aviso",
}
TOLD = replace(SHEET, rows=FOUND)
EDITED = re.compile(
    r"\[Content_Types\]\.xml|xl/(workbook|styles)\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/.*|xl/comments1\.xml"
    r"|xl/drawings/vmlDrawing1\.vml"
)
KINDS = {
    "plain": made.furnished(),
    "macros": made.furnished(macros=True),
    "strict": made.strict(made.furnished()),
    "prefix": made.with_prefix(made.furnished()),
}


@pytest.fixture
def give_back(tmp_path, limits):
    def run(content: bytes, told=TOLD, name: str = "libro.xlsx") -> Returned:
        path = tmp_path / name
        path.write_bytes(content)
        return returned(told, ReceivedWorkbook(path, limits))

    return run


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def values(content: bytes) -> dict[str, object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
        if name != "Observaciones"
    }


def marks(book: openpyxl.Workbook) -> dict[tuple[str, str], str]:
    severities = {f"FF{fill[1:]}": severity for severity, fill in MARK_FILLS.items()}
    return {
        (sheet.title, cell.coordinate): severities[cell.fill.fgColor.rgb]
        for sheet in book.worksheets
        if sheet.title != "Observaciones"
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in severities
    }


def notes(book: openpyxl.Workbook) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment is not None and AUTHOR in cell.comment.text
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_marked_keeps_its_bytes_and_every_value_stays(give_back, kind):
    back = give_back(KINDS[kind])
    before, after = made.parts(KINDS[kind]), made.parts(back.content)
    assert back.ending == ("_anotado.xlsm" if kind == "macros" else "_anotado.xlsx")
    assert before.keys() <= after.keys()
    assert {name for name in before if before[name] != after[name]} <= {name for name in before if EDITED.match(name)}
    assert values(back.content) == values(KINDS[kind])


@pytest.mark.parametrize("kind", ["plain", "macros", "prefix"])
def test_marks_and_notes_stand_where_the_findings_are(give_back, kind):
    book = opened(give_back(KINDS[kind]).content)
    assert marks(book) == MARKED
    assert notes(book).keys() == MARKED.keys()
    assert book.active.title == "Observaciones"
    assert [sheet.title for sheet in book.worksheets].index("Observaciones") == (3 if kind == "macros" else 0)
    assert [sheet.sheet_state for sheet in book.worksheets if sheet.title == "Catálogo"] == ["hidden"]
    assert book["D'Año & <2>"].protection.sheet


def test_a_marked_cell_keeps_its_own_look_and_its_font_can_be_read(give_back):
    book, own = opened(give_back(KINDS["plain"]).content), opened(KINDS["plain"])
    marked, before = book["POA 1"]["A1"], own["POA 1"]["A1"]
    assert (marked.font.b, marked.border.left.style, marked.number_format) == (True, "thin", before.number_format)
    assert (before.font.color.rgb, marked.font.color.rgb) == ("FFFFFFFF", "FF1F2328")
    assert book["POA 1"]["C1"].font.color.rgb == "FFFFFFFF"


def test_names_that_count_sheets_follow_theirs(give_back):
    for kind in ("plain", "macros"):
        book, own = opened(give_back(KINDS[kind]).content), opened(KINDS[kind])
        for sheet in own.worksheets:
            assert book[sheet.title].print_title_rows == sheet.print_title_rows
        assert book["POA 1"].auto_filter.ref == "A1:C2"
        assert book["Observaciones"].print_title_rows == f"${HEADING_ROW + 1}:${HEADING_ROW + 1}"


def test_the_units_own_notes_stay_and_ours_come_after(give_back):
    told = notes(opened(give_back(KINDS["plain"]).content))["POA 1", "B2"]
    assert told.startswith("Nota de la unidad\nRevisión del POA · Renglon (R18)\n")
    assert "Se esperaba: 52" in told
    assert "Cómo corregir: Corrija la meta anual o el calendario." in told
    assert "Corregirlo suma 0.4 puntos" in told
    assert opened(give_back(KINDS["plain"]).content)["POA 1"]["C2"].comment.text == "Otra nota de la unidad"


def test_the_sheet_links_each_finding_and_says_where_it_cannot(give_back):
    sheet = opened(give_back(KINDS["plain"]).content)["Observaciones"]
    cells = [sheet.cell(FIRST + n, 6) for n in range(len(FOUND))]
    assert [cell.hyperlink and cell.hyperlink.location for cell in cells] == [
        *(f"'POA 1'!{address}" for address in ("B2", "B2", "A1", "Z40", "E2", "A5")),
        *("'D''Año & <2>'!A1", "'D''Año & <2>'!B1"),
        *(None, None),
    ]
    remedies = [str(sheet.cell(FIRST + n, 11).value) for n in range(len(FOUND))]
    assert [n for n, remedy in enumerate(remedies) if LOCKED in remedy] == [6]
    assert [n for n, remedy in enumerate(remedies) if HIDDEN in remedy] == [8]
    assert sheet.cell(HEADING_ROW, 1).value == PROMISE
    assert sheet.freeze_panes == f"A{FIRST}"
    assert sheet.auto_filter.ref == f"A{FIRST - 1}:N{FIRST + len(FOUND) - 1}"


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_back_is_marked_anew_and_nothing_piles_up(give_back, kind):
    once = give_back(KINDS[kind]).content
    assert give_back(once).content == once
    fewer = give_back(once, replace(TOLD, rows=FOUND[4:5])).content
    book = opened(fewer) if kind != "strict" else None
    assert book is None or marks(book) == {("POA 1", "E2"): "aviso"}
    assert book is None or notes(book).keys() == {("POA 1", "E2")}
    clean = made.parts(give_back(once, replace(TOLD, rows=())).content)
    assert not [name for name, part in clean.items() if AUTHOR.encode() in part and "poaObs" not in name]


def test_answers_go_with_their_finding(give_back):
    book = opened(give_back(KINDS["plain"]).content)
    sheet = book["Observaciones"]
    assert sheet.cell(FIRST - 1, ANSWERS).value == ANSWER
    sheet.cell(FIRST + 1, ANSWERS).value = "Se corrige en octubre"
    stream = io.BytesIO()
    book.save(stream)
    again = opened(give_back(stream.getvalue(), replace(TOLD, rows=FOUND[1:])).content)
    assert again.sheetnames.count("Observaciones") == 1
    answers = [again["Observaciones"].cell(FIRST + n, ANSWERS).value for n in range(len(FOUND) - 1)]
    assert answers == ["Se corrige en octubre", *[None] * (len(FOUND) - 2)]


def test_a_workbook_saved_by_another_program_is_cleaned_by_colour_and_author(give_back):
    book = opened(give_back(KINDS["plain"]).content)
    stream = io.BytesIO()
    book.save(stream)
    back = give_back(stream.getvalue(), replace(TOLD, rows=FOUND[2:3]))
    again = opened(back.content)
    assert back.ending == "_anotado.xlsx"
    assert marks(again) == {("POA 1", "A1"): "nota"}
    assert notes(again).keys() == {("POA 1", "A1")}
    assert again["POA 1"]["B2"].comment.text.strip() == "Nota de la unidad"


def test_a_fill_of_the_units_own_comes_back_after_another_program_saved_the_workbook(give_back):
    content = made.parts(KINDS["plain"])
    content["xl/styles.xml"] = (
        content["xl/styles.xml"].replace(b"FFFFFFFF", b"FF000000").replace(b"FF7B1E3A", b"FFD9D9D9")
    )
    book = opened(give_back(made.packed(content)).content)
    assert book["POA 1"]["A1"].fill.fgColor.rgb == f"FF{MARK_FILLS['nota'][1:]}"
    stream = io.BytesIO()
    book.save(stream)
    again = opened(give_back(stream.getvalue(), replace(TOLD, rows=())).content)
    assert again["POA 1"]["A1"].fill.fgColor.rgb == "FFD9D9D9"
    assert again["POA 1"]["E2"].fill.fill_type is None
    assert marks(again) == {}


def test_conversations_are_left_alone(give_back):
    content = made.with_threads(KINDS["plain"])
    back = give_back(content)
    before, after = made.parts(content), made.parts(back.content)
    assert before["xl/comments1.xml"] == after["xl/comments1.xml"]
    assert marks(opened(back.content)) == MARKED


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (made.with_part(KINDS["plain"], "_xmlsignatures/sig1.xml", b"<Signature/>"), "está firmado digitalmente"),
        (made.with_part(KINDS["plain"], "xl/revisions/revisionHeaders.xml", b"<headers/>"), "control de cambios"),
        (made.with_part(KINDS["plain"], "xl/styles.xml", b"<styleSheet/>"), "estilos están incompletos"),
        (b"<html><table></table></html>", "no pudo abrirse"),
        (KINDS["plain"][:4000], "no pudo abrirse"),
    ],
)
def test_what_cannot_be_marked_gets_a_workbook_of_its_own_that_says_why(give_back, content, why):
    back = give_back(content)
    sheet = opened(back.content)["Observaciones"]
    assert back.ending == "_observaciones.xlsx"
    assert why in str(sheet.cell(HEADING_ROW, 1).value)
    assert sheet.cell(FIRST, 10).value == FOUND[0].message


def test_texts_run_nothing_and_break_nothing(give_back):
    hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script> \x07\ufffe \"'&]]> _x0041_ " + "largo " * 900
    row = observation("aviso", sheet="POA 1", cell="E2", message=hostile, remedy=hostile, value="=1+1")
    book = opened(give_back(KINDS["plain"], replace(TOLD, rows=(row,), title="=1+1", subject=hostile)).content)
    sheet = book["Observaciones"]
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s", "n"}
    assert (sheet["A1"].value, sheet.cell(FIRST, 8).value) == ("=1+1", "=1+1")
    assert "<script>alert(1)</script>" in str(sheet.cell(FIRST, 10).value)
    assert len(notes(book)["POA 1", "E2"]) < 2_000


def test_a_sheet_of_the_units_own_called_observaciones_keeps_its_name(give_back):
    content = made.parts(KINDS["plain"])
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace(b'name="POA 1"', b'name="OBSERVACIONES"')
    book = opened(give_back(made.packed(content)).content)
    assert book.sheetnames[0] == "Observaciones POA"
    assert "OBSERVACIONES" in book.sheetnames


def test_of_other_formats_a_copy_is_marked_that_says_so(give_back):
    back = give_back(
        made.document(), replace(TOLD, rows=(observation("renglon", sheet="POA 1", cell="B2"),)), "libro.ods"
    )
    book = opened(back.content)
    assert back.ending == "_anotado.xlsx"
    assert book["Observaciones"].cell(HEADING_ROW, 1).value == IS_COPY
    assert marks(book) == {("POA 1", "B2"): "renglon"}
    assert notes(book).keys() == {("POA 1", "B2")}
    assert [[cell.value for cell in row] for row in book["POA 1"]["A1:B2"]] == [["UR", "=cmd"], ["06", 62]]
    assert book["POA 1"]["B1"].data_type == "s"


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs soffice to save a workbook as another program does")
def test_marks_are_known_after_libreoffice_saved_the_workbook(give_back, tmp_path):
    (tmp_path / "back.xlsx").write_bytes(give_back(KINDS["plain"]).content)
    (tmp_path / "out").mkdir()
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "back.xlsx")], check=True, capture_output=True, timeout=120)
    saved = Path(tmp_path / "out" / "back.xlsx").read_bytes()
    assert marks(opened(saved)).keys() == MARKED.keys()
    again = opened(give_back(saved, replace(TOLD, rows=FOUND[2:3])).content)
    assert marks(again) == {("POA 1", "A1"): "nota"}
    assert notes(again).keys() == {("POA 1", "A1")}
    assert again.sheetnames.count("Observaciones") == 1
