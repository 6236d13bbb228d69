"""Files as units send them, sound and broken, made from the founding workbook."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ROOT, STREAM = 5, 2


def changed(founding: Path, target: Path, change: Callable[[Workbook], object]) -> Path:
    """The founding workbook, formulas replaced by their values, changed and saved as ``target``."""
    book = openpyxl.load_workbook(founding, data_only=True)
    change(book)
    book.save(target)
    return target


def compound(*streams: str) -> bytes:
    """An OLE compound file with up to three empty streams of these names."""
    difat = struct.pack("<109I", 0, *[FREE] * 108)
    numbers = struct.pack("<9I", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    fat = struct.pack("<128I", FAT_SECTOR, END_OF_CHAIN, *[FREE] * 126)
    entries = [_entry("Root Entry", ROOT, child=1)]
    entries += [
        _entry(name, STREAM, right=number + 1 if number < len(streams) else FREE)
        for number, name in enumerate(streams, 1)
    ]
    directory = b"".join(entries).ljust(512, b"\0")
    return header + numbers + difat + fat + directory


def _entry(name: str, kind: int, *, right: int = FREE, child: int = FREE) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    links = struct.pack("<3I", FREE, right, child)
    head = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1) + links
    return head + bytes(36) + struct.pack("<IQ", END_OF_CHAIN, 0)
