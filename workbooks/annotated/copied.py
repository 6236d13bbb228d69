"""A fresh workbook out of one that cannot be edited in place (.xls, .ods, .xlsb): its values, with our marks.

Formulas, pictures and looks of the original are not in it, and its first sheet says so.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from workbooks.annotated.splice.sheet import Place, address_of, place_of
from workbooks.annotated.splice.spans import legal
from workbooks.annotated.splice.told import HIDDEN, LONGEST, found_in, gravest, lines
from workbooks.annotated.splice.values import Seen
from workbooks.export.observations import CREATED, OPTIONS, Observation, ObservationsSheet, add_observations
from workbooks.reading.answer_sheet import AUTHOR, MARK_FILLS, SHEET_NAME

IS_COPY: Final = (
    "Ésta es una copia de los valores de su libro, con el color y la nota de cada celda señalada: el formato del "
    "archivo que envió no permite marcarlo. Corrija su propio libro, no esta copia."
)
NARROWEST, WIDEST = 9, 42
DATE_FORMAT, TIME_FORMAT = 14, 22  # built-in: a day, and a day with its time


def copied(told: ObservationsSheet, seen: Seen) -> bytes:
    """The copy: the sheet of observations, then every sheet with its values and merged areas."""
    stream = io.BytesIO()
    with Workbook(stream, OPTIONS) as book:
        book.set_properties({"title": told.title, "created": CREATED})
        taken = {name.lower() for name in seen.sheets}
        name = SHEET_NAME if SHEET_NAME.lower() not in taken else f"{SHEET_NAME} POA"
        looks, anchors = _Looks(book), seen.anchors()
        rows = tuple(_placed(row, seen, anchors) for row in told.rows)
        add_observations(book, replace(told, rows=rows, note=IS_COPY), name)
        for title, (visible, grid, merges) in seen.sheets.items():
            sheet = book.add_worksheet(title)
            if not visible:
                sheet.hide()
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            found = found_in(told.rows, title, anchors[title])
            _fill(sheet, grid, {place: gravest(rows) for place, rows in found.items()}, merges, looks)
            for (row, column), here in found.items():
                words = legal("\n".join(line.words for line in lines(here)))[:LONGEST]
                sheet.write_comment(row - 1, column - 1, words, {"author": AUTHOR, "x_scale": 2.4, "y_scale": 2})
    return stream.getvalue()


class _Looks:
    """Formats of the copy's cells, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str | None, int], Format] = {}

    def of(self, severity: str | None, number_format: int) -> Format:
        """The look of a cell: the fill of a severity, a number format."""
        key = severity, number_format
        if key not in self._made:
            fill = {"bg_color": MARK_FILLS[severity]} if severity else {}
            base = {"text_wrap": True, "valign": "top", "num_format": number_format}
            self._made[key] = self._book.add_format({**base, **fill})
        return self._made[key]


def _placed(row: Observation, seen: Seen, anchors: Mapping[str, Mapping[Place, Place]]) -> Observation:
    place = place_of(row.cell or "")
    if row.sheet not in seen.sheets or place is None:
        return row
    if not seen.sheets[row.sheet][0]:
        return replace(row, remedy=f"{HIDDEN} {row.remedy}".strip())
    return replace(row, link=address_of(anchors[row.sheet].get(place, place)))


def _fill(
    sheet: Worksheet, grid: list[list[Any]], marks: Mapping[Place, str], merges: list[Any], looks: _Looks
) -> None:
    covered = set()
    for (top, left), (bottom, right) in merges:
        if (top, left) != (bottom, right) and bottom < len(grid):
            sheet.merge_range(top, left, bottom, right, "", looks.of(marks.get((top + 1, left + 1)), 0))
            area = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            covered |= area - {(top, left)}
    for row, values in enumerate(grid):
        for column, value in enumerate(values):
            if (row, column) not in covered and value != "":
                _write(sheet, row, column, value, marks.get((row + 1, column + 1)), looks)
    for row, column in marks:
        if row > len(grid) or column > len(grid[row - 1]) or grid[row - 1][column - 1] == "":
            sheet.write_blank(row - 1, column - 1, None, looks.of(marks[row, column], 0))
    for column in range(max(map(len, grid), default=0)):
        longest = max((len(str(values[column])) for values in grid if column < len(values)), default=0)
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, longest + 1)))


def _write(sheet: Worksheet, row: int, column: int, value: Any, severity: str | None, looks: _Looks) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, looks.of(severity, 0))
    elif isinstance(value, dt.datetime | dt.date):
        sheet.write_datetime(row, column, value, looks.of(severity, _date_format(value)))
    elif isinstance(value, int | float) and value == value and abs(value) != float("inf"):
        sheet.write_number(row, column, value, looks.of(severity, 0))
    else:
        sheet.write_string(row, column, legal(str(value))[:32_000], looks.of(severity, 0))


def _date_format(value: dt.date) -> int:
    return TIME_FORMAT if isinstance(value, dt.datetime) and value.time() != dt.time() else DATE_FORMAT
