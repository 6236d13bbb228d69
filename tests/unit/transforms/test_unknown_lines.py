"""Cells of budget lines in no column of the form: kept and told where they surely are the block's, else left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from workbooks.reading.admission import Limits

Cells = dict[str, object]


def edited(founding: Path, path: Path, cells: Cells, *, column: int | None = None) -> Path:
    """The founding workbook with ``cells`` on its first sheet, an empty column put in before ``column``."""
    book = load_workbook(founding)
    sheet = book.worksheets[0]
    for merged in list(sheet.merged_cells.ranges) if column else ():
        sheet.unmerge_cells(str(merged))
    if column:
        sheet.insert_cols(column)
    for address, value in cells.items():
        sheet[address] = value
    book.save(path)
    return path


# A column of its own right of the block, and one among the block's, put in before the eighth.
OWN: Cells = {"P4": "Nota interna", "P6": "ver oficio", "P7": 12}
AMONG: Cells = {"H6": "reservado"}
LEFT_ALONE: list[Cells] = [
    {},
    {"P6": "Hoja 1 de 4"},  # a text that stands under nothing
    {"P4": "Nota interna"},  # a column that holds nothing
    {"P4": "Nota interna", "P6": "-"},
    {"Q2": "F-POA-01", "P8": "Firma", "S5": "Sello"},
]
Told = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def told(
    founding: Path,
    as_printed: Path,
    third_quarter: Context,
    limits: Limits,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Told]:
    """What A07 tells, and what is kept, of each: OWN, AMONG, the printed workbook, LEFT_ALONE; judged as one batch."""
    folder = tmp_path_factory.mktemp("unknown")
    paths = [
        edited(founding, folder / "own.xlsx", OWN),
        edited(founding, folder / "among.xlsx", AMONG, column=8),
        as_printed,
        *(edited(founding, folder / f"{number}.xlsx", cells) for number, cells in enumerate(LEFT_ALONE)),
    ]
    files = [InboxFile(path, path.name, f"{number:064}", path.stat().st_size) for number, path in enumerate(paths)]
    every: Judged = judged(Batch(files), third_quarter, limits)
    findings = every.findings.filter(rule="A07").select(c.FILE_ID, c.CELL, c.VALUE, c.EXPECTED)
    extra = every.extra.select(c.FILE_ID, c.UNIT_CODE, c.LABEL, c.VALUE, c.CELL)
    return [
        (findings.filter(file_id=number).drop(c.FILE_ID).rows(), extra.filter(file_id=number).drop(c.FILE_ID).rows())
        for number in range(len(paths))
    ]


def test_a_column_of_its_own_right_of_the_block(told: list[Told]) -> None:
    assert told[0] == (
        [("P3", "«Nota interna»", "2 celdas")],
        [("06", "Nota interna", "ver oficio", "P6"), ("63", "Nota interna", "12", "P7")],
    )


def test_a_column_among_those_of_the_block(told: list[Told]) -> None:
    assert told[1] == ([("H3", "H", "1 celdas")], [("06", None, "reservado", "H6")])


def test_the_printed_workbook_has_none(told: list[Told]) -> None:
    assert told[2][0] == []


@pytest.mark.parametrize("number", range(len(LEFT_ALONE)))
def test_what_may_be_of_another_part_of_the_page_is_left_alone(number: int, told: list[Told]) -> None:
    assert told[3 + number] == ([], [])
