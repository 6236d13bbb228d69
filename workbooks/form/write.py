"""Write a POA workbook: the printed form, derived from the form's data, with what a unit says filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from config.form import Form
from workbooks.form.activity_table import table
from workbooks.form.content import WorkbookContent, a_quarter_before
from workbooks.form.header_block import CAPTION_COLUMNS, LAST_NAME, budget_columns, header
from workbooks.form.heads import FieldColumns
from workbooks.form.job import Job
from workbooks.form.layout import CLEAN, Layout
from workbooks.form.other_sheets import catalogue, hidden_lists, instructions
from workbooks.form.style import Pen, formats
from workbooks.form.table_columns import hidden, table_columns
from workbooks.form.table_rows import TableRow, table_rows
from workbooks.form.wording import label

DEFAULT_WIDTH = 12.7
NARROW = 3.7  # of a column before the form
PADDING = 0.7  # of a stored width, which XlsxWriter adds by itself
PAGE_GAPS = {"stacked": 2, "stacked close": 0, "stacked far": 6}  # blank rows between pages of one sheet


def write_form(path: Path, form: Form, content: WorkbookContent, *, created: datetime, layout: Layout = CLEAN) -> None:
    """Write ``content`` on the form to ``path``, laid out as told: the same input gives the same bytes.

    ``created`` is stored in the document's properties. Raises OSError where ``path`` cannot be written,
    ValueError for a Computed value in a field that has no formula.
    """
    job = Job(form, content, layout)
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": created})
        if layout.instructions:
            instructions(book, job)
        if layout.hidden_copy != "none":
            form_sheets(book, replace(job, content=a_quarter_before(content)), copy=True)
        form_sheets(book, job)
        if layout.catalogue != "none":
            catalogue(book, job)
        if layout.hidden_sheet:
            hidden_lists(book, job)


def form_sheets(book: Any, job: Job, *, copy: bool = False) -> None:
    """The pages, each where the layout wants it; the last one is signed. A ``copy`` stands on hidden sheets."""
    columns = table_columns(job)
    chunks = table_rows(job.content, job.layout)
    pens = _pens(book, job, columns, copy=copy)
    pen = next(pens)
    for number, rows in enumerate(chunks, start=1):
        bottom = _page(pen, job, columns, rows)
        if number == len(chunks):
            _signatures(pen, job, bottom + (1 if job.layout.signed_close else 3))
        elif job.layout.pages in PAGE_GAPS:
            pen = pen.down(bottom + 1 + PAGE_GAPS[job.layout.pages])
        else:
            pen = next(pens)


def _pens(book: Any, job: Job, columns: Sequence[FieldColumns], *, copy: bool) -> Iterator[Pen]:
    """A pen for each sheet of the form."""
    looks = formats(book)
    widths = _widths(job.form, columns)
    number = 0
    while True:
        number += 1
        pen = Pen(_sheet(book, job, number, copy=copy), looks, widths)
        pen = replace(pen, top=job.layout.rows_before, first=job.layout.columns_before)
        _set_up(pen)
        for column in columns:
            if hidden(column, job.layout):
                place = pen.first + column.left
                pen.sheet.set_column(place, place, None, None, {"hidden": True})
        yield pen


def _sheet(book: Any, job: Job, number: int, *, copy: bool) -> Any:
    sheet = book.add_worksheet(f"POA {number} anterior" if copy else f"POA {number}")
    if copy and job.layout.hidden_copy == "very hidden":
        sheet.very_hidden()
    elif copy:
        sheet.hide()
    elif number == 1:
        sheet.activate()
        sheet.set_first_sheet()
    return sheet


def _widths(form: Form, columns: Sequence[FieldColumns]) -> tuple[float, ...]:
    wanted = max(len(columns), budget_columns(form)[-1].right + CAPTION_COLUMNS + 2)
    widths = [column.field.width or DEFAULT_WIDTH for column in columns]
    return tuple(widths + [DEFAULT_WIDTH] * (wanted - len(widths)))


def _set_up(pen: Pen) -> None:
    pen.sheet.hide_gridlines(2)
    pen.sheet.set_landscape()
    pen.sheet.set_paper(5)
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    pen.sheet.center_horizontally()
    for col, width in enumerate([NARROW] * pen.first + list(pen.widths)):
        pen.sheet.set_column(col, col, round(width - PADDING, 2))


def _page(pen: Pen, job: Job, columns: Sequence[FieldColumns], rows: Sequence[TableRow]) -> int:
    """Header block and table; returns the last row."""
    return table(pen, job, columns, rows, header(pen, job))


def _signatures(pen: Pen, job: Job, row: int) -> None:
    """The signature block, three to a row, with room for the hand between label and role."""
    right_block = budget_columns(job.form)[-1].right + 2
    spans = ((0, LAST_NAME), (LAST_NAME + 2, right_block - 2), (right_block, pen.right))
    for number, signature in enumerate(job.form.signature):
        below, across = divmod(number, len(spans))
        left, right = spans[across]
        pen.across(row + 5 * below, left, right, label(job.form, signature, job.layout), "caption")
        at = (row + 5 * below + 3, left, right)
        pen.across(*at, job.content.signatories.get(signature.name), "text")
        job.drew(pen, "signature", signature.name, at, "text")
