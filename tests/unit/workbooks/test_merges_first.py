"""Merged areas told before the cells: the reader finds the same, and what is not plainly written stays as it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from workbooks.merges_first import merges_first

HEAD, CELLS = (
    b'<worksheet><cols><col min="1"/></cols>',
    b'<sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData>',
)
MERGED, FOOT = b'<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>', b'<pageMargins left="1"/></worksheet>'
PROTECTED = b'<sheetProtection sheet="1"/>'


@pytest.mark.parametrize("between", [b"", PROTECTED])
def test_merged_areas_come_before_the_cells(between: bytes) -> None:
    part = HEAD + CELLS + between + MERGED + FOOT
    assert merges_first(part) == HEAD + MERGED + CELLS + between + FOOT


@pytest.mark.parametrize(
    "part",
    [
        HEAD + CELLS + FOOT,
        HEAD + CELLS + b"<autoFilter/>" + MERGED + FOOT,
        HEAD + CELLS + MERGED.replace(b'"A1:B2"/>', b'"A1:B2">') + FOOT,
        HEAD + CELLS + MERGED.replace(b"A1:B2", b"A1") + FOOT,
        HEAD + CELLS + b"<!-- " + MERGED + b" -->" + FOOT,
        b"<!-- <sheetData> -->" + HEAD + CELLS + MERGED + FOOT,
        HEAD + CELLS + CELLS + MERGED + FOOT,
        MERGED + HEAD,
        b"",
    ],
    ids=["none", "filter between", "not closed", "no area", "in a comment", "comment", "twice", "no cells", "empty"],
)
def test_what_is_written_in_another_way_stays(part: bytes) -> None:
    assert merges_first(part) is part


def test_the_reader_finds_the_same(founding: Path) -> None:
    after, moved = io.BytesIO(), 0
    with zipfile.ZipFile(founding) as package, zipfile.ZipFile(after, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            told = merges_first(part)
            moved += told is not part
            copy.writestr(name, told)
    assert read(after.getvalue()) == read(founding.read_bytes())
    assert moved


def read(content: bytes) -> list[tuple[object, object]]:
    """Cells and merged areas of each sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    return [(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges) for sheet in sheets]
