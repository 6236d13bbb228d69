"""Workbooks with what units put into theirs: made by XlsxWriter, then changed as other programs would write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date

from xlsxwriter import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT, STRICT_RELATIONS = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONS.replace("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument"),
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)
VBA = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"macro" * 40


def furnished(*, macros: bool = False) -> bytes:
    """Three sheets, the first one hidden: formulas with results, a picture, a text box, notes, conditional formats,
    validations, a protected sheet, print titles, a filter and a chart.
    """
    stream = io.BytesIO()
    book = Workbook(stream)
    hidden, poa, guarded = (
        book.add_worksheet("Catálogo"),
        book.add_worksheet("POA 1"),
        book.add_worksheet("D'Año & <2>"),
    )
    hidden.hide()
    poa.activate()
    hidden.write("A1", "oculto")
    look = book.add_format(
        {"bold": True, "num_format": "#,##0", "border": 1, "font_color": "white", "bg_color": "#7B1E3A"}
    )
    poa.write_row("A1", ["UR", "Meta", "Total"], look)
    poa.write_row("A2", ["06", 62, 52])
    poa.write_formula("C3", "=SUM(B2:C2)", look, 114)
    poa.write_formula("D3", '=HYPERLINK("x")', None, "x")
    poa.write_datetime("D2", date(2024, 9, 30), book.add_format({"num_format": "dd/mm/yyyy"}))
    poa.merge_range("A5:C6", "Junto", look)
    poa.write_comment("B2", "Nota de la unidad", {"author": "Unidad"})
    poa.write_comment("C2", "Otra nota de la unidad", {"author": "Unidad"})
    poa.insert_image("F2", "logo.png", {"image_data": io.BytesIO(PIXEL)})
    poa.insert_textbox("F8", "Cuadro de texto")
    poa.conditional_format("B2:C9", {"type": "cell", "criteria": ">", "value": 50, "format": look})
    poa.data_validation("B2:B9", {"validate": "integer", "criteria": ">=", "value": 0})
    poa.repeat_rows(0, 1)
    poa.set_header("&LEncabezado")
    poa.autofilter("A1:C2")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='POA 1'!$B$2:$C$2"})
    poa.insert_chart("F12", chart)
    guarded.write_row("A1", ["cerrado", "abierto"])
    guarded.write("B1", "abierto", book.add_format({"locked": False}))
    guarded.protect("secreto")
    guarded.repeat_rows(0)
    if macros:
        book.add_vba_project(io.BytesIO(VBA), True)
    book.close()
    return stream.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(content: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return stream.getvalue()


def strict(content: bytes) -> bytes:
    """The same in the Strict form of the format."""
    return packed(
        {
            name: part.replace(MAIN.encode(), STRICT.encode()).replace(RELATIONS.encode(), STRICT_RELATIONS.encode())
            for name, part in parts(content).items()
        }
    )


def with_prefix(content: bytes) -> bytes:
    """The same with every element of the spreadsheet's own parts under a prefix."""
    return packed(
        {
            name: _prefixed(part)
            if re.match(r"xl/(workbook|styles|comments\d|worksheets/sheet\d)\.xml", name)
            else part
            for name, part in parts(content).items()
        }
    )


def with_threads(content: bytes) -> bytes:
    """The same with a conversation on a cell of "POA 1"."""
    made = parts(content)
    relations = "xl/worksheets/_rels/sheet2.xml.rels"
    thread = (
        '<Relationship Id="rId77" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    made[relations] = made[relations].replace(b"</Relationships>", thread.encode())
    made["xl/threadedComments/threadedComment1.xml"] = b"<ThreadedComments/>"
    return packed(made)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    return packed({**parts(content), name: part})


def _prefixed(xml: bytes) -> bytes:
    xml = xml.replace(b'xmlns="%s"' % MAIN.encode(), b'xmlns:x="%s"' % MAIN.encode())
    return re.sub(rb"<(/?)(?=[A-Za-z]+[\s/>])", rb"<\1x:", xml)


def document() -> bytes:
    """An OpenDocument with one sheet."""
    cells = (("UR", "=cmd"), ("06", 62))
    rows = "".join(f"<table:table-row>{''.join(map(_document_cell, row))}</table:table-row>" for row in cells)
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="POA 1">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def _document_cell(value: object) -> str:
    kind = "float" if isinstance(value, int) else "string"
    told = f' office:value="{value}"' if kind == "float" else ""
    return f'<table:table-cell office:value-type="{kind}"{told}><text:p>{value}</text:p></table:table-cell>'
