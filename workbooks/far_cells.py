"""How far the cells of a package reach, looked up before the reader sees it: it makes room for every cell up to the
last one, and one cell in the last row and column ends its process.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from schemas.refusal import refuse
from workbooks.xlsb_records import BLANK, cells

SHEETS = "xl/worksheets/"
READ_TOO = {f"xl/{part}.{ending}" for part in ("workbook", "sharedStrings", "styles") for ending in ("xml", "bin")}
DOCTYPE, HEAD = b"<!DOCTYPE", 1024  # bytes in which a part's document type would stand
LOCAL_HEADER = 30  # bytes, before name and extra field
# Up to 999 rows every column may be filled and the reader still survives; its own count refuses such a sheet.
ONE_KIND = bytes.maketrans(b"123456789'", b'000000000"')
FOUR_DIGITS = b'0000"'
FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]+)["'][^>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]+)["']""")
TABLE, OFFICE = (
    "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
)


def check_parts(content: bytes, members: Iterable[zipfile.ZipInfo], cells_most: int) -> None:
    """Raises RefusedError where a part that is read is damaged (A01), larger than it says (A01), declares a document
    type (A01) or reaches too far (A03).
    """
    for member in members:
        if member.filename.startswith(SHEETS) and member.filename.endswith(".xml"):
            _check_reach(_whole(content, member), cells_most)
        elif member.filename.startswith(SHEETS) and member.filename.endswith(".bin"):
            _check_records(_whole(content, member), cells_most)
        elif member.filename in READ_TOO:
            _whole(content, member)
        elif member.filename == "content.xml":
            _check_document(_whole(content, member), cells_most)


def _whole(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The part, as large as it says it is and with its checksum, which the reader does not look at."""
    part = _inflated(content, member, member.file_size + 1)
    if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise refuse("A01", "damaged")
    _no_document_type(part[:HEAD])
    return part


def _inflated(content: bytes, member: zipfile.ZipInfo, most: int) -> bytes:
    at = member.header_offset
    name, extra = (int.from_bytes(content[at + field : at + field + 2], "little") for field in (26, 28))
    start = at + LOCAL_HEADER + name + extra
    packed = content[start : start + member.compress_size]
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return packed[:most]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    except zlib.error as error:
        raise refuse("A01", "damaged") from error


def _no_document_type(head: bytes) -> None:
    """A document type is no part of any workbook; its entities can be made to expand without end."""
    if DOCTYPE in head:
        raise refuse("A01", "document_type")


def _check_reach(xml: bytes, cells_most: int) -> None:
    if FOUR_DIGITS not in xml[xml.find(b"sheetData") :].translate(ONE_KIND):
        return
    filled = [(int(row), _column(letters)) for letters, row in FILLED.findall(xml)]
    rows = max((row for row, _ in filled), default=0) or max(map(int, ROW.findall(xml)), default=0)
    _check_area(rows * max((col for _, col in filled), default=1), cells_most)


def _check_records(part: bytes, cells_most: int) -> None:
    """The same of an .xlsb; what it says of its own dimension is not looked at, here or by the reader."""
    last_row = last_col = 0
    try:
        for kind, row, col, _ in cells(part):
            if kind != BLANK:
                last_row, last_col = max(last_row, row), max(last_col, col)
    except (struct.error, ValueError, IndexError) as error:
        raise refuse("A01", "damaged") from error
    _check_area(last_row * last_col, cells_most)


def _check_area(area: int, cells_most: int) -> None:
    if area > cells_most:
        raise refuse("A03", "cells", found=f"{area:,}", limit=f"{cells_most:,}")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_document(xml: bytes, cells_most: int) -> None:
    """The same of an OpenDocument, whose rows and cells say how often they repeat."""
    row = last_row = last_col = 0
    try:
        for event, element in iterparse(io.BytesIO(xml), events=("start", "end"), forbid_dtd=True):
            if event == "start" and element.tag == f"{TABLE}table":
                row = last_row = last_col = 0
            elif event == "end" and element.tag == f"{TABLE}table-row":
                row += int(element.get(f"{TABLE}number-rows-repeated", 1))
                if col := _last_filled(element):
                    last_row, last_col = row, max(last_col, col)
                _check_area(last_row * last_col, cells_most)
                element.clear()
    except DefusedXmlException as error:
        raise refuse("A01", "document_type") from error
    except (ParseError, ValueError) as error:
        raise refuse("A01", "damaged") from error


def _last_filled(row: Element) -> int:
    col = last = 0
    for cell in row:
        col += int(cell.get(f"{TABLE}number-columns-repeated", 1))
        if cell.get(f"{OFFICE}value-type") is not None or len(cell):
            last = col
    return last
