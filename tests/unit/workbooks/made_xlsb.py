"""Binary workbooks (.xlsb) made record by record: no program at hand writes them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbooks.reading.broken_cells_xls import ERRORS

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STATES = {"visible": 0, "hidden": 1, "veryHidden": 2}
BEGIN_SHEET, END_SHEET, BEGIN_DATA, END_DATA, DIMENSION, ROW = 129, 130, 145, 146, 148, 0
BEGIN_BOOK, END_BOOK, BEGIN_SHEETS, END_SHEETS, SHEET = 131, 132, 143, 144, 156
BLANK, PACKED, ERROR, BOOL, REAL, TEXT = range(1, 7)
FORMULA_REAL, FORMULA_ERROR = 9, 11
BEGIN_MERGES, END_MERGES, MERGE = 177, 178, 176
FORMULA = struct.pack("<HI3sI", 0, 3, b"\x1e\x01\x00", 0)  # =1
CODES = {text: code for code, text in ERRORS.items()}

# A cell by the letters before its value: "=" a formula's result, "#" an error, None a blank one with a style.
Value = str | float | int | bool | None
Rows = Mapping[int, Mapping[int, Value]]


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), bytearray()
    while size >= 128:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return head + bytes(length) + bytes([size]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(col: int, value: Value) -> bytes:
    """A cell in column ``col`` (from 1)."""
    kind, body = _value(value)
    return record(kind, struct.pack("<II", col - 1, 0) + body)


def _value(value: Value) -> tuple[int, bytes]:
    if value is None:
        return BLANK, b""
    if isinstance(value, bool):
        return BOOL, bytes([value])
    if isinstance(value, int):
        return PACKED, struct.pack("<i", value << 2 | 2)
    if isinstance(value, float):
        return REAL, struct.pack("<d", value)
    if value.startswith("#"):
        return ERROR, bytes([CODES[value]])
    if value.startswith("=#"):
        return FORMULA_ERROR, bytes([CODES[value[1:]]]) + FORMULA
    if value.startswith("="):
        return FORMULA_REAL, struct.pack("<d", float(value[1:])) + FORMULA
    return TEXT, wide(value)


def sheet(rows: Rows, merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A sheet's part; rows and columns from 1, ``merged`` as (row, col, last row, last col)."""
    parts = [record(BEGIN_SHEET), record(DIMENSION, struct.pack("<IIII", 0, 0, 0, 0)), record(BEGIN_DATA)]
    for row, cells in rows.items():
        parts.append(record(ROW, struct.pack("<IIHHBI", row - 1, 0, 300, 0, 0, 0)))
        parts += [cell(col, value) for col, value in cells.items()]
    parts.append(record(END_DATA))
    if merged:
        areas = [record(MERGE, struct.pack("<IIII", r - 1, r2 - 1, k - 1, k2 - 1)) for r, k, r2, k2 in merged]
        parts += [record(BEGIN_MERGES, struct.pack("<I", len(areas))), *areas, record(END_MERGES)]
    return b"".join([*parts, record(END_SHEET)])


def xlsb(path: Path, sheets: Mapping[str, bytes], states: Mapping[str, str] | None = None) -> Path:
    """A workbook at ``path`` of these sheets' parts, in order."""
    states = states or {}
    listed = [
        record(SHEET, struct.pack("<II", STATES[states.get(name, "visible")], no) + wide(f"rId{no}") + wide(name))
        for no, name in enumerate(sheets, 1)
    ]
    book = [record(BEGIN_BOOK), record(BEGIN_SHEETS), *listed, record(END_SHEETS), record(END_BOOK)]
    targets = "".join(
        f'<Relationship Id="rId{no}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{no}.bin"/>'
        for no in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.bin", b"".join(book))
        package.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{PACKAGE}">{targets}</Relationships>')
        for no, part in enumerate(sheets.values(), 1):
            package.writestr(f"xl/worksheets/sheet{no}.bin", part)
    return path
