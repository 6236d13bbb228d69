"""Whatever another program, a bad disk or a bad line made of a workbook, the reader reads it or refuses it."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_packages import document, furnished, packed, parts, strict

from schemas.findings.refusal import RefusedError
from workbooks.reading.admission import Limits, admit
from workbooks.reading.broken_cells import broken_cells
from workbooks.reading.read import read_workbooks

ENCODINGS = (b"utf-16", b"cp037", b"no-existe", b"idna", b"rot13", b"")
HEADER = re.compile(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06")


@cache
def sound() -> list[bytes]:
    """Workbooks of several kinds that the reader reads."""
    return [furnished(), strict(furnished()), document()]


@st.composite
def bytes_changed(draw: st.DrawFn) -> bytes:
    """A workbook with a few bytes changed, most of them in the headers of its parts, or cut."""
    content = bytearray(draw(st.sampled_from(sound())))
    headers = [found.start() for found in HEADER.finditer(content)]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(headers)) + draw(st.integers(4, 45))
        if draw(st.booleans()):
            at = draw(st.integers(0, len(content) - 1))
        content[min(at, len(content) - 1)] = draw(st.sampled_from([0, 1, 8, 12, 14, 99, 0x7F, 0xFF]))
    return bytes(content[: draw(st.one_of(st.just(len(content)), st.integers(4, len(content))))])


@st.composite
def encoding_changed(draw: st.DrawFn) -> bytes:
    """A workbook one of whose parts states another encoding than it is in."""
    made = parts(draw(st.sampled_from(sound())))
    name = draw(st.sampled_from(sorted(made)))
    stated = b'<?xml version="1.0" encoding="%s"?>' % draw(st.sampled_from(ENCODINGS))
    made[name] = stated + re.sub(rb"^<\?xml[^>]*>\s*", b"", made[name])
    return packed(made)


def check(content: bytes, folder: Path, limits: Limits) -> None:
    path = folder / "UR06.xlsx"
    path.write_bytes(content)
    cells = read_workbooks([path], limits)
    assert set(cells.refusals) <= {0}
    broken_cells({0: path})


@given(content=st.one_of(bytes_changed(), encoding_changed()))
@settings(max_examples=150)
def test_it_is_read_or_refused(content: bytes, limits: Limits, tmp_path_factory: pytest.TempPathFactory) -> None:
    check(content, tmp_path_factory.getbasetemp(), limits)


@pytest.mark.soak
@given(content=st.one_of(bytes_changed(), encoding_changed()))
@settings(max_examples=10_000)
def test_many_are_read_or_refused(content: bytes, limits: Limits, tmp_path_factory: pytest.TempPathFactory) -> None:
    check(content, tmp_path_factory.getbasetemp(), limits)


@pytest.mark.parametrize("kind", range(3))
def test_the_unchanged_ones_are_read(kind: int, limits: Limits, tmp_path: Path) -> None:
    path = tmp_path / "UR06.xlsx"
    path.write_bytes(sound()[kind])
    assert read_workbooks([path], limits).refusals == {}


@pytest.mark.parametrize("offset", [2**31, 2**32 - 2])
def test_a_part_that_begins_outside_its_package(offset: int, limits: Limits) -> None:
    content = bytearray(furnished())
    for entry in re.finditer(rb"PK\x01\x02", bytes(content)):
        struct.pack_into("<I", content, entry.start() + 42, offset)
    with pytest.raises(RefusedError, match=r"A01\.damaged"):
        admit("UR06.xlsx", bytes(content), limits)


def test_an_open_document_in_an_unknown_encoding(limits: Limits) -> None:
    made = parts(document())
    made["content.xml"] = b'<?xml version="1.0" encoding="no-existe"?>' + made["content.xml"]
    with pytest.raises(RefusedError, match=r"A01\.damaged"):
        admit("UR06.ods", packed(made), limits)
