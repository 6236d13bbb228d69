"""A report as a workbook with native charts: frozen headings, filters, totals of what is shown, ready to be printed.

The same report gives the same bytes; no text is run as a formula; every formula carries its value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from workbooks.export.report_charts import add_charts
from workbooks.export.report_sheet import Kind, Report, ReportSheet, Table, TableColumn, Value

OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
# Fixed, so that the same report gives the same bytes.
CREATED: Final = datetime(2000, 1, 1)
INK, WINE, PALE, LINE = "#22262B", "#7B1E3A", "#F4EEF0", "#C4C8CD"
# Looked at by no XML reader; a text out of an .xls may hold them.
ILLEGAL: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT: Final = 32767  # what a cell holds
LINE_HEIGHT, TALLEST_ROW = 12.5, 400.0  # points, at the tables' font size
ROW_HEIGHT: Final = 16
LETTER: Final = 1  # paper
NUMBERS: Final[Mapping[str, str]] = {
    "whole": "#,##0",
    "pesos": '"$"#,##0.00',
    "ratio": "0.0 %",
    "ratio change": '+0.0 %;"−"0.0 %;0.0 %',
    "index": "0.0",
    "index change": '+0.0;"−"0.0;0.0',
    "moment": "dd/mm/yyyy hh:mm",
    "pesos, whole": '"$"#,##0',
    "pesos, whole change": '+"$"#,##0;"−$"#,##0;"$"0',
    "whole change": '+#,##0;"−"#,##0;0',
    "decimals": "#,##0.00",
}
# Words that a column of marks tells, with the fill and ink that they get: the word is there without the colour.
MARKS: Final = {
    "verde": ("#DCEFE2", "#1D5C38"),
    "amarillo": ("#FBF1C9", "#6B5600"),
    "rojo": ("#F9DEDB", "#8C1D18"),
    "azul": ("#DDE9F5", "#1F4874"),
    "sin programar": ("#ECEEF0", "#545B64"),
    "aceptado": ("#DCEFE2", "#1D5C38"),
    "observado": ("#FBF1C9", "#6B5600"),
    "rechazado": ("#F9DEDB", "#8C1D18"),
    "faltante": ("#8C1D18", "#FFFFFF"),
    "archivo": ("#F9DEDB", "#8C1D18"),
    "renglón": ("#FDF0E0", "#7A4B00"),
    "aviso": ("#FBF1C9", "#6B5600"),
    "nota": ("#DDE9F5", "#1F4874"),
}
_TOTALS: Final = {"sum": 109, "mean": 101, "count": 103}  # SUBTOTAL's numbers, that leave hidden rows out


def write_report(path: Path, report: Report) -> None:
    """Writes ``report`` to ``path``; raises OSError where it cannot be written."""
    book = Workbook(str(path), OPTIONS)
    book.set_properties({"title": report.title, "subject": report.subject, "created": CREATED})
    for sheet in report.sheets:
        _Writer(book, book.add_worksheet(sheet.name), sheet).write(report)
    for sheet in report.sheets:
        add_charts(book, sheet, report.sheets)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(f"{path}: the report's workbook cannot be written here: {error}") from error


class _Writer:
    """One sheet being written, and the formats that it uses."""

    def __init__(self, book: Workbook, worksheet: Worksheet, sheet: ReportSheet) -> None:
        self.book, self.worksheet, self.sheet = book, worksheet, sheet
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def write(self, report: Report) -> None:
        headings = list(self.sheet.headings())
        self._set_up(report, headings[0])
        for table, heading in zip(self.sheet.tables, headings, strict=True):
            self._table(table, heading)
        self._notes()

    def look(self, **more: Any) -> Format:
        """The format, made once."""
        wanted = {"font_size": 10, "font_color": INK, "valign": "vcenter", **more}
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def _set_up(self, report: Report, heading: int) -> None:
        one, sheet = self.worksheet, self.sheet
        one.set_default_row(ROW_HEIGHT)
        widths: dict[int, float] = {}
        for table in sheet.tables:
            for place, column in enumerate(table.columns):
                widths[place] = max(widths.get(place, 0), column.width)
        for place, width in widths.items():
            one.set_column(place, place, width)
        one.set_row(0, 26)
        one.write_string(0, 0, sheet.title, self.look(bold=True, font_size=16, font_color=WINE))
        one.write_string(1, 0, _clean(report.subject), self.look(font_color="#545B64"))
        if sheet.filtered:
            one.freeze_panes(heading + 1, sheet.frozen_columns)
            one.repeat_rows(heading)
        one.hide_gridlines(2)
        one.set_landscape()
        one.set_paper(LETTER)
        if sheet.printed:
            one.print_area(0, 0, sheet.end, sheet.printed - 1)
        one.fit_to_pages(1, 0)
        one.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        # A header holds 255 characters; in it "&" begins a command.
        one.set_header(f"&L&8{sheet.title.replace('&', '&&')}")
        one.set_footer(f"&L&8{report.footer.replace('&', '&&')}&R&8Página &P de &N")
        # Codes such as 06 are texts that look like numbers.
        one.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def _table(self, table: Table, heading: int) -> None:
        one, last = self.worksheet, heading + len(table.rows)
        if table.title:
            title = self.look(bold=True, font_size=12, font_color=WINE)
            one.write_string(heading - 1 - table.totals, 0, table.title, title)
        one.set_row(heading, 30)
        for place, column in enumerate(table.columns):
            one.write_string(heading, place, column.heading, self._heading(column))
            if table.totals:
                self._total(table, heading, place)
            if column.kind == "mark" and table.rows:
                self._colour(heading + 1, last, place)
        if not table.rows:
            one.write_string(heading + 1, 0, table.empty, self.look(italic=True))
        for row, values in enumerate(table.rows, heading + 1):
            kind = table.kinds[row - heading - 1] if table.kinds else "text"
            self._row(table.columns, row, values, kind)
        if self.sheet.filtered and table is self.sheet.tables[0] and table.rows:
            one.autofilter(heading, 0, last, len(table.columns) - 1)

    def _heading(self, column: TableColumn) -> Format:
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": WINE, "text_wrap": True}
        sides = {"border": 1, "border_color": "#A9647A"}
        return self.look(**look, **sides, **_side(column.kind))

    def _row(self, columns: tuple[TableColumn, ...], row: int, values: Sequence[Value], row_kind: Kind) -> None:
        one = self.worksheet
        height = _height(columns, values)
        if height > ROW_HEIGHT:
            one.set_row(row, height)
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            look = self._cell(column.kind, row_kind, value)
            if column.kind == "figure change" and value is not None:
                after, before = (xl_rowcol_to_cell(row, place - back) for back in (1, 2))
                one.write_formula(row, place, f"={after}-{before}", look, value)
            else:
                put(one, row, place, value, look)

    def _cell(self, kind: Kind, row_kind: Kind, value: Value) -> Format:
        line = {"bottom": 1, "bottom_color": LINE}
        if kind in ("long", "text"):
            return self.look(**line, **_side(kind), text_wrap=kind == "long")
        if kind in ("code", "mark"):
            return self.look(**line, **_side(kind))
        return self.look(**line, num_format=_number(kind, row_kind, value))

    def _total(self, table: Table, heading: int, place: int) -> None:
        column = table.columns[place]
        look = {"bold": True, "bg_color": PALE, "top": 1, "top_color": LINE}
        kind: Kind = "whole" if column.total == "count" else column.kind
        if column.total is None:
            words = "Total de los renglones a la vista" if place == 1 else ""
            form = self.look(**look, align="left", indent=1)
            put(self.worksheet, heading - 1, place, words, form)
            return
        form = self.look(**look, **_side(column.kind), num_format=_number(kind, "text", None))
        known = [row[place] for row in table.rows if row[place] is not None]
        value = total(column, known)
        ends = (xl_rowcol_to_cell(heading + 1, place), xl_rowcol_to_cell(heading + len(table.rows), place))
        formula = f'=IFERROR(SUBTOTAL({_TOTALS[column.total]},{":".join(ends)}),"")'
        self.worksheet.write_formula(heading - 1, place, formula, form, value)

    def _colour(self, first: int, last: int, place: int) -> None:
        for word, (fill, ink) in MARKS.items():
            form = self.book.add_format({"bg_color": fill, "font_color": ink})
            rule = {"type": "text", "criteria": "begins with", "value": word, "format": form}
            self.worksheet.conditional_format(first, place, last, place, rule)

    def _notes(self) -> None:
        row = self.sheet.end + 1
        plain, bold = self.look(text_wrap=True), self.look(bold=True)
        for title, text in self.sheet.notes:
            put(self.worksheet, row, 0, title, bold)
            self.worksheet.merge_range(row, 1, row, self.sheet.across, "", plain)
            put(self.worksheet, row, 1, text, plain)
            # Twelve characters a column, a little less for words that do not fit.
            lines = math.ceil(len(text) / (11 * self.sheet.across))
            self.worksheet.set_row(row, lines * LINE_HEIGHT + 6)
            row += 1


def total(column: TableColumn, known: Sequence[Value]) -> float | str:
    """What a column's total says while no filter is set: what SUBTOTAL gives, "" for the mean of nothing."""
    if column.total == "count":
        return len(known)
    numbers = [float(value) for value in known if isinstance(value, int | float)]
    if column.total == "mean":
        return fmean(numbers) if numbers else ""
    return math.fsum(numbers)


def put(worksheet: Worksheet, row: int, place: int, value: Value, look: Format) -> None:
    """Writes a value as what it is: a text stays a text, whatever it looks like."""
    if value is None or value == "":
        worksheet.write_blank(row, place, None, look)
    elif isinstance(value, str):
        worksheet.write_string(row, place, _clean(value), look)
    elif isinstance(value, datetime):
        worksheet.write_datetime(row, place, value, look)
    else:
        worksheet.write_number(row, place, value, look)


def _clean(text: str) -> str:
    text = ILLEGAL.sub("", text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def _side(kind: Kind) -> dict[str, Any]:
    """To which side of its column a kind is written."""
    if kind in ("text", "long"):
        return {"align": "left", "indent": 1}
    return {"align": "center" if kind in ("code", "mark", "moment") else "right"}


def _number(kind: Kind, row_kind: Kind, value: Value) -> str:
    """The number format of a cell; pesos in a column of figures are told whole."""
    if kind in ("figure", "figure change"):
        base = "pesos, whole" if row_kind == "pesos" else row_kind
        return NUMBERS[f"{base} change" if kind == "figure change" else base]
    if kind == "measure":
        return NUMBERS["whole" if value is None or float(str(value)).is_integer() else "decimals"]
    return NUMBERS[kind]


def _height(columns: tuple[TableColumn, ...], values: Sequence[Value]) -> float:
    """Points that the wrapped texts of a row need: not every program works that out on opening a workbook."""
    lines = 1
    for column, value in zip(columns, values, strict=True):
        if column.kind == "long" and isinstance(value, str):
            parts = value[:2000].split("\n")
            lines = max(lines, sum(max(1, math.ceil(1.08 * len(part) / column.width)) for part in parts))
    return min(lines * LINE_HEIGHT + 3, TALLEST_ROW)
