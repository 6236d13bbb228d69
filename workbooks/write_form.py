"""Write a POA workbook: the printed form, derived from the form's data, with what a unit says filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from config.form import Field, Form, Group, Label
from schemas import columns as c
from workbooks.content import CellValue, HeaderValue, Row, WorkbookContent, pages
from workbooks.form_style import Area, Pen, formats, look_of

DEFAULT_WIDTH = 12.7
PADDING = 0.7  # of a stored width, which XlsxWriter adds by itself
LAST_CAPTION, LAST_NAME = 1, 4  # captions stand over A:B, names over C:E, the budget to their right
COMMENT_COLUMNS = 3
CAPTION_COLUMNS = 4  # of the fields to the right of the budget
HEADER_HEIGHT, ROW_HEIGHT = 23.25, 69.75  # points, at least
EMPTY_ROWS = 5  # drawn where no activity is captured

# Formulas of the computed columns by field, over the addresses of the fields of the same row.
FORMULAS = {
    c.ACHIEVED_TOTAL: f"=SUM({{{c.ACHIEVED[0]}}}:{{{c.ACHIEVED[-1]}}})",
    c.REPORTED_PROGRESS: f"={{{c.ACHIEVED_TOTAL}}}/{{{c.ANNUAL_TARGET}}}",
}


@dataclass(frozen=True)
class Column:
    """A field's columns in a table, counted from 0."""

    field: Field
    left: int
    right: int


def write_form(path: Path, form: Form, content: WorkbookContent, *, created: datetime) -> None:
    """Write ``content`` on the printed form to ``path``, a sheet a page: the same input gives the same bytes.

    ``created`` is stored in the document's properties. Raises OSError where ``path`` cannot be written,
    ValueError for a Computed value in a field that has no formula.
    """
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": created})
        looks = formats(book)
        widths = _widths(form)
        chunks = pages(content)
        for number, rows in enumerate(chunks, start=1):
            pen = Pen(book.add_worksheet(f"POA {number}"), looks, widths)
            _set_up(pen)
            bottom = _table(pen, form, rows, _header(pen, form, content))
            if number == len(chunks):
                _signatures(pen, form, content, bottom + 3)


def _widths(form: Form) -> tuple[float, ...]:
    wanted = max(len(form.activity), _budget_columns(form)[-1].right + CAPTION_COLUMNS + 2)
    widths = [field.width or DEFAULT_WIDTH for field in form.activity]
    return tuple(widths + [DEFAULT_WIDTH] * (wanted - len(widths)))


def _set_up(pen: Pen) -> None:
    pen.sheet.hide_gridlines(2)
    pen.sheet.set_landscape()
    pen.sheet.set_paper(5)
    pen.sheet.fit_to_pages(1, 0)
    pen.sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.4)
    pen.sheet.center_horizontally()
    for col, width in enumerate(pen.widths):
        pen.sheet.set_column(col, col, round(width - PADDING, 2))


def _header(pen: Pen, form: Form, content: WorkbookContent) -> int:
    """The header block; returns the first row of the table."""
    titles = f"{form.form.title}\n{content.subtitle or form.form.subtitle}"
    pen.sheet.set_row(0, 48)
    pen.across(0, 0, pen.right, titles, "title")
    sections = [(name, list(fields)) for name, fields in groupby(form.header, key=lambda f: f.section)]
    row = 2
    if sections and sections[0][0] is None:
        row = _identity(pen, form, sections.pop(0)[1], content)
    row = max(row, _budget(pen, form, content)) + 1
    for name, fields in sections:
        write = _bare_section if name is None else _titled_section
        row = write(pen, form, fields, content, row) + 1
    return row


def _identity(pen: Pen, form: Form, fields: Sequence[Field], content: WorkbookContent) -> int:
    """The institution to the left of the budget block, the other fields one below the other to its right."""
    first, *others = fields
    pen.across(2, 0, LAST_CAPTION, _caption(form, first), "caption")
    pen.across(2, LAST_CAPTION + 1, LAST_NAME, _plain(content.header.get(first.name)), "text")
    left = _budget_columns(form)[-1].right + 1
    for row, field in enumerate(others, start=2):
        pen.across(row, left, left + CAPTION_COLUMNS - 1, _caption(form, field), "caption")
        pen.cell(row, left + CAPTION_COLUMNS, _plain(content.header.get(field.name)), "text")
    return 2 + max(1, len(others))


def _budget_columns(form: Form) -> list[Column]:
    columns: list[Column] = []
    left = LAST_NAME + 1
    for field in form.budget:
        right = left + (COMMENT_COLUMNS - 1 if field.kind == "text" else 0)
        columns.append(Column(field, left, right))
        left = right + 1
    return columns


def _budget(pen: Pen, form: Form, content: WorkbookContent) -> int:
    """The budget lines under their heads; returns the row below."""
    columns = _budget_columns(form)
    row = _heads(pen, form, columns, 2, heights=(22.5, 24))
    labels = {line.level: line for line in form.line}
    for line in content.budget:
        caption = f"{labels[line.level].printed}:"
        texts = [(line.values.get(column.field.name), column.left, column.right) for column in columns]
        pen.height(row, (line.title, LAST_CAPTION + 1, LAST_NAME), *texts, least=HEADER_HEIGHT)
        pen.across(row, 0, LAST_CAPTION, caption, "caption")
        pen.across(row, LAST_CAPTION + 1, LAST_NAME, line.title, "text")
        for column in columns:
            value = line.values.get(column.field.name)
            pen.across(row, column.left, column.right, value, look_of(column.field.kind))
        row += 1
    return row


def _titled_section(pen: Pen, form: Form, fields: Sequence[Field], content: WorkbookContent, row: int) -> int:
    """A section's band, then a row a field; returns the row below."""
    title = next(section for section in form.section if section.name == fields[0].section)
    pen.across(row, 0, pen.right, title.printed, "band")
    for number, field in enumerate(fields, start=1):
        _field_row(pen, form, field, content.header.get(field.name), row + number)
    return row + len(fields) + 1


def _field_row(pen: Pen, form: Form, field: Field, value: HeaderValue, row: int) -> None:
    """Caption, code where the field is coded, value."""
    last_caption = LAST_CAPTION
    if field.kind == "coded":
        last_caption = 0
        code, value = value if isinstance(value, tuple) else (None, value)
        pen.cell(row, 1, int(code) if code and code.isdigit() else code, "code")
    pen.height(row, (value, LAST_CAPTION + 1, pen.right), least=HEADER_HEIGHT)
    pen.across(row, 0, last_caption, _caption(form, field), "caption")
    pen.across(row, LAST_CAPTION + 1, pen.right, _plain(value), "text")


def _bare_section(pen: Pen, form: Form, fields: Sequence[Field], content: WorkbookContent, row: int) -> int:
    """Fields that stand alone: the label as a band, the value below it; returns the row below."""
    for field in fields:
        value = _plain(content.header.get(field.name))
        pen.across(row, 0, pen.right, _caption(form, field), "band")
        pen.height(row + 1, (value, 0, pen.right), least=HEADER_HEIGHT)
        pen.across(row + 1, 0, pen.right, value, "text")
        row += 2
    return row


def _table(pen: Pen, form: Form, rows: Sequence[Row], top: int) -> int:
    """The activities under their heads; returns the last row."""
    columns = [Column(field, col, col) for col, field in enumerate(form.activity)]
    first = _heads(pen, form, columns, top, heights=(18, 18, 24))
    for number, values in enumerate(rows or [{}] * EMPTY_ROWS):
        row = first + number
        texts = [(values.get(column.field.name), column.left, column.right) for column in columns]
        pen.height(row, *texts, least=ROW_HEIGHT)
        cells = {column.field.name: xl_rowcol_to_cell(row, column.left) for column in columns}
        for column in columns:
            name = column.field.name
            formula = FORMULAS[name].format(**cells) if name in FORMULAS else None
            pen.cell(row, column.left, values.get(name), look_of(column.field.kind), formula)
    return first + max(len(rows), 1 if rows else EMPTY_ROWS) - 1


def _heads(pen: Pen, form: Form, columns: Sequence[Column], top: int, heights: Sequence[float]) -> int:
    """A table's heads: groups over their columns, each label down to the bottom; returns the row below."""
    chains = [_chain(form, column.field) for column in columns]
    depth = 1 + max(len(chain) for chain in chains)
    for level in range(depth):
        pen.sheet.set_row(top + level, heights[min(level, len(heights) - 1)])
        for group, left, right in _runs(columns, chains, level):
            pen.across(top + level, left, right, group.printed, "band")
    for column, chain in zip(columns, chains, strict=True):
        area = Area(top + len(chain), column.left, top + depth - 1, column.right)
        pen.area(area, _label(form, column.field), "band")
    return top + depth


def _runs(
    columns: Sequence[Column], chains: Sequence[tuple[Group, ...]], level: int
) -> Iterator[tuple[Group, int, int]]:
    """Each group header of a level: the group, its first and its last column."""
    pairs = zip(columns, chains, strict=True)
    for prefix, run in groupby(pairs, key=lambda pair: pair[1][: level + 1]):
        members = [column for column, _ in run]
        if len(prefix) > level:
            yield prefix[level], members[0].left, members[-1].right


def _chain(form: Form, field: Field) -> tuple[Group, ...]:
    """The groups over a field, outermost first; a numeric field joins the group whose number it bears."""
    groups = {group.name: group for group in form.group if group.block == field.block}
    near = [g for g in groups.values() if field.numeric and g.number is not None and g.number == field.number]
    group = groups[field.group] if field.group else next(iter(near), None)
    chain: list[Group] = []
    while group is not None:
        chain.insert(0, group)
        group = groups.get(group.parent) if group.parent else None
    return tuple(chain)


def _label(form: Form, field: Field) -> str:
    """A field's label; its number is not printed again where a section's or group's title bears it."""
    titles: list[Label] = [group for group in form.group if group.block == field.block]
    titles += [section for section in form.section if section.name == field.section]
    return field.label if field.number in {title.number for title in titles} else field.printed


def _caption(form: Form, field: Field) -> str:
    label = _label(form, field)
    return f"{label}:" if label.endswith(")") else label


def _plain(value: HeaderValue) -> CellValue:
    return " ".join(value) if isinstance(value, tuple) else value


def _signatures(pen: Pen, form: Form, content: WorkbookContent, row: int) -> None:
    """The signature block, three to a row, with room for the hand between label and role."""
    right_block = _budget_columns(form)[-1].right + 2
    spans = ((0, LAST_NAME), (LAST_NAME + 2, right_block - 2), (right_block, pen.right))
    for number, signature in enumerate(form.signature):
        below, across = divmod(number, len(spans))
        left, right = spans[across]
        pen.across(row + 5 * below, left, right, signature.printed, "caption")
        pen.across(row + 5 * below + 3, left, right, content.signatories.get(signature.name), "text")
