"""What is checked about a file before any parser sees it: what it is by its content, and its size when expanded.

A file is refused here with the reason a unit understands; what passes may still fail to parse.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.findings.refusal import refuse
from workbooks.reading.checked_parts import checked_package, inflated, packed

if TYPE_CHECKING:
    import olefile

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
HTML_MARKS = (b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"mime-version:")
# What reading a directory of damaged bytes ends in: offsets and sizes that lead nowhere.
BROKEN = (OSError, ValueError, IndexError, OverflowError, struct.error)
ENCRYPTED = 0x1
MANIFEST, MANIFEST_MAX = "META-INF/manifest.xml", 1024**2  # bytes
FILEPASS, FIRST_RECORDS = 0x002F, 512  # bytes
MEMBERS_MAX = 10_000
WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


@dataclass(frozen=True)
class Limits:
    """What one workbook may weigh: bytes on disk, bytes expanded, sheets, cells of the used areas."""

    max_bytes: int
    max_expanded_bytes: int
    max_sheets: int
    max_cells: int


def admit(name: str, content: bytes, limits: Limits) -> bytes:
    """What of the content of the file ``name`` may be parsed as a workbook; raises RefusedError (A01, A02, A03) with
    the reason.
    """
    if name.startswith("~$"):
        raise refuse("A01", "lock_file")
    if not content:
        raise refuse("A01", "empty")
    if len(content) > limits.max_bytes:
        raise refuse("A03", "bytes", found=_mib(len(content)), limit=_mib(limits.max_bytes))
    if content.startswith(ZIP_MAGIC):
        return _admit_package(content, limits)
    if content.startswith(OLE_MAGIC):
        _admit_compound(content)
        return content
    if _looks_like_html(content):
        raise refuse("A01", "html")
    raise refuse("A01", "not_a_workbook")


def _admit_package(content: bytes, limits: Limits) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            locked = any(member.flag_bits & ENCRYPTED for member in members) or _locked_document(content, members)
    except (*BROKEN, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise refuse("A01", "damaged") from error
    if locked:
        raise refuse("A02", "encrypted")
    if not any(member.filename in WORKBOOK_PARTS for member in members):
        raise refuse("A01", "not_a_workbook")
    if len(members) > MEMBERS_MAX:
        raise refuse("A03", "members", found=f"{len(members):,}", limit=f"{MEMBERS_MAX:,}")
    expanded = sum(member.file_size for member in members)
    if expanded > limits.max_expanded_bytes:
        raise refuse("A03", "expanded", found=_mib(expanded), limit=_mib(limits.max_expanded_bytes))
    return checked_package(content, members, limits.max_cells)


def _locked_document(content: bytes, members: list[zipfile.ZipInfo]) -> bool:
    """Whether an OpenDocument's manifest says that its parts are encrypted."""
    manifests = (member for member in members if member.filename == MANIFEST and member.file_size < MANIFEST_MAX)
    return any(b"encryption-data" in inflated(packed(content, member), member) for member in manifests)


def _admit_compound(content: bytes) -> None:
    import olefile  # most workbooks are packages

    try:
        with olefile.OleFileIO(content) as compound:
            if compound.exists("EncryptedPackage"):
                raise refuse("A02", "encrypted")
            if not (compound.exists("Workbook") or compound.exists("Book")):
                raise refuse("A01", "not_a_workbook")
            looped = _has_loop(compound)
            locked = not looped and _is_encrypted(compound)
    except BROKEN as error:
        raise refuse("A01", "damaged") from error
    if looped:
        raise refuse("A01", "damaged")
    if locked:
        raise refuse("A02", "encrypted")


def _is_encrypted(compound: olefile.OleFileIO) -> bool:
    """Whether one of an .xls workbook's first records says that the others are encrypted."""
    start, at = compound.openstream("Workbook" if compound.exists("Workbook") else "Book").read(FIRST_RECORDS), 0
    while at + 4 <= len(start):
        record, size = struct.unpack_from("<HH", start, at)
        if record == FILEPASS:
            return True
        at += 4 + size
    return False


def _has_loop(compound: olefile.OleFileIO) -> bool:
    """Whether a chain of sectors leads back into itself: the reader would follow it without end."""
    compound.loadminifat()
    entries = [entry for entry in compound.direntries if entry is not None]
    large = [entry for entry in entries if entry.size >= compound.minisectorcutoff]
    starts = [compound.first_dir_sector, compound.first_mini_fat_sector, compound.root.isectStart]
    return any(_loops(compound.fat, start) for start in (*starts, *(entry.isectStart for entry in large))) or any(
        _loops(compound.minifat, entry.isectStart) for entry in entries if entry not in (compound.root, *large)
    )


def _loops(table: Sequence[int], sector: int) -> bool:
    for _ in range(len(table) + 1):
        if not 0 <= sector < len(table):
            return False
        sector = table[sector]
    return True


def _looks_like_html(content: bytes) -> bool:
    start = content[:4096].replace(b"\0", b"").lower()  # UTF-16 has a zero byte beside each letter
    return any(mark in start for mark in HTML_MARKS)


def _mib(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"
