"""Files made to harm the reader: each is refused with its reason, in a moment, and nothing of it is run or followed."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from schemas.findings.refusal import RefusedError
from schemas.rules.rulebook import CARDS
from workbooks.reading.admission import Limits, admit
from workbooks.reading.read import read_workbooks

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ODS = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="A">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)
Change = Callable[[bytes], bytes]


def changed(founding: Path, changes: Mapping[str, Change], more: Mapping[str, bytes] | None = None) -> bytes:
    """The founding workbook with some of its parts changed and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(founding) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, changes.get(name, bytes)(source.read(name)))
        for name, content in (more or {}).items():
            made.writestr(name, content)
    return stream.getvalue()


def with_row(row: bytes) -> Mapping[str, Change]:
    return {SHEET: lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + row, 1)}


def reason(content: bytes, tmp_path: Path, limits: Limits) -> str:
    """Rule and reason of the refusal, "" where the workbook is read; every reason has its words."""
    path = tmp_path / "UR06.xlsx"
    path.write_bytes(content)
    refusal = read_workbooks([path], limits).refusals.get(0)
    if refusal is None:
        return ""
    assert CARDS[refusal.rule].messages[refusal.reason].format(**refusal.details)
    return f"{refusal.rule}.{refusal.reason}"


@pytest.mark.parametrize(
    "row",
    [
        FAR,
        b'<row r="1"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="200000"><c r="T200000"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out(row: bytes, tmp_path: Path, founding: Path, limits: Limits) -> None:
    assert reason(changed(founding, with_row(row)), tmp_path, limits) == "A03.cells"


@pytest.mark.parametrize(
    "name", ["foo/sheet1.xml", "worksheets/sheet1.dat", "WorkSheets/sheet1.XML", "worksheets/sheet1.rels"]
)
def test_a_cell_far_out_in_a_part_of_another_name(name: str, tmp_path: Path, founding: Path, limits: Limits) -> None:
    """The reader follows the workbook's relations wherever they lead; it is given no part that was not looked at."""
    with zipfile.ZipFile(founding) as whole:
        sheet = whole.read(SHEET).replace(b"<sheetData>", b"<sheetData>" + FAR, 1)
    relations = {RELATIONS: lambda xml: xml.replace(b"worksheets/sheet1.xml", name.encode())}
    assert reason(changed(founding, relations, {f"xl/{name}": sheet}), tmp_path, limits) == "A03.cells"


def test_a_sheet_among_what_is_never_read_is_not_there(tmp_path: Path, founding: Path, limits: Limits) -> None:
    relations = {RELATIONS: lambda xml: xml.replace(b"worksheets/sheet1.xml", b"media/sheet1.xml")}
    with zipfile.ZipFile(founding) as whole:
        sheet = whole.read(SHEET)
    assert reason(changed(founding, relations, {"xl/media/sheet1.xml": sheet}), tmp_path, limits) == "A01.damaged"


def test_the_reader_gets_the_parts_that_were_checked(founding: Path, limits: Limits) -> None:
    content = founding.read_bytes()
    with zipfile.ZipFile(io.BytesIO(admit("a.xlsx", content, limits))) as given, zipfile.ZipFile(founding) as whole:
        assert given.testzip() is None
        assert set(given.namelist()) < set(whole.namelist())
        assert {SHEET, STRINGS, RELATIONS, "xl/workbook.xml", "xl/styles.xml"} < set(given.namelist())
        assert all(given.read(name) == whole.read(name) for name in given.namelist())


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="XFD1048576" s="1"/></row>',
        b'<row r="1048576" spans="1:20" ht="48"/>',
        b'<row r="5000"><c r="T5000"><v>1</v></c></row>',
    ],
)
def test_what_only_looks_far(row: bytes, tmp_path: Path, founding: Path, limits: Limits) -> None:
    at_end = {SHEET: lambda xml: xml.replace(b"</sheetData>", row + b"</sheetData>", 1)}
    assert reason(changed(founding, at_end), tmp_path, limits) == ""


@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml"])
def test_entities_that_expand_without_end(part: str, tmp_path: Path, founding: Path, limits: Limits) -> None:
    laughing = changed(founding, {part: lambda xml: xml.replace(b"?>", b"?>" + LAUGHS, 1)})
    assert reason(laughing, tmp_path, limits) == "A01.document_type"


def test_a_text_of_a_gibibyte(founding: Path, limits: Limits) -> None:
    """Never written out here: the directory alone says so."""
    content = bytearray(changed(founding, {}))
    entry = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    content[entry + 24 : entry + 28] = struct.pack("<I", 1024**3)
    with pytest.raises(RefusedError, match=r"A03\.expanded"):
        admit("UR06.xlsx", bytes(content), limits)


@pytest.mark.parametrize("part", [SHEET, STRINGS])
@pytest.mark.parametrize("stated", [10, 99_999])
def test_a_part_that_lies_about_its_size(
    part: str, stated: int, tmp_path: Path, founding: Path, limits: Limits
) -> None:
    content = bytearray(changed(founding, {}))
    entry = content.index(part.encode(), content.index(b"PK\x01\x02")) - 46
    content[entry + 24 : entry + 28] = struct.pack("<I", stated)
    told = reason(bytes(content), tmp_path, Limits(20 * 1024**2, 1024**2, 60, 2_000_000))
    assert told == "A01.damaged"


@pytest.mark.parametrize("part", [SHEET, STRINGS])
def test_a_wrong_checksum(part: str, tmp_path: Path, founding: Path, limits: Limits) -> None:
    content = bytearray(changed(founding, {}))
    entry = content.index(part.encode(), content.index(b"PK\x01\x02")) - 46
    content[entry + 16] ^= 0xFF
    start = int.from_bytes(content[entry + 42 : entry + 46], "little")
    content[start + 14] ^= 0xFF
    assert reason(bytes(content), tmp_path, limits) == "A01.damaged"


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_package(cut: float, tmp_path: Path, founding: Path, limits: Limits) -> None:
    content = founding.read_bytes()
    assert reason(content[: int(len(content) * cut)], tmp_path, limits) == "A01.damaged"


def test_a_package_in_a_package_is_no_workbook(tmp_path: Path, founding: Path, limits: Limits) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.write(founding, "UR06.xlsx")
    assert reason(stream.getvalue(), tmp_path, limits) == "A01.not_a_workbook"
    assert reason(changed(founding, {}, {"xl/media/otro.zip": stream.getvalue()}), tmp_path, limits) == ""


def test_more_parts_than_any_workbook_has(tmp_path: Path, founding: Path, limits: Limits) -> None:
    many = {f"xl/media/{number}": b"" for number in range(10_000)}
    assert reason(changed(founding, {}, many), tmp_path, limits) == "A03.members"


def test_macros_and_external_links_are_not_even_opened(tmp_path: Path, founding: Path, limits: Limits) -> None:
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>'
    away = b'<Relationships><Relationship Id="rId1" Target="file:///dev/zero" TargetMode="External"/></Relationships>'
    parts = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 no es un proyecto",
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": away,
    }
    assert reason(changed(founding, {}, parts), tmp_path, limits) == ""


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            b'<table:table-row table:number-rows-repeated="1048576">'
            b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            b"</table:table-row>",
            "A03.cells",
        ),
        (
            b'<table:table-row table:number-rows-repeated="1048575"/><table:table-row><table:table-cell'
            b' table:number-columns-repeated="9" office:value-type="float" office:value="1"/></table:table-row>',
            "A03.cells",
        ),
        (
            b'<table:table-row table:number-rows-repeated="1048576">'
            b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
            "",
        ),
        (b"<table:table-row>", "A01.damaged"),
    ],
)
def test_repeated_rows_of_an_open_document(rows: bytes, told: str, limits: Limits) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("content.xml", ODS % rows)
    if not told:
        admit("UR06.ods", stream.getvalue(), limits)
        return
    with pytest.raises(RefusedError, match=told):
        admit("UR06.ods", stream.getvalue(), limits)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """A folder with the founding workbook as .xls and .ods, written by another program."""
    if not shutil.which("soffice"):
        pytest.skip("needs soffice to write .xls and .ods")
    folder = tmp_path_factory.mktemp("converted")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    for ending in ("xls", "ods"):
        command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(founding)]
        subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(folder)})
    return folder


def test_sectors_that_lead_in_a_circle(converted: Path, tmp_path: Path, limits: Limits) -> None:
    content = bytearray((converted / "POA_2024_UR06.xls").read_bytes())
    table = (struct.unpack_from("<I", content, 76)[0] + 1) * 512  # the first sector of the allocation table
    assert struct.unpack_from("<II", content, table + 4 * 9) == (10, 11)  # in the midst of the workbook's records
    struct.pack_into("<I", content, table + 4 * 10, 5)
    assert reason(bytes(content), tmp_path, limits) == "A01.damaged"


def test_an_encrypted_xls(converted: Path, tmp_path: Path, limits: Limits) -> None:
    """The record after the first says that all that follows is encrypted."""
    content = bytearray((converted / "POA_2024_UR06.xls").read_bytes())
    at = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    struct.pack_into("<H", content, at, 0x002F)
    assert reason(bytes(content), tmp_path, limits) == "A02.encrypted"


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
@pytest.mark.parametrize("written", ["xlsx", "xls", "ods"])
def test_a_format_is_told_by_its_content(
    name: str, written: str, converted: Path, tmp_path: Path, founding: Path, limits: Limits
) -> None:
    """The founding workbook in each format, under a right and two wrong names, has the same cells."""
    source = founding if written == "xlsx" else converted / f"POA_2024_UR06.{written}"
    copy = Path(shutil.copy(source, tmp_path / name))
    book = read_workbooks([founding, copy], limits)
    assert book.refusals == {}
    texts = dict(book.texts.rows())
    first, second = (
        [
            (*place, texts.get(text), number and round(number, 9), date)
            for file, *place, text, number, date in book.cells.rows()
            if file == file_id and place[1:] != [1, 1]  # an .ods tells the logo's name there too
        ]
        for file_id in (0, 1)
    )
    assert second == first
