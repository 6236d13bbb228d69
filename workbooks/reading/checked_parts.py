"""The parts of a package that the reader is given: each looked at first, and none that was not.

What is checked under one name could be read under another, so the reader gets a package of its own. Parts are not
compressed in it, which saves more time than checking them takes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.findings.refusal import refuse
from workbooks.reading.far_cells import check_document, check_records, check_sheet

# Folders and parts of a workbook that hold no cells; pictures are most of the weight of some workbooks.
UNREAD = (
    *("[content_types].xml", "docprops/", "customxml/", "xl/theme/", "xl/drawings/", "xl/media/", "xl/charts/"),
    *("xl/externallinks/", "xl/printersettings/", "xl/pivotcache/", "xl/pivottables/", "xl/tables/", "xl/comments"),
    *("xl/threadedcomments/", "xl/persons/", "xl/activex/", "xl/ctrlprops/", "xl/vbaproject", "xl/calcchain"),
    "xl/embeddings/",
)
DOCUMENT, DOCUMENT_PARTS = "content.xml", ("mimetype", "content.xml", "meta-inf/manifest.xml")
BINARY_WORKBOOK, RELATIONS = "xl/workbook.bin", ("xl/_rels/workbook.bin.rels", "_rels/.rels")
DOCTYPE, HEAD = b"<!DOCTYPE", 1024  # bytes in which a part's document type would stand
STORED_MOST = 4 * 1024**2  # bytes; a larger part stays compressed, so that memory holds it once
LOCAL, DIRECTORY, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
VERSION, UTF8, LONG_AGO = 20, 0x800, 0x21


class Part(NamedTuple):
    """A part as it goes into the reader's package: its bytes, packed by ``method``."""

    name: bytes
    method: int
    checksum: int
    size: int
    packed: bytes


def checked_package(content: bytes, members: Iterable[zipfile.ZipInfo], cells_most: int) -> bytes:
    """A package with the parts that a reader may need.

    Raises RefusedError where one of them is damaged (A01), larger than it says (A01), declares a document type (A01)
    or reaches too far (A03).
    """
    named = [(member.filename.lower(), member) for member in members]
    names = {name for name, _ in named}
    workbook = any(name.startswith("xl/workbook.") for name in names)
    binary = BINARY_WORKBOOK in names
    return package(
        _part(content, member, name, cells_most, binary=binary)
        for name, member in named
        if (not name.startswith(UNREAD) and name != DOCUMENT if workbook else name in DOCUMENT_PARTS)
    )


def _part(content: bytes, member: zipfile.ZipInfo, name: str, cells_most: int, *, binary: bool) -> Part:
    raw = packed(content, member)
    part = inflated(raw, member)
    if DOCTYPE in part[:HEAD]:  # no part of any workbook has one; its entities can be made to expand without end
        raise refuse("A01", "document_type")
    if name == DOCUMENT:
        check_document(part, cells_most)
    elif binary and name not in RELATIONS:
        check_records(part, cells_most)
    else:
        check_sheet(part, cells_most)
    kept = raw if member.file_size > STORED_MOST else part
    method = member.compress_type if kept is raw else zipfile.ZIP_STORED
    return Part(member.filename.encode(), method, member.CRC, len(part), kept)


def packed(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a part as they lie in the package; raises RefusedError (A01) where they begin outside it."""
    at = member.header_offset
    if not 0 <= at <= len(content) - LOCAL.size:
        raise refuse("A01", "damaged")
    name, extra = struct.unpack_from("<HH", content, at + 26)
    start = at + LOCAL.size + name + extra
    return content[start : start + member.compress_size]


def inflated(raw: bytes, member: zipfile.ZipInfo) -> bytes:
    """The part, as large as it says it is and with its checksum, which the reader does not look at.

    Raises RefusedError (A01) where it is not.
    """
    part = _unpressed(raw, member)
    if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise refuse("A01", "damaged")
    return part


def _unpressed(raw: bytes, member: zipfile.ZipInfo) -> bytes:
    most = member.file_size + 1
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return raw[:most]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, most)
    except zlib.error as error:
        raise refuse("A01", "damaged") from error


def package(parts: Iterator[Part]) -> bytes:
    """A package of these parts, in this order."""
    written: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for part in parts:
        told = (UTF8, part.method, 0, LONG_AGO, part.checksum, len(part.packed), part.size, len(part.name), 0)
        written += (LOCAL.pack(b"PK\x03\x04", VERSION, *told), part.name, part.packed)
        directory += (DIRECTORY.pack(b"PK\x01\x02", VERSION, VERSION, *told, 0, 0, 0, 0, at), part.name)
        at += LOCAL.size + len(part.name) + len(part.packed)
    count, size = len(directory) // 2, sum(map(len, directory))
    return b"".join([*written, *directory, END.pack(b"PK\x05\x06", 0, 0, count, count, size, at, 0)])
