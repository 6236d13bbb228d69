"""A table as a workbook: one sheet, frozen header, filter; every text stays text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl
from xlsxwriter import Workbook

# Fixed, so that the same rows give the same bytes.
CREATED: Final = datetime(2000, 1, 1)
INK, WINE, LINE = "#22262B", "#7B1E3A", "#C4C8CD"
NARROWEST, WIDEST = 9, 60
FORMATS: Final[Mapping[str, str]] = {
    "pesos": "#,##0.00",
    "razón": "0.0 %",
    "índice 0 a 100": "0.0",
    "unidad de medida": "#,##0.##",
}


def write_table(path: Path, title: str, rows: pl.DataFrame, units: Mapping[str, str | None]) -> None:
    """Writes ``rows`` to ``path`` as the sheet ``title``; ``units`` chooses the number format of a column.

    Raises OSError where it cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(path, {**options, "constant_memory": False, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        book.set_properties({"title": title, "created": CREATED})
        head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": WINE, "border": 1, "valign": "top"})
        cell = {"font_color": INK, "bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True}
        sheet = book.add_worksheet(title[:31])
        for place, name in enumerate(rows.columns):
            number = FORMATS.get(units.get(name) or "")
            form = book.add_format({**cell, "num_format": number} if number else cell)
            values = rows.get_column(name)
            sheet.set_column(place, place, _width(name, values))
            sheet.write_string(0, place, name, head)
            for row, value in enumerate(values, 1):
                if value is not None:
                    sheet.write(row, place, value, form)
        sheet.freeze_panes(1, 0)
        if rows.height:
            sheet.autofilter(0, 0, rows.height, max(0, rows.width - 1))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _width(name: str, values: pl.Series) -> float:
    longest = values.cast(pl.String).str.len_chars().quantile(0.9) if values.len() else 0
    return min(WIDEST, max(NARROWEST, len(name) + 3, (longest or 0) + 2))
