"""The workbook of observations that a unit answers: one row per finding, with room for the unit's reply."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from config.policy import Severity
from workbooks.reading.answer_sheet import CELL, HEADINGS, SHEET_NAME, YES

HEADING_ROW: Final = 6  # counted from 0, below title, unit, figures, instruction and note
FILLS: Final[dict[str, str]] = {
    "archivo": "#FBEAE8",
    "renglon": "#FDF0E0",
    "aviso": "#FBF5D9",
    "nota": "#EAF1F7",
}
LINK: Final = "#0B5394"
# Looked at by no XML reader; a text out of an .xls may hold them.
ILLEGAL: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
LONGEST_TEXT: Final = 400
LONGEST_ANSWER: Final = 32767  # what a cell holds
ANSWER_COLUMN: Final = len(HEADINGS) - 1
LINE_HEIGHT: Final = 13.5  # points, at the table's font size
TALLEST_ROW: Final = 400.0  # points; a spreadsheet allows 409
CELL_COLUMN: Final = [name for name, _ in HEADINGS].index(CELL)
TWO_DECIMALS, AS_TEXT = 2, 49  # built-in number formats: others would be numbered anew in another workbook
INK: Final = "#22262B"
WINE: Final = "#7B1E3A"
LINE: Final = "#C4C8CD"
# Fixed, so that the same observations give the same bytes.
CREATED: Final = datetime(2000, 1, 1)


@dataclass(frozen=True)
class Observation:
    """One row: ``severity`` chooses the fill, ``severity_words`` says it; ``points`` of the quality index.

    ``link`` is the address that its cell leads to: of a merged area that hides the cell, the one that it shows.
    """

    severity: str
    severity_words: str
    rule: str
    unit_code: str | None
    activity_no: int | None
    sheet: str | None
    cell: str | None
    field: str | None
    value: str | None
    expected: str | None
    message: str
    remedy: str
    points: float | None
    answer: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class CauseLine:
    """Findings of one cause together: how many, in how many cells, and the points that correcting all of them adds."""

    severity: str
    severity_words: str
    rule: str
    cause: str
    extent: str
    points: float | None


@dataclass(frozen=True)
class ObservationsSheet:
    """The sheet, worded; ``quality`` is 0-100, ``counts`` are (severity, its words, how many).

    ``note`` stands above the table: what was done to the workbook that the sheet is in, or why it is in none.
    """

    title: str
    subject: str
    state: str
    quality: float | None
    counts: tuple[tuple[Severity, str, int], ...]
    instruction: str
    footer: str
    rows: tuple[Observation, ...]
    causes: tuple[CauseLine, ...] = ()
    note: str = ""


def last_row(sheet: ObservationsSheet) -> int:
    """The last row of the table, from 0; one empty row where nothing was found."""
    return HEADING_ROW + max(len(sheet.rows), 1)


def write_observations(target: Path | BinaryIO, sheet: ObservationsSheet) -> None:
    """Write the workbook to ``target``: the same sheet gives the same bytes, and no text is run as a formula.

    Raises OSError where ``target`` cannot be written.
    """
    workbook = Workbook(str(target) if isinstance(target, Path) else target, OPTIONS)
    workbook.set_properties({"title": sheet.title, "created": CREATED})
    add_observations(workbook, sheet, SHEET_NAME)
    try:
        workbook.close()
    except FileCreateError as error:
        raise OSError(f"{target}: the workbook of observations cannot be written here: {error}") from error


def add_observations(workbook: Workbook, sheet: ObservationsSheet, name: str) -> None:
    """Add the sheet to a workbook that is being written."""
    worksheet = workbook.add_worksheet(name)
    _set_up(worksheet, sheet)
    _write_top(workbook, worksheet, sheet)
    _write_table(workbook, worksheet, sheet.rows)
    if sheet.causes:
        _write_causes(workbook, worksheet, last_row(sheet) + 2, sheet.causes)


def _set_up(worksheet: Worksheet, sheet: ObservationsSheet) -> None:
    for column, (_, width) in enumerate(HEADINGS):
        worksheet.set_column(column, column, width, None, {"hidden": not width})
    worksheet.freeze_panes(HEADING_ROW + 1, 0)
    worksheet.autofilter(HEADING_ROW, 0, last_row(sheet), len(HEADINGS) - 1)
    worksheet.hide_gridlines(2)
    worksheet.set_landscape()
    worksheet.set_paper(1)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(HEADING_ROW)
    worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    # A footer holds 255 characters; in it "&" begins a command.
    worksheet.set_footer(f"&L&8{sheet.footer[:100].replace('&', '&&')}&R&8Página &P de &N")


def _write_top(workbook: Workbook, worksheet: Worksheet, sheet: ObservationsSheet) -> None:
    """Title, unit and file, the figures in boxes, and what to do."""
    end = len(HEADINGS) - 1
    title = workbook.add_format({"bold": True, "font_size": 16, "font_color": WINE, "valign": "vcenter"})
    subject = workbook.add_format({"font_size": 11, "font_color": INK, "valign": "vcenter"})
    note = workbook.add_format({"font_size": 10, "font_color": INK, "text_wrap": True, "valign": "vcenter"})
    promise = workbook.add_format({"italic": True, "font_size": 10, "font_color": INK, "valign": "vcenter"})
    for row, text, look, height in (
        (0, sheet.title, title, 26),
        (1, sheet.subject, subject, 18),
        (4, sheet.instruction, note, 32),
        (5, sheet.note, promise, 18 if sheet.note else 4),
    ):
        worksheet.set_row(row, height)
        worksheet.merge_range(row, 0, row, end, "", look)
        _write(worksheet, row, 0, text, look)
    worksheet.set_row(3, 24)
    quality: str | float = "—" if sheet.quality is None else round(sheet.quality, 1)
    boxes: list[tuple[str, str | float, str]] = [
        ("Estado", sheet.state, "#F1F2F3"),
        ("Índice de calidad (0 a 100)", quality, "#F1F2F3"),
        *((words, count, FILLS[severity]) for severity, words, count in sheet.counts),
    ]
    spans = ((0, 1), (2, 5), (6, 6), (7, 8), (9, 9), (10, 10))
    for (label, value, fill), (first, last) in zip(boxes, spans, strict=False):
        look = {"font_color": INK, "bg_color": fill, "align": "left", "indent": 1}
        _box(worksheet, 2, first, last, label, workbook.add_format(look | {"font_size": 9}))
        _box(worksheet, 3, first, last, value, workbook.add_format(look | {"bold": True, "font_size": 14}))


def _box(worksheet: Worksheet, row: int, first: int, last: int, value: str | float, look: Format) -> None:
    if last > first:
        worksheet.merge_range(row, first, row, last, "", look)
    if isinstance(value, str):
        worksheet.write_string(row, first, value, look)
    else:
        worksheet.write_number(row, first, value, look)


def _write_table(workbook: Workbook, worksheet: Worksheet, rows: tuple[Observation, ...]) -> None:
    base = {"font_size": 10, "font_color": INK, "border": 1, "border_color": LINE, "valign": "top"}
    heading = workbook.add_format(
        base | {"bold": True, "font_color": "#FFFFFF", "bg_color": WINE, "text_wrap": True, "valign": "vcenter"}
    )
    worksheet.set_row(HEADING_ROW, 30)
    for column, (name, _) in enumerate(HEADINGS):
        worksheet.write_string(HEADING_ROW, column, name, heading)
    plain = workbook.add_format(base | {"text_wrap": True})
    centred = workbook.add_format(base | {"text_wrap": True, "align": "center"})
    points = workbook.add_format(base | {"num_format": TWO_DECIMALS})
    marked = {
        severity: workbook.add_format(base | {"text_wrap": True, "bold": True, "bg_color": fill})
        for severity, fill in FILLS.items()
    }
    # Text format: a reply such as "=ya se corrigió" or "3/4" stays what the unit typed.
    link = workbook.add_format(base | {"font_color": LINK, "underline": 1, "align": "center"})
    answer = workbook.add_format(base | {"text_wrap": True, "bg_color": "#FFFFFF", "num_format": AS_TEXT})
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        severity = marked.get(row.severity, plain)
        looks = [severity, *[centred] * 3, plain, centred, *[plain] * 5, points, plain, answer]
        worksheet.set_row(number, _height(_cells(row)))
        for column, (value, look) in enumerate(zip(_cells(row), looks, strict=True)):
            _write(worksheet, number, column, value, look)
        if row.link:
            quoted = (row.sheet or "").replace("'", "''")
            worksheet.write_url(number, CELL_COLUMN, f"internal:'{quoted}'!{row.link}", link, row.cell)


def _write_causes(workbook: Workbook, worksheet: Worksheet, top: int, causes: tuple[CauseLine, ...]) -> None:
    """The findings by cause, under the table."""
    base = {"font_size": 10, "font_color": INK, "bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True}
    title = workbook.add_format({"bold": True, "font_size": 12, "font_color": WINE})
    plain, points = workbook.add_format(base), workbook.add_format(base | {"num_format": TWO_DECIMALS})
    worksheet.write_string(top, 0, "Resumen por causa", title)
    for number, cause in enumerate(causes, start=top + 1):
        fill = {"bold": True, "bg_color": FILLS.get(cause.severity, "#FFFFFF")}
        _write(worksheet, number, 0, cause.severity_words, workbook.add_format(base | fill))
        _write(worksheet, number, 1, cause.rule, plain)
        worksheet.merge_range(number, 2, number, 8, "", plain)
        _write(worksheet, number, 2, cause.cause, plain)
        _write(worksheet, number, 9, cause.extent, plain)
        _write(worksheet, number, 10, None, plain)
        _write(worksheet, number, 11, cause.points, points)
        worksheet.set_row(number, 28 if len(cause.severity_words) > 13 or len(cause.cause) > 85 else 15)


def _cells(row: Observation) -> tuple[str | float | None, ...]:
    """The row's cells in the order of HEADINGS; the last is for the unit's answer."""
    return (
        row.severity_words,
        row.rule,
        row.unit_code,
        row.activity_no,
        row.sheet,
        row.cell,
        row.field,
        row.value,
        row.expected,
        row.message,
        row.remedy,
        row.points,
        YES if row.answer else None,
        row.answer,
    )


def _height(cells: tuple[str | float | None, ...]) -> float:
    """Points that the wrapped texts of a row need: not every program works that out on opening a workbook."""
    lines = 1
    for value, (_, width) in zip(cells, HEADINGS, strict=True):
        # A column's width counts digits of the default font; a word that does not fit leaves the line short.
        for part in _shown(value).split("\n") if isinstance(value, str) and width else ():
            lines = max(lines, math.ceil(1.05 * len(part) / width))
    return min(lines * LINE_HEIGHT + 3, TALLEST_ROW)


def _shown(text: str, longest: int = LONGEST_TEXT) -> str:
    text = ILLEGAL.sub("", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _write(worksheet: Worksheet, row: int, column: int, value: str | float | None, look: Format) -> None:
    if value is None or value == "":
        worksheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        # An answer comes back with the next workbook: it stays whole.
        longest = LONGEST_ANSWER if column == ANSWER_COLUMN else LONGEST_TEXT
        worksheet.write_string(row, column, _shown(value, longest), look)
    else:
        worksheet.write_number(row, column, value, look)
