"""Defects of activities, each under the rule that finds it."""

from __future__ import annotations

from dataclasses import replace

from schemas.contracts import columns as c
from workbooks.form.content import Row, WorkbookContent
from workbooks.sample.defects import Case, Defect, Spoilt, activity_no, number, recomputed, spoil, with_cells
from workbooks.sample.texts import texts

SPELLED = {4: "cuatro", 12: "doce", 24: "veinticuatro", 48: "cuarenta y ocho"}


def blank_measure(case: Case) -> Spoilt:
    """The unit of measure is missing."""
    return spoil(case, {c.MEASURE_UNIT: None}, c.MEASURE_UNIT)


def blank_achieved(case: Case) -> Spoilt:
    """The result of the quarter that has ended is missing."""
    field = c.ACHIEVED[case.quarter - 1]
    return spoil(case, {field: None}, field, recompute=True)


def blank_purpose(case: Case) -> Spoilt:
    """The purpose is missing."""
    return spoil(case, {c.PURPOSE: None}, c.PURPOSE)


def spelled_target(case: Case) -> Spoilt:
    """The annual target is a word; the percentage stays as a typed number."""
    row = case.content.activities[case.rows[0]]
    annual, progress = number(row[c.ANNUAL_TARGET]), number(row[c.REPORTED_PROGRESS])
    cells: Row = {c.ANNUAL_TARGET: SPELLED.get(int(annual), "por definir"), c.REPORTED_PROGRESS: progress}
    return spoil(case, cells, c.ANNUAL_TARGET)


def not_available(case: Case) -> Spoilt:
    """The result of the quarter is "N/A"."""
    field = c.ACHIEVED[case.quarter - 1]
    return spoil(case, {field: "N/A"}, field, recompute=True)


def repeated_number(case: Case) -> Spoilt:
    """The last activity bears the number of the one before, so that numbering has no gap."""
    last = len(case.content.activities) - 1
    repeated = activity_no(case.content.activities[last - 1])
    content = with_cells(case.content, last, {c.ACTIVITY_NO: repeated})
    return Spoilt(content, repeated, c.ACTIVITY_NO, (last - 1, last))


def uneven_calendar(case: Case) -> Spoilt:
    """The annual target is not what the calendar adds up to."""
    annual = int(number(case.content.activities[case.rows[0]][c.ANNUAL_TARGET]))
    return spoil(case, {c.ANNUAL_TARGET: annual + max(2, annual // 10)}, c.ANNUAL_TARGET, recompute=True)


def wrong_total(case: Case) -> Spoilt:
    """The total is typed and wrong; the percentage follows it."""
    row = case.content.activities[case.rows[0]]
    annual, total = number(row[c.ANNUAL_TARGET]), int(number(row[c.ACHIEVED_TOTAL]))
    wrong = total + max(1, total // 10)
    return spoil(case, {c.ACHIEVED_TOTAL: wrong, c.REPORTED_PROGRESS: wrong / annual}, c.ACHIEVED_TOTAL)


def wrong_progress(case: Case) -> Spoilt:
    """The percentage is typed and off by twenty points."""
    progress = number(case.content.activities[case.rows[0]][c.REPORTED_PROGRESS])
    wrong = round(progress + (0.2 if progress < 0.6 else -0.2), 2)
    return spoil(case, {c.REPORTED_PROGRESS: wrong}, c.REPORTED_PROGRESS)


def future_result(case: Case) -> Spoilt:
    """The quarter that has not ended already has a result."""
    planned = int(number(case.content.activities[case.rows[0]][c.PLANNED[case.quarter]]))
    field = c.ACHIEVED[case.quarter]
    return spoil(case, {field: max(1, planned)}, field, recompute=True)


def negative_result(case: Case) -> Spoilt:
    """The result of the quarter is negative; total and percentage follow it."""
    field = c.ACHIEVED[case.quarter - 1]
    result = int(number(case.content.activities[case.rows[0]][field]))
    return spoil(case, {field: -max(1, result)}, field, recompute=True)


def zero_target(case: Case) -> Spoilt:
    """Nothing is planned all year, and nothing achieved."""
    cells: Row = {
        c.ANNUAL_TARGET: 0,
        **dict.fromkeys(c.PLANNED, 0),
        **dict.fromkeys(c.ACHIEVED[: case.quarter], 0),
        c.JUSTIFICATION: None,
    }
    return spoil(case, cells, c.ANNUAL_TARGET, recompute=True)


def foreign_row(case: Case) -> Spoilt:
    """A last row belongs to a unit of the catalogue that the header does not name."""
    named = {line.unit_code for line in case.content.budget}
    foreign = next(code for code in reversed(case.catalog.units) if code not in named)
    row = {
        **case.content.activities[case.rows[0]],
        c.UNIT_CODE: foreign,
        c.ACTIVITY_NO: 1,
        c.JUSTIFICATION: None,
    }
    row[c.DESCRIPTION] = "Apoyo a otras unidades en la integración de información"
    row |= {c.MEASURE_UNIT: "Informes", c.PURPOSE: "Colaborar con las áreas que lo solicitan"}
    content: WorkbookContent = replace(case.content, activities=(*case.content.activities, recomputed(row)))
    return Spoilt(content, 1, c.UNIT_CODE)


def strategy_elsewhere(case: Case) -> Spoilt:
    """The strategy lies under an axis whose code merely begins alike."""
    axis = str(case.content.header[c.GENERAL_AXIS]).split()[0]
    return spoil(case, {c.STRATEGY_CODE: f"{axis}0.1"}, c.STRATEGY_CODE)


def two_spellings(case: Case) -> Spoilt:
    """A unit of measure stands in the plural and, further down, in the singular."""
    singular = texts().singular
    first, later = sorted(case.rows[:2])
    measures = [row[c.MEASURE_UNIT] for row in case.content.activities]
    plural = next((str(m) for m in measures if m in singular), "Informes")
    content = with_cells(case.content, first, {c.MEASURE_UNIT: plural})
    content = with_cells(content, later, {c.MEASURE_UNIT: singular[plural]})
    return Spoilt(content, activity_no(content.activities[later]), c.MEASURE_UNIT, (first, later))


# The repeated number comes first: it wants the last two activities untouched.
ROW_DEFECTS: tuple[tuple[str, Defect], ...] = (
    ("R03", repeated_number),
    ("R01", blank_measure),
    ("R01", blank_achieved),
    ("R01", blank_purpose),
    ("R02", spelled_target),
    ("R02", not_available),
    ("R05", uneven_calendar),
    ("R06", wrong_total),
    ("R07", wrong_progress),
    ("R08", future_result),
    ("R09", negative_result),
    ("R10", zero_target),
    ("R11", foreign_row),
    ("R13", strategy_elsewhere),
    ("R15", two_spellings),
)
