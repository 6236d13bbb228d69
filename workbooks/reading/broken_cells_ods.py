"""Error cells and formulas without a result of an OpenDocument spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from workbooks.reading.xml_parts import DamagedXmlError, events

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
SHOWN_MOST = 1000  # cells that one repeated cell stands for


def broken(xml: bytes) -> Iterator[tuple[int, int, int, str]]:
    """sheet_no, row, col and text of every broken cell of content.xml."""
    sheet_no, row = -1, 1
    for event, element in events(xml, "start", "end"):
        if element.tag == f"{TABLE}table" and event == "start":
            sheet_no, row = sheet_no + 1, 1
        elif element.tag == f"{TABLE}table-row" and event == "end":
            times = _times(element, "rows")
            for col, text in _of_row(element):
                yield from ((sheet_no, at, col, text) for at in range(row, row + min(times, SHOWN_MOST)))
            row += times
            element.clear()


def _of_row(row: Element) -> Iterator[tuple[int, str]]:
    col = 1
    for cell in row:
        if cell.tag not in CELLS:
            continue
        times = _times(cell, "columns")
        if cell.tag == CELLS[0] and (text := _shown(cell)):
            yield from ((at, text) for at in range(col, col + min(times, SHOWN_MOST)))
        col += times


def _times(element: Element, what: str) -> int:
    try:
        return int(element.get(f"{TABLE}number-{what}-repeated", 1))
    except ValueError as error:
        raise DamagedXmlError(str(error)) from error


def _shown(cell: Element) -> str | None:
    formula = cell.get(f"{TABLE}formula")
    if cell.get(f"{CALC}value-type") == "error":
        return "".join(cell.itertext()).strip() or "#ERROR"
    if formula is None or cell.get(f"{OFFICE}value-type") is not None:
        return None
    return "=" + formula.partition("=")[2]
