"""What a unit's workbook says at the end of a quarter: its programme, with the ended quarters filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from config.catalog import Catalog
from config.form import Form, Level
from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, CellValue, Computed, HeaderValue, Row, WorkbookContent
from workbooks.sample.programme import Programme, YearActivity
from workbooks.sample.texts import texts

FEMININE = ("UNIDAD", "DIRECCION", "COORDINACION", "SECRETARIA", "SUBSECRETARIA", "COMISION")


def written_date(day: date, rng: Random) -> HeaderValue:
    """A date as units write it: a real date, ``5-jul-24`` or ``5 de julio de 2024``."""
    month = texts().months[day.month - 1]
    return rng.choice((day, f"{day.day}-{month[:3]}-{day:%y}", f"{day.day} de {month} de {day.year}"))


def stated(
    programmes: Sequence[Programme], form: Form, catalog: Catalog, quarter: int, drawn_up_on: HeaderValue
) -> WorkbookContent:
    """The workbook of a principal unit, first in ``programmes``, and its derived ones after ``quarter``."""
    principal = programmes[0]
    activities: list[Row] = []
    for each in programmes:
        activities += [_row(each, a, quarter, len(activities) + i) for i, a in enumerate(each.activities)]
    own = _head_of(principal.unit.name)
    *writers, head = form.signature
    return WorkbookContent(
        header=_header(principal, catalog, drawn_up_on),
        budget=_budget(programmes, quarter),
        activities=tuple(activities),
        signatories={**{writer.name: own for writer in writers}, head.name: texts().head},
    )


def _header(of: Programme, catalog: Catalog, drawn_up_on: HeaderValue) -> dict[str, HeaderValue]:
    shared, area = texts(), of.area
    codes = {name: ".".join(area.functional[: i + 1]) for i, name in enumerate(("finalidad", "funcion", "subfuncion"))}
    return {
        c.INSTITUTION: shared.institution,
        c.DRAWN_UP_ON: drawn_up_on,
        "guiding_axis": shared.guiding_axis,
        "cross_axis": shared.cross_axis,
        c.GENERAL_AXIS: area.general_axis,
        "strategic_objective": area.strategic_objective,
        **{name: (code.split(".")[-1], catalog.functional[code].upper()) for name, code in codes.items()},
        "modalidad": (area.modality, catalog.modalities[area.modality].upper()),
        "sector_programme": area.sector_programme,
    }


def _budget(programmes: Sequence[Programme], quarter: int) -> tuple[BudgetLine, ...]:
    principal = programmes[0]
    total = sum(each.amount for each in programmes)
    spent = [sum(each.exercised[q] for each in programmes) for q in range(4)]
    lines = [BudgetLine("programme", principal.title, None, _amounts(total, spent, quarter, principal))]
    for number, each in enumerate(programmes):
        level: Level = "derived" if number else "principal"
        amounts = _amounts(each.amount, each.exercised, quarter, each)
        lines.append(BudgetLine(level, each.unit.name, each.unit.code, amounts))
    if len(programmes) == 1 and principal.habits.empty_derived:
        lines.append(BudgetLine("derived"))
    return tuple(lines)


def _amounts(assigned: int, exercised: Sequence[int], quarter: int, of: Programme) -> dict[str, CellValue]:
    progress = exercised[quarter - 1] / assigned
    return {
        c.ASSIGNED_AMOUNT: assigned,
        **dict(zip(c.EXERCISED[:quarter], exercised[:quarter], strict=True)),
        c.REPORTED_PROGRESS: _typed(progress, of) or progress,
        c.COMMENTS: of.habits.comment,
    }


def _typed(ratio: float, of: Programme) -> float | None:
    """The whole percentage that a unit which types its percentages would give; None where it leaves the formula."""
    typed = round(ratio, 2)
    return typed if of.habits.typed_percent and abs(typed - ratio) < 0.0049 else None  # no half percentages


def _row(of: Programme, activity: YearActivity, quarter: int, place: int) -> Row:
    total = sum(activity.achieved[:quarter])
    share = total / activity.annual
    code = of.unit.code
    return {
        c.UNIT_CODE: int(code) if of.habits.code_as_number else code,
        c.ACTIVITY_NO: activity.no,
        c.DESCRIPTION: activity.description,
        c.LEGAL_BASIS: activity.legal_basis,
        c.STRATEGY_CODE: activity.strategy,
        c.ASSIGNED_AMOUNT: activity.amount,
        c.MEASURE_UNIT: activity.measure,
        c.ANNUAL_TARGET: activity.annual,
        **dict(zip(c.PLANNED, activity.planned, strict=True)),
        **dict(zip(c.ACHIEVED[:quarter], activity.achieved[:quarter], strict=True)),
        c.ACHIEVED_TOTAL: Computed(total),
        c.REPORTED_PROGRESS: _typed(share, of) or Computed(share),
        c.PURPOSE: activity.purpose,
        c.JUSTIFICATION: _justification(activity, quarter, place),
    }


def _justification(activity: YearActivity, quarter: int, place: int) -> str | None:
    """A text of its own for each ``place`` in the workbook, and another one each quarter."""
    planned, done = sum(activity.planned[:quarter]), sum(activity.achieved[:quarter])
    gap = abs(done - planned)
    if planned == 0 or (gap == 0 and (place + quarter) % 4 == 3):
        return None
    shared = texts()
    wordings = shared.even if gap == 0 else shared.below if done < planned else shared.above
    text = wordings[(place + quarter) % len(wordings)]
    return text.format(done=f"{done:,}", planned=f"{planned:,}", gap=f"{gap:,}", measure=activity.measure.lower())


def _head_of(unit_name: str) -> str:
    return f"TITULAR {'DE LA' if unit_name.split()[0] in FEMININE else 'DEL'} {unit_name}"
