"""How the printed form looks: formats, the measure of text, and a pen that writes values and merged cells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias

from xlsxwriter.utility import xl_rowcol_to_cell

from config.form import Kind
from workbooks.form.content import CellValue, Computed

Look: TypeAlias = Literal["title", "caption", "band", "text", "code", "amount", "count", "percent", "date"]

FONT = "Calibri"
POINTS = 8
LINE_HEIGHT = 11.625  # points that a line of text takes, with room for substitute fonts
CHARACTERS = 1.1  # characters of text in a unit of column width
BAND, CAPTION = "#7B1E3A", "#D9D9D9"

_BOX = {"font_name": FONT, "font_size": POINTS, "border": 1, "valign": "vcenter", "text_wrap": True}
_LEFT = {"align": "left", "indent": 1}
_STYLES: dict[Look, dict[str, Any]] = {
    "title": {
        "font_name": FONT,
        "font_size": 14,
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "caption": _BOX | {"bold": True, "bg_color": CAPTION},
    "band": _BOX | {"bold": True, "bg_color": BAND, "font_color": "#FFFFFF", "align": "center"},
    "text": _BOX | _LEFT,
    "code": _BOX | {"align": "center"},
    "amount": _BOX | {"num_format": "#,##0"},
    "count": _BOX | {"num_format": "#,##0", "align": "center"},
    "percent": _BOX | {"num_format": "0%", "align": "center"},
    "date": _BOX | _LEFT | {"num_format": "d-mmm-yy"},
}
_LOOKS: dict[Kind, Look] = {
    "text": "text",
    "code": "code",
    "coded": "text",
    "count": "count",
    "amount": "amount",
    "percent": "percent",
    "date": "date",
}


def look_of(kind: Kind) -> Look:
    """The look of a value of that kind."""
    return _LOOKS[kind]


def formats(book: Any) -> dict[Look, Any]:
    """Each look as a format of an XlsxWriter workbook."""
    return {look: book.add_format(style) for look, style in _STYLES.items()}


def style_of(look: Look) -> dict[str, Any]:
    """The properties of a look's format."""
    return dict(_STYLES[look])


def text_height(cells: Iterable[tuple[object, float]], least: float) -> float:
    """Height in points, at least ``least``, of a row of (value, width in characters) cells, wrapped."""
    lines = [_lines(value, width) for value, width in cells if isinstance(value, str)]
    return max([least, *(LINE_HEIGHT * n for n in lines if n > 1)])


def _lines(text: str, width: float) -> int:
    return sum(math.ceil(len(part) / (width * CHARACTERS)) or 1 for part in text.split("\n"))


@dataclass(frozen=True)
class MergedArea:
    """Cells of one merge, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Pen:
    """Writes on one sheet; ``widths`` are its columns' widths in characters.

    Rows and columns are counted from the page's first cell, which is the sheet's cell (``top``, ``first``).
    """

    sheet: Any
    formats: dict[Look, Any]
    widths: tuple[float, ...]
    top: int = 0
    first: int = 0

    @property
    def right(self) -> int:
        """The page's last column."""
        return len(self.widths) - 1

    def down(self, rows: int) -> Pen:
        """A pen for what begins ``rows`` further down."""
        return replace(self, top=self.top + rows)

    def address(self, row: int, col: int) -> str:
        """A cell's address on its sheet, such as ``H31``."""
        return str(xl_rowcol_to_cell(self.top + row, self.first + col))

    def across(self, row: int, left: int, right: int, value: CellValue, look: Look) -> None:
        """Write a value over the columns ``left`` to ``right`` of a row."""
        self.area(MergedArea(row, left, row, right), value, look)

    def area(self, area: MergedArea, value: CellValue, look: Look) -> None:
        """Write a value over an area, merged where it has more than one cell."""
        if (area.top, area.left) != (area.bottom, area.right):
            corners = (self.top + area.top, self.first + area.left, self.top + area.bottom, self.first + area.right)
            self.sheet.merge_range(*corners, "", self.formats[look])
        self.cell(area.top, area.left, value, look)

    def cell(self, row: int, col: int, value: CellValue, look: Look, formula: str | None = None) -> None:
        """Write one cell as what it is: text never becomes a formula; a computed value wants ``formula``."""
        style = self.formats[look]
        at = (self.top + row, self.first + col)
        if value is None:
            self.sheet.write_blank(*at, None, style)
        elif isinstance(value, Computed):
            if formula is None:
                raise ValueError(
                    f"row {at[0] + 1}, column {at[1] + 1}: the form has no formula for a computed value here"
                )
            self.sheet.write_formula(*at, formula, style, value.value)
        elif isinstance(value, str):
            self.sheet.write_string(*at, value, style)
        elif isinstance(value, date):
            self.sheet.write_datetime(*at, value, self.formats["date"])
        else:
            self.sheet.write_number(*at, value, style)

    def height(self, row: int, *cells: tuple[object, int, int], least: float = 15) -> None:
        """Make a row high enough for its (value, first column, last column) cells."""
        measured = [(value, sum(self.widths[left : right + 1])) for value, left, right in cells]
        self.row_height(row, text_height(measured, least))

    def row_height(self, row: int, height: float) -> None:
        """Set a row's height in points."""
        self.sheet.set_row(self.top + row, height)
