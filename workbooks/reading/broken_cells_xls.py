"""Error cells of an .xls workbook, out of its records (BIFF8); formulas in it always carry their result."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workbooks.reading.xlsb_records import DamagedRecordsError, as_prescribed

BOF, EOF, BOUNDSHEET, FORMULA, BOOLERR = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
WORKSHEET = 0
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
ERROR_RESULT, IN_FULL = 2, 0xFFFF  # of a formula's stored result: its kind, and that it is no number


def errors(content: bytes) -> Iterator[tuple[int, int, int, str]]:
    """sheet_no, row, col and text of every error; raises DamagedRecordsError."""
    import olefile  # most workbooks are none of this kind

    try:
        with olefile.OleFileIO(content) as compound:
            stream = compound.openstream("Workbook" if compound.exists("Workbook") else "Book").read()
    except (OSError, struct.error, IndexError) as error:  # what olefile raises on damage
        raise DamagedRecordsError(str(error)) from error
    with as_prescribed():
        yield from _errors(stream)


def _errors(stream: bytes) -> Iterator[tuple[int, int, int, str]]:
    starts = [start for start, kind in _sheets(stream) if kind == WORKSHEET]
    for sheet_no, start in enumerate(starts):
        for record, body in _records(stream, start):
            if record in (FORMULA, BOOLERR) and (text := _error(record, body)):
                row, col = struct.unpack_from("<HH", body)
                yield sheet_no, row + 1, col + 1, text


def _sheets(stream: bytes) -> Iterator[tuple[int, int]]:
    """Where each sheet's records start, and its kind."""
    for record, body in _records(stream, 0):
        if record == BOUNDSHEET:
            start, _, kind = struct.unpack_from("<IBB", body)
            yield start, kind


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream; those of charts inside it are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        record, size = struct.unpack_from("<HH", stream, at)
        depth += (record == BOF) - (record == EOF)
        if depth == 0:
            return
        if depth == 1:
            yield record, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _error(record: int, body: bytes) -> str | None:
    if record == BOOLERR:
        code = body[6] if body[7] else None
    else:
        (ending,) = struct.unpack_from("<H", body, 12)
        code = body[8] if ending == IN_FULL and body[6] == ERROR_RESULT else None
    return None if code is None else ERRORS.get(code, "#ERROR")
