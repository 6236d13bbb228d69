"""Reading: every cell with its place and kind; a file that cannot be read is refused alone, with its reason."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.chart import BarChart

from schemas.contracts import columns as c
from schemas.findings.refusal import Refusal
from workbooks.reading.admission import Limits
from workbooks.reading.cells import Cells
from workbooks.reading.read import read_workbooks

OFFICE = pytest.mark.skipif(not shutil.which("soffice"), reason="needs soffice to write .xls and .ods")
FIRST_SHEET = "xl/worksheets/sheet1.xml"


def saved(path: Path, *sheets: dict[str, Any], title: str = "Hoja") -> Path:
    """A workbook at ``path`` whose sheets hold these cells by address."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, cells in enumerate(sheets, 1):
        sheet = book.create_sheet(f"{title}{number}")
        for address, value in cells.items():
            sheet[address] = value
    book.save(path)
    return path


def spliced(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """``path`` with one part of its package changed."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, change(content) if name == part else content)
    path.write_bytes(stream.getvalue())
    return path


def converted(path: Path, ending: str) -> Path:
    """``path`` in another format, written by another program."""
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{ending}")


def values(book: Cells, file_id: int = 0) -> dict[tuple[int, int, int], object]:
    """Value by (sheet, row, column) of one file."""
    texts = dict(book.texts.rows())
    cells = book.cells.filter(pl.col(c.FILE_ID) == file_id).drop(c.FILE_ID)
    return {
        (sheet, row, col): texts[text] if text is not None else number if number is not None else day
        for sheet, row, col, text, number, day in cells.iter_rows()
    }


def test_every_kind_of_cell(tmp_path: Path, limits: Limits) -> None:
    cells = {"A1": "texto", "B1": 12, "C1": 0.75, "D1": date(2024, 3, 15), "E1": datetime(2024, 3, 15, 10, 30)}
    cells |= {"A2": True, "B2": False, "C2": time(9, 30), "D2": timedelta(hours=30), "E2": "06", "F2": "  "}
    assert values(read_workbooks([saved(tmp_path / "a.xlsx", cells)], limits)) == {
        (0, 1, 1): "texto",
        (0, 1, 2): 12.0,
        (0, 1, 3): 0.75,
        (0, 1, 4): date(2024, 3, 15),
        (0, 1, 5): date(2024, 3, 15),
        (0, 2, 1): "VERDADERO",
        (0, 2, 2): "FALSO",
        (0, 2, 3): "09:30:00",
        (0, 2, 4): "1 day, 6:00:00",
        (0, 2, 5): "06",
    }


@pytest.mark.parametrize("ending", ["xlsx", pytest.param("xls", marks=OFFICE), pytest.param("ods", marks=OFFICE)])
def test_hidden_sheets_are_known(ending: str, tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", *({"A1": 1} for _ in range(3)))
    book = openpyxl.load_workbook(path)
    for sheet, state in zip(book.worksheets, ("visible", "hidden", "veryHidden"), strict=True):
        sheet.sheet_state = state
    book.save(path)
    path = path if ending == "xlsx" else converted(path, ending)
    sheets = read_workbooks([path], limits).sheets
    assert sheets.select(c.SHEET_NO, c.VISIBLE).rows() == [(0, True), (1, False), (2, False)]


def test_cells_keep_their_place_whatever_is_empty_before_them(tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", {}, {"C5": "x", "ABC7": 1, "XFD9": 2}, title="POA 'año' 😀 ")
    book = read_workbooks([path], limits)
    assert values(book) == {(1, 5, 3): "x", (1, 7, 731): 1.0, (1, 9, 16384): 2.0}
    assert book.sheets[c.SHEET].to_list() == ["POA 'año' 😀 1", "POA 'año' 😀 2"]


def test_each_distinct_text_is_kept_once(tmp_path: Path, limits: Limits) -> None:
    paths = [saved(tmp_path / name, {"A1": "uno", "A2": "dos", "A3": "uno"}) for name in ("a.xlsx", "b.xlsx")]
    book = read_workbooks(paths, limits)
    assert sorted(book.texts[c.TEXT]) == ["dos", "uno"]
    assert len(book.cells) == 6


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u00a0", "\u200b", "\ufeff \u2060"])
def test_spaces_are_no_content(tmp_path: Path, limits: Limits, blank: str) -> None:
    assert values(read_workbooks([saved(tmp_path / "a.xlsx", {"A1": blank, "B1": "x"})], limits)) == {(0, 1, 2): "x"}


def test_the_longest_text_that_a_cell_holds(tmp_path: Path, limits: Limits) -> None:
    text = "ñ" * 32767
    assert values(read_workbooks([saved(tmp_path / "a.xlsx", {"A1": text})], limits)) == {(0, 1, 1): text}


def test_of_a_merged_area_only_its_anchor_counts(tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": "a", "B2": "b", "C3": "c"})
    area = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B9"/></mergeCells>'
    book = read_workbooks([spliced(path, FIRST_SHEET, lambda xml: xml.replace(b"</sheetData>", area))], limits)
    assert values(book) == {(0, 1, 1): "a", (0, 3, 3): "c"}
    assert book.merges.rows() == [(0, 0, 1, 1, 9, 2)]


@pytest.mark.parametrize(
    ("area", "left"),
    [
        ("A1:B1", "a.c def ghi"),
        ("B1:B3", "abc d.f g.i"),
        ("B2:J9", "abc de. g.."),
        ("C1:J1", "abc def ghi"),
        ("A3:A9", "abc def ghi"),
        ("F6:J9", "abc def ghi"),
    ],
)
def test_a_merged_area_may_reach_past_the_cells(tmp_path: Path, limits: Limits, area: str, left: str) -> None:
    rows = ("abc", "def", "ghi")
    written = {f"{col}{row}": value for row, text in enumerate(rows, 1) for col, value in zip("ABC", text, strict=True)}
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    path = spliced(saved(tmp_path / "a.xlsx", written), FIRST_SHEET, lambda xml: xml.replace(b"</sheetData>", merged))
    found = values(read_workbooks([path], limits))
    assert " ".join("".join(str(found.get((0, r, c), ".")) for c in (1, 2, 3)) for r in (1, 2, 3)) == left


def test_formulas_count_by_their_stored_value(tmp_path: Path, limits: Limits, founding: Path) -> None:
    assert values(read_workbooks([saved(tmp_path / "a.xlsx", {"A1": "=1+1", "B1": 3})], limits)) == {(0, 1, 2): 3.0}
    assert values(read_workbooks([founding], limits))[0, 27, 17] == 9.0


def test_chart_sheets_and_empty_sheets_hold_no_cells(tmp_path: Path, limits: Limits) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Gráfica", 0).add_chart(BarChart())
    book.create_sheet("Vacía")
    book["Sheet"]["B2"] = "x"
    book.save(tmp_path / "a.xlsx")
    found = read_workbooks([tmp_path / "a.xlsx"], limits)
    assert found.sheets[c.SHEET].to_list() == ["Sheet", "Vacía"]
    assert values(found) == {(0, 2, 2): "x"}


@pytest.mark.parametrize(("stored", "text"), [(b"NaN", "nan"), (b"inf", "inf"), (b"-inf", "-inf")])
def test_a_number_that_is_none_stays_as_text(tmp_path: Path, limits: Limits, stored: bytes, text: str) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": 12, "B1": 5})
    spliced(path, FIRST_SHEET, lambda xml: xml.replace(b"<v>12</v>", b"<v>" + stored + b"</v>"))
    assert values(read_workbooks([path], limits)) == {(0, 1, 1): text, (0, 1, 2): 5.0}


def test_negative_zero_and_old_dates(tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": 12, "B1": date(1900, 1, 12)})
    spliced(path, FIRST_SHEET, lambda xml: xml.replace(b"<v>12</v>", b"<v>-0</v>", 1))
    found = values(read_workbooks([path], limits))
    assert math.copysign(1, found[0, 1, 1]) == -1  # type: ignore[arg-type]
    assert found[0, 1, 2] == date(1900, 1, 12)


def damaged(tmp_path: Path, founding: Path) -> dict[str, Path]:
    """Files that cannot be read, by the reason of their refusal."""
    content = founding.read_bytes()
    made = {
        "A01.empty": b"",
        "A01.not_a_workbook": b"no es un libro",
        "A01.html": b"<html><table>",
        "A01.damaged": content[: len(content) // 2],
    }
    paths = {}
    for reason, bytes_ in made.items():
        paths[reason] = tmp_path / f"{reason} con espacios y ñ.xlsx"
        paths[reason].write_bytes(bytes_)
    paths["A01.unreadable"] = tmp_path / "UR06.xlsx"
    return paths


def test_a_file_that_cannot_be_read_is_refused_alone(tmp_path: Path, limits: Limits, founding: Path) -> None:
    bad = damaged(tmp_path, founding)
    book = read_workbooks([founding, *bad.values(), founding], limits)
    assert {file_id: f"{r.rule}.{r.reason}" for file_id, r in book.refusals.items()} == dict(enumerate(bad, 1))
    assert values(book, 0) == values(book, len(bad) + 1) != {}
    assert set(book.cells[c.FILE_ID]) == {0, len(bad) + 1}


def test_what_was_read_before_a_file_turned_out_damaged_is_forgotten(tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": "uno"}, {"A1": "dos"})
    spliced(path, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'r="A1"', b'r="1A"'))
    book = read_workbooks([path], limits)
    assert book.refusals == {0: Refusal("A01", "damaged")}
    assert book.cells.is_empty()
    assert book.sheets.is_empty()


def test_a_file_told_not_to_open_is_not_opened(founding: Path, limits: Limits) -> None:
    killed = Refusal("A03", "worker_died")
    book = read_workbooks([founding, founding], limits, {0: killed})
    assert book.refusals == {0: killed}
    assert set(book.cells[c.FILE_ID]) == {1}


@pytest.mark.parametrize(
    ("limit", "reason", "found"),
    [({"max_sheets": 1}, "sheets", "2"), ({"max_cells": 99}, "cells", "100"), ({"max_cells": 100}, None, None)],
)
def test_limits_on_sheets_and_cells(
    tmp_path: Path, limits: Limits, limit: dict[str, int], reason: str | None, found: str | None
) -> None:
    path = saved(tmp_path / "a.xlsx", {"A1": 1, "J5": 1}, {"A1": 1, "E10": 1})
    refusal = read_workbooks([path], replace(limits, **limit)).refusals.get(0)
    assert (refusal and refusal.reason, refusal and refusal.details["found"]) == (reason, found)


def test_a_dimension_is_not_believed(tmp_path: Path, limits: Limits) -> None:
    path = saved(tmp_path / "a.xlsx", {"B2": "x"})
    stated = b'<dimension ref="A1:XFD1048576"/>'
    spliced(path, FIRST_SHEET, lambda xml: re.sub(rb"<dimension[^>]*/>", stated, xml))
    assert values(read_workbooks([path], limits)) == {(0, 2, 2): "x"}


@pytest.mark.parametrize("reason", ["es una carpeta", "ya no está en su lugar"])
def test_the_systems_reason_is_told_in_spanish(tmp_path: Path, limits: Limits, reason: str) -> None:
    path = tmp_path / "UR06.xlsx"
    if reason == "es una carpeta":
        path.mkdir()
    assert read_workbooks([path], limits).refusals == {0: Refusal("A01", "unreadable", {"error": reason})}


def test_no_files_give_no_cells(limits: Limits) -> None:
    book = read_workbooks([], limits)
    assert book.cells.is_empty()
    assert book.refusals == {}
