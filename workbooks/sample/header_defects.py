"""Defects of header, budget block and workbook as a whole, each under the rule that finds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, HeaderValue, Row, WorkbookContent
from workbooks.sample.defects import Case, Defect, Spoilt, number, recomputed, with_cells

UNKNOWN_UNIT, UNKNOWN_NAME = "99", "DEPARTAMENTO DE APOYO TECNICO"


def wrong_programme_amount(case: Case) -> Spoilt:
    """The programme's amount is a tenth over the sum of its units."""
    assigned = round(number(case.content.budget[0].values[c.ASSIGNED_AMOUNT]) * 1.1)
    content = _with_line(case.content, 0, {c.ASSIGNED_AMOUNT: assigned}, case.quarter)
    return Spoilt(content, None, c.ASSIGNED_AMOUNT)


def wrong_activity_amounts(case: Case) -> Spoilt:
    """The activities' amounts add up to far more than the unit's."""
    amount = number(case.content.activities[0][c.ASSIGNED_AMOUNT])
    content = with_cells(case.content, 0, {c.ASSIGNED_AMOUNT: round(amount * 1.5) + 10_000})
    return Spoilt(content, None, c.ASSIGNED_AMOUNT)


def overspent(case: Case) -> Spoilt:
    """More was exercised than assigned, in the programme and in its unit."""
    field = c.EXERCISED[case.quarter - 1]
    content = case.content
    for place in (0, 1):
        assigned = number(content.budget[place].values[c.ASSIGNED_AMOUNT])
        content = _with_line(content, place, {field: round(assigned * 1.08)}, case.quarter)
    return Spoilt(content, None, field)


def wrong_budget_progress(case: Case) -> Spoilt:
    """The unit's percentage is neither the last figure's share nor the sum's."""
    values = case.content.budget[1].values
    assigned = number(values[c.ASSIGNED_AMOUNT])
    spent = [number(values.get(name)) / assigned for name in c.EXERCISED[: case.quarter]]
    wrong = next(p for p in (0.35, 0.58, 0.82) if all(abs(p - share) > 0.06 for share in (spent[-1], sum(spent))))
    lines = list(case.content.budget)
    lines[1] = replace(lines[1], values={**values, c.REPORTED_PROGRESS: wrong})
    return Spoilt(replace(case.content, budget=tuple(lines)), None, c.REPORTED_PROGRESS)


def spent_ahead(case: Case) -> Spoilt:
    """The unit has exercised an amount in the quarter that has not ended."""
    field = c.EXERCISED[case.quarter]
    values = case.content.budget[1].values
    spent = number(values[c.EXERCISED[case.quarter - 1]])
    rest = number(values[c.ASSIGNED_AMOUNT]) - spent
    content = _with_line(case.content, 1, {field: round(spent + rest / 2)}, case.quarter)
    return Spoilt(content, None, field)


def negative_amount(case: Case) -> Spoilt:
    """An activity's amount is negative; another's makes up for it, so that the sum holds."""
    rows = case.content.activities
    position = case.rows[0]
    unit_code = rows[position][c.UNIT_CODE]
    other = next(i for i, row in enumerate(rows) if i != position and row[c.UNIT_CODE] == unit_code)
    amount = number(rows[position][c.ASSIGNED_AMOUNT])
    content = with_cells(case.content, position, {c.ASSIGNED_AMOUNT: -amount})
    content = with_cells(content, other, {c.ASSIGNED_AMOUNT: number(rows[other][c.ASSIGNED_AMOUNT]) + 2 * amount})
    return Spoilt(content, int(number(rows[position][c.ACTIVITY_NO])), c.ASSIGNED_AMOUNT, (position,))


def unknown_unit(case: Case) -> Spoilt:
    """A derived unit that the catalogue lacks, with a budget line and one activity of its own."""
    content = case.content
    programme, principal = content.budget[:2]
    share = {name: round(number(principal.values.get(name)) / 10) for name in _amounts(case.quarter)}
    total = {name: number(programme.values.get(name)) + amount for name, amount in share.items()}
    derived = BudgetLine("derived", UNKNOWN_NAME, UNKNOWN_UNIT, share)
    content = replace(content, budget=(programme, principal, derived))
    content = _with_line(_with_line(content, 0, total, case.quarter), 2, {}, case.quarter)
    row = {
        **content.activities[case.rows[0]],
        c.UNIT_CODE: UNKNOWN_UNIT,
        c.ACTIVITY_NO: 1,
        c.JUSTIFICATION: None,
    }
    row |= {
        c.ASSIGNED_AMOUNT: share[c.ASSIGNED_AMOUNT],
        c.DESCRIPTION: "Soporte técnico a las áreas de la unidad",
        c.MEASURE_UNIT: "Asistencias",
        c.PURPOSE: "Mantener en operación los equipos de la unidad",
    }
    return Spoilt(replace(content, activities=(*content.activities, recomputed(row))), 1, c.UNIT_CODE)


def other_name(case: Case) -> Spoilt:
    """The unit's name is not the catalogue's."""
    programme, principal, *others = case.content.budget
    renamed = replace(principal, name=f"{principal.name} Y APOYO")
    return Spoilt(replace(case.content, budget=(programme, renamed, *others)), None, c.UNIT_NAME)


def empty_objective(case: Case) -> Spoilt:
    """The strategic objective is not filled."""
    return _with_header(case, "strategic_objective", None)


def early_date(case: Case) -> Spoilt:
    """The form was drawn up before the quarter ended."""
    return _with_header(case, c.DRAWN_UP_ON, case.ends - timedelta(days=18))


def no_date(case: Case) -> Spoilt:
    """The date is not a date."""
    return _with_header(case, c.DRAWN_UP_ON, "Pendiente")


def last_years_form(case: Case) -> Spoilt:
    """The form is the one of the fiscal year before."""
    year = case.form.fiscal_year
    subtitle = case.form.form.subtitle.replace(str(year), str(year - 1))
    return Spoilt(replace(case.content, subtitle=subtitle))


def no_activities(case: Case) -> Spoilt:
    """No activity is captured."""
    return Spoilt(replace(case.content, activities=()))


def _amounts(quarter: int) -> tuple[str, ...]:
    return (c.ASSIGNED_AMOUNT, *c.EXERCISED[:quarter])


def _with_header(case: Case, field: str, value: HeaderValue) -> Spoilt:
    return Spoilt(replace(case.content, header={**case.content.header, field: value}), None, field)


def _with_line(content: WorkbookContent, place: int, cells: Row, quarter: int) -> WorkbookContent:
    """Replace cells of a budget line; its percentage follows the last quarter's figure."""
    values = {**content.budget[place].values, **cells}
    progress = number(values[c.EXERCISED[quarter - 1]]) / number(values[c.ASSIGNED_AMOUNT])
    lines = list(content.budget)
    lines[place] = replace(lines[place], values={**values, c.REPORTED_PROGRESS: progress})
    return replace(content, budget=tuple(lines))


BUDGET_DEFECTS: tuple[tuple[str, Defect], ...] = (
    ("P01", wrong_programme_amount),
    ("P02", wrong_activity_amounts),
    ("P03", overspent),
    ("P04", wrong_budget_progress),
    ("P05", spent_ahead),
    ("P06", negative_amount),
)
HEADER_DEFECTS: tuple[tuple[str, Defect], ...] = (
    ("E02", other_name),
    ("E01", unknown_unit),
    ("E03", empty_objective),
    ("E06", early_date),
    ("E06", no_date),
)
WHOLE_DEFECTS: tuple[tuple[str, Defect], ...] = (("A05", last_years_form), ("A08", no_activities))
