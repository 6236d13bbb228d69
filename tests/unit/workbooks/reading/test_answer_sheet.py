"""The sheet that we add to a workbook, when it comes back: known by its headings, answered by its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from made_observations import SHEET

from schemas.contracts import columns as c
from workbooks.export.observations import HEADING_ROW, write_observations
from workbooks.reading.answer_sheet import ANSWER, HEADINGS, heading_row
from workbooks.reading.read import read_workbooks

FIRST, ANSWERS = HEADING_ROW + 2, len(HEADINGS)
NAMES = [name for name, _ in HEADINGS]


@pytest.fixture
def returned(tmp_path: Path) -> Path:
    """Two findings, the second answered, beside a sheet of the unit's own."""
    path = tmp_path / "observaciones.xlsx"
    write_observations(path, SHEET)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(FIRST + 1, ANSWERS, "=Se corrige en octubre")
    book.worksheets[0].cell(FIRST + 1, ANSWERS).data_type = "s"
    book.worksheets[0].title = "Copia de observaciones"
    book.create_sheet("POA 1")["B2"] = "META ANUAL"
    book.save(path)
    return path


def test_answers_are_told_with_their_finding_and_nothing_else_of_the_sheet(returned, limits):
    book = read_workbooks([returned], limits)
    assert book.answers.rows() == [
        (0, "R05", "06", 10, "POA 2", "H31", "META ANUAL (19)", "=Se corrige en octubre"),
    ]
    assert book.sheets[c.SHEET].to_list() == ["POA 1"]
    assert book.ours_alone.is_empty()
    assert book.texts[c.TEXT].to_list() == ["META ANUAL"]
    assert book.cells.select(c.SHEET_NO, c.ROW, c.COL).rows() == [(1, 2, 2)]


def test_an_emptied_answer_is_told_where_the_sheet_was_sent_with_one(tmp_path, limits):
    path = tmp_path / "observaciones.xlsx"
    write_observations(path, replace(SHEET, rows=(SHEET.rows[0], replace(SHEET.rows[1], answer="En trámite"))))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(FIRST + 1, ANSWERS).value = None
    book.save(path)
    read = read_workbooks([path], limits)
    assert read.answers.rows() == [(0, "R05", "06", 10, "POA 2", "H31", "META ANUAL (19)", "")]
    assert read.ours_alone[c.FILE_ID].to_list() == [0]


def test_a_sheet_of_the_units_own_is_read_whatever_its_name(tmp_path, limits):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Observaciones"
    book.worksheets[0].append(["Regla", "Celda", "Mis observaciones", ANSWER])
    book.save(tmp_path / "propio.xlsx")
    read = read_workbooks([tmp_path / "propio.xlsx"], limits)
    assert read.sheets[c.SHEET].to_list() == ["Observaciones"]
    assert (read.answers.height, read.cells.height) == (0, 4)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([NAMES], 0),
        ([["título"], [], NAMES], 2),
        ([NAMES[::-1]], 0),
        ([[name for name in NAMES if name not in ("Valor", "UR")]], 0),
        ([[name for name in NAMES if name != ANSWER]], None),
        ([["x"]] * 40 + [NAMES], None),
        ([], None),
    ],
)
def test_it_is_known_by_its_headings(rows, found):
    assert heading_row(rows) == found
