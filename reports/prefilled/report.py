"""A unit's next form out of what it told last, or a blank one: what is locked, what is wanted, what is to be mended."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from config.catalog import Catalog
from config.form import Form
from config.policy import READINGS, Policy, Reading
from reports.prefilled.content import COMPUTED, ReportedLine, header_of, lines_of, rows_of
from reports.prefilled.corrections import corrections
from schemas.contracts import columns as c
from schemas.contracts.core import CORE
from schemas.contracts.frames import Judged
from schemas.language.measures import SUM, spelled
from workbooks.form.content import BudgetLine, HeaderValue, Row, WorkbookContent
from workbooks.prefilled.formulas import came_to
from workbooks.prefilled.prefilled import Key, Prefilled, RowFigures

CLOSE = 0.005  # a percentage is written to whole points
HALF_PESO = 0.5
BLANK_ROWS = 18  # of a form without activities: three pages full and the one that is signed
FIGURES = (c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED)


@dataclass(frozen=True)
class Office:
    """What the office decides: form of the year, catalogues, policy, and the units of measure known."""

    form: Form
    catalog: Catalog
    policy: Policy
    measures: tuple[str, ...]


def prefilled(
    judged: Judged, findings: pl.DataFrame, members: Sequence[str], office: Office, *, quarter: int, told_in: int
) -> Prefilled:
    """The form to report ``quarter`` of the units ``members``, the first principal, out of the workbook that they sent
    for the quarter ``told_in`` of the same year; its ``findings`` say what is still to be mended.
    """
    form = office.form
    lines = lines_of(judged, form, members, office.catalog, told_in)
    rows = rows_of(judged, form, members, told_in)
    header = header_of(judged, form)
    content = _content(header, lines, [row.values for row in rows])
    pending = findings.filter(~pl.col(c.WAIVED) & (pl.col(c.SEVERITY) != "nota"))
    mend = corrections(pending, form, lines, rows, office.catalog.units)
    later = {*c.ACHIEVED[told_in:], *c.EXERCISED[told_in:]}
    due = later - {*c.ACHIEVED[quarter:], *c.EXERCISED[quarter:]}
    return Prefilled(
        content=content,
        quarter=quarter,
        open=frozenset(_open(form, content, due, quarter)),
        figures=tuple(_figures(row.values, office.policy) for row in rows),
        deviation=office.policy.deviation,
        signed_from=_ends(form.fiscal_year, quarter),
        mend={key: text for key, text in mend.items() if key[2] not in later},
        by_sum=frozenset(nth for nth, line in enumerate(lines) if _by_sum(judged, line, told_in)),
        programme_sums=_programme_sums(lines, told_in),
        measures=office.measures,
        told=f"Ya contiene lo que su unidad informó hasta el {form.form.quarters[told_in - 1]} de {form.fiscal_year}.",
    )


def blank(
    header: Mapping[str, HeaderValue], programme: str | None, members: Sequence[str], office: Office, *, quarter: int
) -> Prefilled:
    """The form of units of which the year knows nothing: the header proposed, the programme and its calendar empty, the
    quarters up to ``quarter`` to be reported.
    """
    form, names = office.form, office.catalog.unit_names
    lines = [ReportedLine(BudgetLine("programme", programme))]
    lines += [
        ReportedLine(BudgetLine("derived" if nth else "principal", names.get(code), code))
        for nth, code in enumerate(members)
    ]
    content = _content(header, lines, [{}] * BLANK_ROWS)
    due = {name for k in range(quarter) for name in (c.ACHIEVED[k], c.EXERCISED[k])}
    proposed = {("header", 0, name) for name in header if name != c.INSTITUTION}
    return Prefilled(
        content=content,
        quarter=quarter,
        open=frozenset({*_open(form, content, due, quarter), *proposed, ("budget", 0, c.UNIT_NAME)}),
        figures=(RowFigures(sure=False),) * BLANK_ROWS,
        deviation=office.policy.deviation,
        signed_from=_ends(form.fiscal_year, quarter),
        measures=office.measures,
        told=f"Capture el programa de {form.fiscal_year} y lo realizado hasta el {form.form.quarters[quarter - 1]}.",
    )


def _content(header: Mapping[str, HeaderValue], lines: Iterable[ReportedLine], rows: Sequence[Row]) -> WorkbookContent:
    return WorkbookContent(dict(header), tuple(line.line for line in lines), tuple(rows), {})


def _ends(year: int, quarter: int) -> date:
    return date(year, 3 * quarter, monthrange(year, 3 * quarter)[1])


def _open(form: Form, content: WorkbookContent, due: Collection[str], quarter: int) -> Iterator[Key]:
    """What is of the quarter, what is empty and could be filled by now, and what the program does not know."""
    later = {*c.ACHIEVED[quarter:], *c.EXERCISED[quarter:]}
    yield from (("signature", 0, signature.name) for signature in form.signature)
    yield from (("header", 0, field.name) for field in form.header if not content.header.get(field.name))
    blocks = (
        ("budget", form.budget, [line.values for line in content.budget], CORE["budget"]),
        ("activity", form.activity, content.activities, CORE["activity"]),
    )
    for block, fields, rows, core in blocks:
        for nth, row in enumerate(rows):
            for field in fields:
                wanted = field.name in due or row.get(field.name) is None or field.name not in core
                if wanted and field.name not in later and field.name not in COMPUTED:
                    yield block, nth, field.name


def _figures(row: Row, policy: Policy) -> RowFigures:
    measure = row.get(c.MEASURE_UNIT)
    _, said, counted = spelled(measure, policy.measure) if isinstance(measure, str) else ("", SUM, True)
    reading = next(known for known in READINGS if known == said)
    values = [row.get(name) for name in FIGURES]
    fractions = any(isinstance(value, float) and not value.is_integer() for value in values)
    return RowFigures(_reading(row, reading), decimals=fractions or not counted, counted=counted)


def _reading(row: Row, reading: Reading) -> Reading:
    """A calendar that adds up to the target is read as a sum, whatever the measure, unless it reads right as told."""
    figures = [number for name in (c.ANNUAL_TARGET, *c.PLANNED) if isinstance(number := row.get(name), int | float)]
    if reading == "sum" or len(figures) < 1 + len(c.PLANNED):
        return reading
    annual, *planned = figures
    return "sum" if annual == sum(planned) and came_to(planned, planned, reading) != annual else reading


def _by_sum(judged: Judged, line: ReportedLine, told_in: int) -> bool:
    """Whether the line's amounts are each quarter's own: what the reported percentage fits, else whether they rise."""
    spent = [line.line.values.get(name) for name in c.EXERCISED[:told_in]]
    known = [float(value) for value in spent if isinstance(value, int | float)]
    assigned = line.line.values.get(c.ASSIGNED_AMOUNT)
    if len(known) < max(2, told_in) or not isinstance(assigned, int | float) or not assigned:
        return False
    place = judged.budget.filter(pl.col(c.SHEET).eq_missing(line.sheet) & pl.col(c.ROW).eq_missing(line.row))
    reported = place[c.REPORTED_PROGRESS].first() if len(place) else None
    rising = all(before <= after for before, after in pairwise(known))
    if isinstance(reported, float) and abs(reported - known[-1] / assigned) <= CLOSE and rising:
        return False
    if isinstance(reported, float) and abs(reported - sum(known) / assigned) <= CLOSE:
        return True
    return not rising or known[0] == known[-1] != 0


def _programme_sums(lines: Sequence[ReportedLine], told_in: int) -> bool:
    """Whether the programme has been the sum of its lines so far, so that it may go on being that."""
    programme, *units = (line.line.values for line in lines)
    for name in (c.ASSIGNED_AMOUNT, *c.EXERCISED[:told_in]):
        said = [values.get(name) for values in (programme, *units)]
        numbers = [value for value in said if isinstance(value, int | float)]
        if len(numbers) < len(said) or abs(numbers[0] - sum(numbers[1:])) > HALF_PESO * len(numbers):
            return False
    return bool(units)
