"""What is to be written: the form, what the unit says on it, and how it lays it out."""

from __future__ import annotations

from dataclasses import dataclass

from config.form import Form
from workbooks.content import WorkbookContent
from workbooks.layout import Layout


@dataclass(frozen=True)
class Job:
    """One workbook to write."""

    form: Form
    content: WorkbookContent
    layout: Layout
