"""The header block: titles, institution and date, budget lines, and the sections below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from config.form import Field, Form
from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, CellValue, HeaderValue, typed_code
from workbooks.form.heads import FieldColumns, heads
from workbooks.form.job import Job
from workbooks.form.layout import Layout
from workbooks.form.style import Look, Pen
from workbooks.form.typed_values import date_text, dated, typed
from workbooks.form.wording import caption, label, plain, slipped, spelled, worded

LAST_CAPTION, LAST_NAME = 1, 4  # captions stand over A:B, names over C:E, the budget to their right
COMMENT_COLUMNS = 3
CAPTION_COLUMNS = 4  # of the fields to the right of the budget
HEADER_HEIGHT = 23.25  # points, at least
LETTERHEAD = ("GOBIERNO DEL ESTADO DE NAYARIT", "SECRETARÍA DE ADMINISTRACIÓN Y FINANZAS")
SEPARATORS = {"printed": " ", "space": " ", "dash": " - ", "dot": ". ", "two cells": " "}
AXES = ("guiding_axis", "cross_axis", c.GENERAL_AXIS)


@dataclass(frozen=True)
class Span:
    """Columns of a label and its value in a row: the label's first and last, the value's last."""

    left: int
    label: int
    right: int


def header(pen: Pen, job: Job) -> int:
    """The header block; returns the first row of the table."""
    pen = _titles(pen, job)
    sections = [(name, list(fields)) for name, fields in groupby(job.form.header, key=lambda f: f.section)]
    row = 2
    if sections and sections[0][0] is None:
        row = _identity(pen, job, sections.pop(0)[1])
    row = max(row, _budget(pen, job)) + 1
    for name, fields in sections:
        write = _bare_section if name is None else _titled_section
        row = write(pen, job, fields, row) + 1
    return job.layout.letterhead + row


def _titles(pen: Pen, job: Job) -> Pen:
    """Letterhead and titles; returns a pen for the page from its title on."""
    for row, text in enumerate(LETTERHEAD[: job.layout.letterhead]):
        pen.across(row, 0, pen.right, text, "title")
    pen = pen.down(job.layout.letterhead)
    title = slipped(plain(job.form.form.title, job.layout), job.layout)
    subtitle = plain(job.content.subtitle or job.form.form.subtitle, job.layout)
    pen.row_height(0, 48)
    pen.across(0, 0, pen.right, title if job.layout.year_below else f"{title}\n{subtitle}", "title")
    if job.layout.year_below:
        pen.across(1, 0, pen.right, subtitle, "title")
    return pen


def _identity(pen: Pen, job: Job, fields: Sequence[Field]) -> int:
    """The institution to the left of the budget block, the other fields one below the other to its right."""
    first, *others = fields
    row = 2 + _captioned(pen, job, first, 2, Span(0, LAST_CAPTION, LAST_NAME))
    left = budget_columns(job.form)[-1].right + 1
    last = left + CAPTION_COLUMNS - 1
    below = 2
    for field in others:
        below += _captioned(pen, job, field, below, Span(left, last, last + 1))
    return max(row, below)


def budget_columns(form: Form) -> list[FieldColumns]:
    """Where the columns of the budget block stand."""
    columns: list[FieldColumns] = []
    left = LAST_NAME + 1
    for field in form.budget:
        right = left + (COMMENT_COLUMNS - 1 if field.kind == "text" else 0)
        columns.append(FieldColumns(field, left, right))
        left = right + 1
    return columns


def _budget(pen: Pen, job: Job) -> int:
    """The budget lines under their heads; returns the row below."""
    columns = budget_columns(job.form)
    row = heads(pen, job, columns, 2, heights=(22.5, 24))
    row = max(row, 4) if job.layout.header_values == "below" else row  # the institution takes two rows
    for place, line in enumerate(job.content.budget):
        nth = 1 + sum(other.level == line.level for other in job.content.budget[:place])
        _budget_line(pen, job, line, row, nth)
        for column in columns:
            value, look = typed(line.values.get(column.field.name), column.field.kind, job.layout)
            pen.across(row, column.left, column.right, value, look)
            job.drew(pen, "budget", column.field.name, (row, column.left, column.right), look, nth=place)
        job.drew(pen, "budget", c.UNIT_NAME, (row, LAST_CAPTION + 1, LAST_NAME), "text", nth=place)
        row += 1
    return row


def _budget_line(pen: Pen, job: Job, line: BudgetLine, row: int, nth: int) -> None:
    """The label of a line, the ``nth`` of its level, where the layout gives it one, and its code and name."""
    texts = [(line.values.get(col.field.name), col.left, col.right) for col in budget_columns(job.form)]
    pen.height(row, (line.title, LAST_CAPTION + 1, LAST_NAME), *texts, least=HEADER_HEIGHT)
    text = _line_label(job, line, nth)
    pair = (line.unit_code, line.name) if line.unit_code and line.name else None
    parts = _apart(pair or line.title, job.layout, cells=job.layout.code_and_name == "two cells")
    if nth > 1 and job.layout.derived_once:
        pen.across(row, 0, LAST_CAPTION, None, "caption")
        _values(pen, row, _first(Span(0, LAST_CAPTION, LAST_NAME), job.layout), LAST_NAME, parts)
    elif job.layout.header_values == "inside":
        pen.across(row, 0, LAST_NAME, _joined(text, parts), "caption")
    else:
        pen.across(row, 0, LAST_CAPTION, text, "caption")
        _values(pen, row, _first(Span(0, LAST_CAPTION, LAST_NAME), job.layout), LAST_NAME, parts)


def _line_label(job: Job, line: BudgetLine, nth: int) -> str:
    printed = next(known for known in job.form.line if known.level == line.level)
    if job.layout.derived_numbered and line.level == "derived":
        return f"{spelled(f'{worded(printed, job.layout)} {nth}', printed.number, job.layout)}:"
    return f"{label(job.form, printed, job.layout)}:"


def _titled_section(pen: Pen, job: Job, fields: Sequence[Field], row: int) -> int:
    """A section's band, then a row a field; returns the row below."""
    title = next(section for section in job.form.section if section.name == fields[0].section)
    pen.across(row, 0, pen.right, label(job.form, title, job.layout), "band")
    row += 1
    spans = [Span(0, LAST_CAPTION, pen.right)]
    if job.layout.header_values == "paired":
        spans = [Span(0, LAST_CAPTION, LAST_NAME), Span(LAST_NAME + 1, LAST_NAME + 2, pen.right)]
    for start in range(0, len(fields), len(spans)):
        abreast = list(zip(fields[start:], spans, strict=False))
        pen.height(row, *(_measured(job, field, span) for field, span in abreast), least=HEADER_HEIGHT)
        row += max(_captioned(pen, job, field, row, span) for field, span in abreast)
    return row


def _measured(job: Job, field: Field, span: Span) -> tuple[HeaderValue, int, int]:
    """A field's value, or its name where it is coded, and the columns it stands over."""
    value = job.content.header.get(field.name)
    return (value[1] if isinstance(value, tuple) else value), span.label + 1, span.right


def _bare_section(pen: Pen, job: Job, fields: Sequence[Field], row: int) -> int:
    """Fields that stand alone: the label as a band, the value below it; returns the row below."""
    for field in fields:
        [value] = _apart(job.content.header.get(field.name), job.layout, cells=False)
        text = caption(job.form, field, job.layout)
        if job.layout.header_values == "inside":
            pen.across(row, 0, pen.right, _joined(text, (value,)), "text")
            row += 1
            continue
        pen.across(row, 0, pen.right, text, "band")
        pen.height(row + 1, (value, 0, pen.right), least=HEADER_HEIGHT)
        pen.across(row + 1, 0, pen.right, value, "text")
        job.drew(pen, "header", field.name, (row + 1, 0, pen.right), "text")
        row += 2
    return row


def _captioned(pen: Pen, job: Job, field: Field, row: int, span: Span) -> int:
    """A field's label and value where the layout puts it; returns how many rows they take."""
    text = caption(job.form, field, job.layout)
    parts, look = _parts(field, job.content.header.get(field.name), job.layout)
    if job.layout.header_values == "inside":
        pen.across(row, span.left, span.right, _joined(text, parts), "text")
        return 1
    if job.layout.header_values == "below":
        pen.across(row, span.left, span.label, text, "caption")
        _values(pen, row + 1, span.left, span.right, parts, look)
        return 2
    last = span.label - (len(parts) - 1)
    start = _first(Span(span.left, last, span.right), job.layout)
    _codes(pen, row, start, parts)
    pen.across(row, span.left, last, text, "caption")
    left = start + len(parts) - 1
    pen.across(row, left, max(left, span.right), parts[-1], look)
    for part, col in enumerate(range(start, left)):
        job.drew(pen, "header", field.name, (row, col, col), "code", part=part)
    job.drew(pen, "header", field.name, (row, left, max(left, span.right)), look, part=len(parts) - 1)
    return 1


def _parts(field: Field, value: HeaderValue, layout: Layout) -> tuple[tuple[CellValue, ...], Look]:
    """A header value's cells and their look."""
    if isinstance(value, date):
        if layout.header_values == "inside":
            return (date_text(value, layout),), "text"
        cell, look = dated(value, layout)
        return (cell,), look
    if field.kind == "coded":
        value = value if isinstance(value, tuple) else ("", value or "")
        return _apart(value, layout, cells=layout.code_and_name in ("printed", "two cells")), "text"
    if layout.axis_apart and field.name in AXES and isinstance(value, str) and " " in value:
        code, _, name = value.partition(" ")
        return (code, name), "text"
    return _apart(value, layout, cells=False), "text"


def _apart(value: HeaderValue, layout: Layout, *, cells: bool) -> tuple[CellValue, ...]:
    """Code and name in ``cells`` of their own, or in one with the layout's separator; anything else as it is."""
    if not isinstance(value, tuple):
        return (value,)
    code, name = value
    if cells:
        return (code or None, name or None)
    return (SEPARATORS[layout.code_and_name].join(part for part in value if part) or None,)


def _first(span: Span, layout: Layout) -> int:
    """The column of the value: after the label, or one blank cell further."""
    return span.label + (2 if layout.header_values == "far" else 1)


def _values(pen: Pen, row: int, left: int, right: int, parts: Sequence[CellValue], look: Look = "text") -> None:
    """The parts from ``left`` on, the last one over all columns to ``right``."""
    _codes(pen, row, left, parts)
    pen.across(row, left + len(parts) - 1, right, parts[-1], look)


def _codes(pen: Pen, row: int, left: int, parts: Sequence[CellValue]) -> None:
    """All parts but the last, each in a cell."""
    for col, part in enumerate(parts[:-1], start=left):
        pen.cell(row, col, typed_code(part) if isinstance(part, str) else part, "code")


def _joined(text: str, parts: Sequence[CellValue]) -> str:
    """Label and value in one text."""
    values = " ".join(str(part) for part in parts if part is not None)
    return f"{text.removesuffix(':')}: {values}".rstrip()
