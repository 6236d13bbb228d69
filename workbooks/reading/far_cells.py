"""How far the cells of a package reach, looked up before the reader sees it: it makes room for every cell up to the
last one, and one cell in the last row and column ends its process.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]

from schemas.findings.refusal import refuse
from workbooks.reading.xlsb_records import BLANK, DamagedRecordsError, cells
from workbooks.reading.xml_parts import events

# Up to 999 rows every column may be filled and the reader still survives; its own count refuses such a sheet.
ONE_KIND = bytes.maketrans(b"123456789'", b'000000000"')
FOUR_DIGITS = b'0000"'
FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]+)["'][^>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]+)["']""")
TABLE, OFFICE = (
    "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
)


def check_sheet(xml: bytes, cells_most: int) -> None:
    """Raises RefusedError (A03) where cells of a sheet reach too far; any other part passes."""
    start = xml.find(b"sheetData")
    if start < 0 or FOUR_DIGITS not in xml[start:].translate(ONE_KIND):
        return
    filled = [(int(row), _column(letters)) for letters, row in FILLED.findall(xml)]
    rows = max((row for row, _ in filled), default=0) or max(map(int, ROW.findall(xml)), default=0)
    _check_area(rows * max((col for _, col in filled), default=1), cells_most)


def check_records(part: bytes, cells_most: int) -> None:
    """The same of an .xlsb; what it says of its own dimension is not looked at, here or by the reader."""
    last_row = last_col = 0
    try:
        for kind, row, col, _ in cells(part):
            if kind != BLANK:
                last_row, last_col = max(last_row, row), max(last_col, col)
    except DamagedRecordsError as error:
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


def check_document(xml: bytes, cells_most: int) -> None:
    """The same of an OpenDocument, whose rows and cells say how often they repeat."""
    row = last_row = last_col = 0
    try:
        for event, element in events(xml, "start", "end"):
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
    except ValueError as error:  # DamagedXmlError, or a repetition that is no number
        raise refuse("A01", "damaged") from error


def _last_filled(row: Element) -> int:
    col = last = 0
    for cell in row:
        col += int(cell.get(f"{TABLE}number-columns-repeated", 1))
        if cell.get(f"{OFFICE}value-type") is not None or len(cell):
            last = col
    return last
