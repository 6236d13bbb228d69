"""Write a prefilled form: the printed form as a workbook that a unit can only fill in where it should."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import xlsxwriter

from config.form import Form
from workbooks.form.job import Job
from workbooks.form.layout import CLEAN
from workbooks.form.write import form_sheets
from workbooks.prefilled.cells import Sheets, fill
from workbooks.prefilled.checks import mark_checks
from workbooks.prefilled.looks import Looks
from workbooks.prefilled.places import drawn
from workbooks.prefilled.prefilled import Prefilled
from workbooks.prefilled.sheets import instructions, lists

# Fixed, so that the same form gives the same bytes.
CREATED: Final = datetime(2000, 1, 1)
# What a locked sheet lets a unit do all the same: see everything, and make room for what it writes.
ALLOWED: Final = {"format_rows": True, "format_columns": True}
# Texts stay texts, whatever they begin with.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_prefilled(target: Path | BinaryIO, form: Form, told: Prefilled) -> None:
    """Writes the workbook to ``target``: the same input gives the same bytes.

    Every formula is stored with its value, so that a program that computes nothing reads it all the same.
    """
    job = Job(form, told.content, CLEAN)
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": f"{form.form.title} {form.fiscal_year}", "created": CREATED})
        first = instructions(book, form, told)
        form_sheets(book, job)
        lists(book, told)
        sheets = Sheets(form, told, drawn(job.places), Looks(book))
        fill(sheets)
        mark_checks(book, sheets)
        for sheet in {place.sheet.get_name(): place.sheet for place in job.places}.values():
            sheet.protect("", ALLOWED)
        first.set_first_sheet()
