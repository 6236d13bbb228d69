"""The records of an .xlsb workbook's parts (BIFF12), as far as cells and sheets need them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

ROW, BLANK, ERROR, FORMULA_ERROR, LAST_CELL = 0, 1, 3, 11, 11  # kinds; cells are all from BLANK to LAST_CELL
SHEET = 156
MOST_SIZE_BYTES = 4


class DamagedRecordsError(ValueError):
    """Records that are not built as their format prescribes."""


@contextmanager
def as_prescribed() -> Iterator[None]:
    """Reads records: where one is shorter than it must be, raises DamagedRecordsError."""
    try:
        yield
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise DamagedRecordsError(str(error)) from error


def records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of each record's body; raises DamagedRecordsError."""
    at, last = 0, len(part)
    while at < last:
        try:
            kind = part[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | (part[at] & 0x7F) << 7
                at += 1
            size = 0
            for place in range(MOST_SIZE_BYTES):
                size |= (part[at] & 0x7F) << 7 * place
                at += 1
                if not part[at - 1] & 0x80:
                    break
        except IndexError as error:
            raise DamagedRecordsError("a record ends before it begins") from error
        if at + size > last:
            raise DamagedRecordsError("a record reaches past the end of its part")
        yield kind, at, at + size
        at += size


def cells(part: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Kind, row, column (both from 1) and value of each cell of a sheet's part; raises DamagedRecordsError."""
    row = 0
    for kind, start, end in records(part):
        if kind == ROW:
            row = int.from_bytes(part[start : start + 4], "little") + 1
        elif kind <= LAST_CELL:
            with as_prescribed():
                (col,) = struct.unpack_from("<I", part, start)
            yield kind, row, col + 1, part[start + 8 : end]


def sheet_relations(part: bytes) -> Iterator[str]:
    """The relation of each sheet of a workbook's part, in order; raises DamagedRecordsError."""
    for kind, start, _ in records(part):
        if kind == SHEET:
            with as_prescribed():
                (length,) = struct.unpack_from("<I", part, start + 8)
                relation = part[start + 12 : start + 12 + 2 * length].decode("utf-16-le")
            yield relation
