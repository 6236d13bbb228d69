"""What a unit told last as the content of its next form: header, budget lines, activities, rows set aside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from config.catalog import Catalog
from config.form import Field, Form, Level
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from workbooks.form.content import BudgetLine, CellValue, HeaderValue, Row

# What is said of one quarter only, or worked out by the form itself.
OF_ITS_QUARTER = (c.COMMENTS, c.JUSTIFICATION, c.DRAWN_UP_ON)
COMPUTED = (c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS)
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class ReportedRow:
    """A row of the last workbook: its values, where it stood, and by which rules it was set aside (none: accepted)."""

    values: Row
    unit_code: str
    sheet: str
    row: int
    rules: str | None = None


@dataclass(frozen=True)
class ReportedLine:
    """A budget line of the last workbook and where it stood; one that it lacked stood nowhere."""

    line: BudgetLine
    sheet: str | None = None
    row: int | None = None


def header_of(judged: Judged, form: Form) -> dict[str, HeaderValue]:
    """The header by field, without what is of its quarter."""
    said = {field: (code, text) for field, code, text in judged.header.select(c.FIELD, c.CODE, c.TEXT).iter_rows()}
    extra = dict(_of_whole(judged).select(c.FIELD, c.VALUE).iter_rows())
    header: dict[str, HeaderValue] = {}
    for field in form.header:
        code, text = said.get(field.name, (None, extra.get(field.name)))
        if field.name in OF_ITS_QUARTER:
            continue
        header[field.name] = (code or "", text or "") if field.kind == "coded" and (code or text) else text
    return header


def _of_whole(judged: Judged) -> pl.DataFrame:
    """Extra values of the header: of no budget line."""
    lines = judged.budget.select(c.SHEET, c.ROW)
    extra = judged.extra.filter(pl.col(c.FIELD).is_not_null() & pl.col(c.ACTIVITY_NO).is_null())
    return extra.join(lines, on=[c.SHEET, c.ROW], how="anti", maintain_order="left")


def lines_of(judged: Judged, form: Form, members: Sequence[str], catalog: Catalog, until: int) -> list[ReportedLine]:
    """The programme's line, then those of ``members``, the first of which is principal; what was exercised up to the
    quarter ``until`` (0-4).
    """
    told = {row[c.UNIT_CODE]: row for row in judged.budget.reverse().iter_rows(named=True)}
    programme = next((r for r in judged.budget.iter_rows(named=True) if r[c.LEVEL] == "programme"), None)
    extra = _extra_lines(judged)
    lines = [_line("programme", programme, form, extra, until, None, None)]
    for nth, code in enumerate(members):
        level: Level = "derived" if nth else "principal"
        lines.append(_line(level, told.get(code), form, extra, until, code, catalog.unit_names.get(code)))
    return lines


def _line(
    level: Level,
    row: Mapping[str, object] | None,
    form: Form,
    extra: Mapping[tuple[object, object], Row],
    until: int,
    code: str | None,
    name: str | None,
) -> ReportedLine:
    if row is None:
        return ReportedLine(BudgetLine(level, name, code))
    sheet, number = row[c.SHEET], row[c.ROW]
    values = {**{field.name: row.get(field.name) for field in form.budget}, **extra.get((sheet, number), {})}
    kept = {field.name: _kept(field, values[field.name], until) for field in form.budget}
    said = str(row[c.UNIT_NAME]) if row[c.UNIT_NAME] is not None else None
    return ReportedLine(BudgetLine(level, name or said, code, kept), str(sheet), int(str(number)))


def rows_of(judged: Judged, form: Form, members: Sequence[str], until: int) -> list[ReportedRow]:
    """The activities of ``members`` in their order, those set aside among them as they were written; a row set aside
    whose UR is none of the workbook's stands with the first. What was achieved up to the quarter ``until`` (0-4).
    """
    known = set(judged.activities.select(c.UNIT_CODE, c.ACTIVITY_NO).iter_rows())
    foreign = set(judged.budget[c.UNIT_CODE].drop_nulls()) - set(members)
    rows = [_accepted(row, form, until) for row in _with_extra(judged) if row[c.UNIT_CODE] in members]
    for row in judged.quarantined.iter_rows(named=True):
        # A copy of an accepted row tells nothing; a row of a UR that went elsewhere is that one's to correct.
        copy = row[c.ACTIVITY_NO] is not None and (row[c.UNIT_CODE], row[c.ACTIVITY_NO]) in known
        if not copy and row[c.UNIT_CODE] not in foreign:
            unit = row[c.UNIT_CODE] if row[c.UNIT_CODE] in members else members[0]
            rows.append(_set_aside(row, form, unit, until))
    sheets = {sheet: place for place, sheet in enumerate(judged.pages[c.SHEET].unique(maintain_order=True))}
    return sorted(rows, key=lambda row: (members.index(row.unit_code), sheets.get(row.sheet, len(sheets)), row.row))


def _accepted(row: Mapping[str, object], form: Form, until: int) -> ReportedRow:
    values = {field.name: _kept(field, row.get(field.name), until) for field in form.activity}
    return ReportedRow(values, str(row[c.UNIT_CODE]), str(row[c.SHEET]), int(str(row[c.ROW])))


def _set_aside(row: Mapping[str, object], form: Form, unit: str, until: int) -> ReportedRow:
    """The row as it was written, or as it is proposed to be read."""
    proposed = json.loads(str(row[c.PROPOSAL]))[c.CELLS] if row[c.PROPOSAL] else None
    cells = proposed or json.loads(str(row[c.CELLS] or "{}"))
    values = {field.name: _kept(field, cells.get(field.name), until) for field in form.activity}
    code = values.get(c.UNIT_CODE)
    if isinstance(code, str) and code.strip().isdecimal():
        values[c.UNIT_CODE] = code.strip().zfill(2)
    return ReportedRow(values, unit, str(row[c.SHEET]), int(str(row[c.ROW])), str(row[c.RULES]))


def _kept(field: Field, value: object, until: int) -> CellValue:
    """The value, unless it is of a quarter only, of one after ``until``, or worked out."""
    results = field.name in (*c.EXERCISED, *c.ACHIEVED) and (field.quarter or 0) > until
    if results or field.name in (*OF_ITS_QUARTER, *COMPUTED):
        return None
    if isinstance(value, str):
        return _number(value) if field.numeric else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else None


def _number(text: str) -> CellValue:
    """A text that is a plain number as that number; else as it is."""
    plain = text.replace("$", "").replace(",", "").strip()
    return float(plain) if PLAIN_NUMBER.fullmatch(plain) else text


def _extra_lines(judged: Judged) -> dict[tuple[object, object], Row]:
    """The extra values of budget lines by sheet and row."""
    found: dict[tuple[object, object], dict[str, CellValue]] = {}
    for sheet, row, name, value in judged.extra.select(c.SHEET, c.ROW, c.FIELD, c.VALUE).iter_rows():
        if name is not None:
            found.setdefault((sheet, row), {})[name] = value
    return dict(found)


def _with_extra(judged: Judged) -> list[dict[str, object]]:
    extra = _extra_lines(judged)
    return [{**row, **extra.get((row[c.SHEET], row[c.ROW]), {})} for row in judged.activities.iter_rows(named=True)]
