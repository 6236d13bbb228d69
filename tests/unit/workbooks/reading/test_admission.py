"""Admission: what a file is by its content, said before any parser sees it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.findings.refusal import RefusedError
from workbooks.reading.admission import OLE_MAGIC, Limits, admit

WORKBOOK = "xl/workbook.xml"


def refused(content: bytes, limits: Limits, name: str = "UR06.xlsx") -> str:
    """Rule and reason of the refusal, "" where the content is admitted."""
    try:
        admit(name, content, limits)
    except RefusedError as error:
        return str(error)
    return ""


def package(*members: str, content: bytes = b"<x/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, content)
    return stream.getvalue()


def test_a_workbook_is_admitted(founding: Path, limits: Limits) -> None:
    assert refused(founding.read_bytes(), limits) == ""


@pytest.mark.parametrize(("part", "content"), [(WORKBOOK, b"<x/>"), ("xl/workbook.bin", b""), ("content.xml", b"<x/>")])
def test_a_package_with_a_workbook_part_is_admitted(part: str, content: bytes, limits: Limits) -> None:
    assert refused(package(part, content=content), limits) == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "A01.empty"),
        (b"hola", "A01.not_a_workbook"),
        ("índice,año\n".encode("latin-1"), "A01.not_a_workbook"),
        (b"%PDF-1.7", "A01.not_a_workbook"),
        (b'<?xml version="1.0"?><Workbook/>', "A01.not_a_workbook"),
        (b"<html><body>", "A01.html"),
        (b"\xef\xbb\xbf\r\n  <!DOCTYPE html>", "A01.html"),
        (b"<meta charset=utf-8><table>", "A01.html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "A01.html"),
        (b"PK\x03\x04", "A01.damaged"),
        (package("word/document.xml"), "A01.not_a_workbook"),
        (package(WORKBOOK)[:-30], "A01.damaged"),
        (package(WORKBOOK)[4:], "A01.not_a_workbook"),
        (OLE_MAGIC, "A01.damaged"),
        (OLE_MAGIC + bytes(4096), "A01.damaged"),
    ],
)
def test_what_is_no_workbook_is_named(content: bytes, reason: str, limits: Limits) -> None:
    assert refused(content, limits) == reason


def test_a_web_page_in_two_byte_letters_is_one_too(limits: Limits) -> None:
    assert refused("<html><table>".encode("utf-16"), limits, "UR06.xls") == "A01.html"


def test_a_lock_file_is_told_by_its_name(founding: Path, limits: Limits) -> None:
    assert refused(founding.read_bytes(), limits, "~$UR06.xlsx") == "A01.lock_file"


def test_an_encrypted_member_is_told(limits: Limits) -> None:
    content = bytearray(package(WORKBOOK))
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1  # the flag of encryption in the central directory
    assert refused(bytes(content), limits) == "A02.encrypted"


def test_an_encrypted_open_document_is_told_by_its_manifest(limits: Limits) -> None:
    manifest = (
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    )
    assert refused(package("content.xml", "META-INF/manifest.xml", content=manifest), limits) == "A02.encrypted"
    assert refused(package("content.xml", "META-INF/manifest.xml"), limits) == ""


def test_limits_name_what_was_found(limits: Limits) -> None:
    content = package(WORKBOOK, content=bytes(3 * 1024**2))
    with pytest.raises(RefusedError, match=r"A03\.expanded") as caught:
        admit("UR06.xlsx", content, replace(limits, max_expanded_bytes=1024**2))
    assert caught.value.refusal.details == {"found": "3.0 MB", "limit": "1.0 MB"}
    with pytest.raises(RefusedError, match=r"A03\.bytes"):
        admit("UR06.xlsx", content, replace(limits, max_bytes=len(content) - 1))
    admit("UR06.xlsx", content, replace(limits, max_bytes=len(content)))


def test_a_compound_file_with_impossible_sectors_is_damaged(limits: Limits) -> None:
    header = bytearray(OLE_MAGIC + bytes(1536))
    header[30:34] = b"\xff\xff\xff\xff"  # sector sizes of two to the power of 65535
    assert refused(bytes(header), limits, "UR06.xls") == "A01.damaged"
