"""Binary workbooks: read as any other, their error cells told, a cell far out refused before the reader sees it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made_xlsb import DIMENSION, END_DATA, Rows, Value, record, sheet, xlsb

from schemas.contracts import columns as c
from workbooks.reading.admission import Limits
from workbooks.reading.broken_cells import broken_cells
from workbooks.reading.read import read_workbooks

FAR = (1_048_576, 16_384)


def reason(path: Path, limits: Limits) -> str:
    """Rule and reason of the refusal, "" where the workbook is read."""
    refusal = read_workbooks([path], limits).refusals.get(0)
    return "" if refusal is None else f"{refusal.rule}.{refusal.reason}"


def grids(path: Path, limits: Limits) -> dict[str, dict[int, dict[int, Value]]]:
    """The values of a workbook's sheets by name, row and column."""
    book = read_workbooks([path], limits)
    texts = dict(book.texts.rows())
    found: dict[str, dict[int, dict[int, Value]]] = {name: {} for name in book.sheets[c.SHEET]}
    names = list(found)
    for no, row, col, text, number in book.cells.select(c.SHEET_NO, c.ROW, c.COL, c.TEXT_ID, c.NUMBER).rows():
        found[names[no]].setdefault(row, {})[col] = texts[text] if text is not None else number
    return found


def test_every_kind_of_cell(tmp_path: Path, limits: Limits) -> None:
    cells: dict[int, Value] = {1: "texto", 2: 12, 3: 0.75, 4: True, 5: None, 6: "=3.5", 7: "#REF!", 8: "=#N/A", 9: -4}
    path = xlsb(tmp_path / "a.xlsb", {"Uno": sheet({}), "Dos": sheet({3: cells})}, {"Uno": "hidden"})
    assert grids(path, limits) == {
        "Uno": {},
        "Dos": {3: {1: "texto", 2: 12, 3: 0.75, 4: "VERDADERO", 6: 3.5, 9: -4}},
    }
    assert read_workbooks([path], limits).sheets[c.VISIBLE].to_list() == [False, True]
    assert broken_cells({4: path}).rows() == [(4, 1, 3, 7, "#REF!"), (4, 1, 3, 8, "#N/A")]


def test_the_founding_workbook_as_xlsb_has_the_same_cells(tmp_path: Path, founding: Path, limits: Limits) -> None:
    whole = grids(founding, limits)
    path = xlsb(tmp_path / "UR06.xlsb", {name: sheet(rows) for name, rows in whole.items()})
    assert grids(path, limits) == whole
    assert broken_cells({0: path}).is_empty()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({1: {1: 1}, FAR[0]: {FAR[1]: 1}}, "A03.cells"),
        ({FAR[0]: {FAR[1]: 1}, 1: {1: 1}}, "A03.cells"),
        ({1: {FAR[1]: 1}, FAR[0]: {1: "#REF!"}}, "A03.cells"),
        ({1: {1: 1}, FAR[0]: {FAR[1]: None}}, ""),
        ({1: {1: 1}, 5000: {20: 1}}, ""),
    ],
)
def test_a_cell_far_out(rows: Rows, told: str, tmp_path: Path, limits: Limits) -> None:
    assert reason(xlsb(tmp_path / "a.xlsb", {"A": sheet(rows)}), limits) == told


def test_a_sheet_that_says_it_is_huge_is_as_large_as_its_cells(tmp_path: Path, limits: Limits) -> None:
    small = sheet({1: {1: 1}})
    at = small.index(record(DIMENSION, bytes(16)))
    huge = small[: at + 3] + b"\0\0\0\0\xff\xff\x0f\0\0\0\0\0\xff\x3f\0\0" + small[at + 19 :]
    assert len(huge) == len(small)
    assert reason(xlsb(tmp_path / "a.xlsb", {"A": huge}), limits) == ""


@pytest.mark.parametrize("cut", [1, 4, 9, 12])
def test_a_cut_sheet_is_damaged(cut: int, tmp_path: Path, limits: Limits) -> None:
    part = sheet({1: {1: "texto"}})
    end = part.index(record(END_DATA))
    assert reason(xlsb(tmp_path / "a.xlsb", {"A": part[: end - cut]}), limits) == "A01.damaged"
    assert broken_cells({0: tmp_path / "a.xlsb"}).is_empty()


def test_a_broken_directory_of_sheets_tells_nothing(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "a.xlsb", {"A": sheet({1: {1: "#REF!"}})})
    path.write_bytes(path.read_bytes().replace(b"xl/_rels/workbook.bin.rels", b"xl/_rels/otherbook.bin.rels"))
    assert broken_cells({0: path}).equals(pl.DataFrame(schema=broken_cells({}).schema))
