"""Cells of budget lines in no column of the form: kept and told where they surely are the block's, else left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.path import Batch, InboxFile, judged
from schemas import columns as c
from schemas.evidence import Context
from schemas.frames import Judged
from workbooks.admission import Limits

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


def told(path: Path, context: Context, limits: Limits) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What A07 tells, and what is kept."""
    found: Judged = judged(Batch([InboxFile(path, path.name, "0" * 64, path.stat().st_size)]), context, limits)
    findings = found.findings.filter(rule="A07").select(c.CELL, c.VALUE, c.EXPECTED)
    return findings.rows(), found.extra.select(c.UNIT_CODE, c.LABEL, c.VALUE, c.CELL).rows()


def test_a_column_of_its_own_right_of_the_block(
    founding: Path, tmp_path: Path, third_quarter: Context, limits: Limits
) -> None:
    path = edited(founding, tmp_path / "a.xlsx", {"P4": "Nota interna", "P6": "ver oficio", "P7": 12})
    assert told(path, third_quarter, limits) == (
        [("P3", "«Nota interna»", "2 celdas")],
        [("06", "Nota interna", "ver oficio", "P6"), ("63", "Nota interna", "12", "P7")],
    )


def test_a_column_among_those_of_the_block(
    founding: Path, tmp_path: Path, third_quarter: Context, limits: Limits
) -> None:
    path = edited(founding, tmp_path / "a.xlsx", {"H6": "reservado"}, column=8)
    assert told(path, third_quarter, limits) == ([("H3", "H", "1 celdas")], [("06", None, "reservado", "H6")])


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"P6": "Hoja 1 de 4"},  # a text that stands under nothing
        {"P4": "Nota interna"},  # a column that holds nothing
        {"P4": "Nota interna", "P6": "-"},
        {"Q2": "F-POA-01", "P8": "Firma", "S5": "Sello"},
    ],
)
def test_what_may_be_of_another_part_of_the_page_is_left_alone(
    founding: Path, tmp_path: Path, third_quarter: Context, limits: Limits, cells: Cells
) -> None:
    assert told(edited(founding, tmp_path / "a.xlsx", cells), third_quarter, limits) == ([], [])


def test_the_printed_workbook_has_none(as_printed: Path, third_quarter: Context, limits: Limits) -> None:
    assert told(as_printed, third_quarter, limits)[0] == []
