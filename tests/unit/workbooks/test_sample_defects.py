"""Each defect spoils what it says and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from config.catalog import load_catalog
from config.form import load_form
from schemas.contracts import columns as c
from workbooks.form.content import Computed, Row, WorkbookContent
from workbooks.sample import header_defects, row_defects
from workbooks.sample.defects import Case, Spoilt, number
from workbooks.sample.planting import deal, plant
from workbooks.sample.programme import programme
from workbooks.sample.stated import stated


@pytest.fixture
def case() -> Case:
    """A clean workbook of UR 07 after the third quarter, six activities."""
    form, catalog = load_form(2024), load_catalog()
    year = programme(catalog.units["07"], Random("example"), size=6)
    content = stated([year], form, catalog, 3, "4-oct-24")
    return Case(content, (1, 2, 3, 4, 5, 0), 3, date(2024, 9, 30), form, catalog)


def changed(case: Case, spoilt: Spoilt) -> dict[int, set[str]]:
    """Fields that differ, by position of the activity."""
    pairs = enumerate(zip(case.content.activities, spoilt.content.activities, strict=False))
    found = {i: {name for name in before if before[name] != after[name]} for i, (before, after) in pairs}
    return {i: names for i, names in found.items() if names}


COMPUTED = {c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS}


@pytest.mark.parametrize(
    ("defect", "fields"),
    [
        (row_defects.blank_measure, {c.MEASURE_UNIT}),
        (row_defects.blank_purpose, {c.PURPOSE}),
        (row_defects.strategy_elsewhere, {c.STRATEGY_CODE}),
        (row_defects.wrong_progress, {c.REPORTED_PROGRESS}),
        (row_defects.wrong_total, COMPUTED),
        (row_defects.blank_achieved, {"achieved_q3"} | COMPUTED),
        (row_defects.not_available, {"achieved_q3"} | COMPUTED),
        (row_defects.negative_result, {"achieved_q3"} | COMPUTED),
    ],
)
def test_a_defect_stays_in_its_cells(case: Case, defect: Callable[[Case], Spoilt], fields: set[str]) -> None:
    spoilt = defect(case)
    assert changed(case, spoilt) == {1: fields}
    assert (spoilt.activity_no, spoilt.took) == (2, (1,))
    assert spoilt.field in fields


def test_totals_follow_a_negative_result(case: Case) -> None:
    row = row_defects.negative_result(case).content.activities[1]
    assert row[c.ACHIEVED_TOTAL] == Computed(sum(number(row.get(name)) for name in c.ACHIEVED))
    assert number(row["achieved_q3"]) < 0


def test_a_repeated_number_leaves_no_gap(case: Case) -> None:
    spoilt = row_defects.repeated_number(case)
    assert [row[c.ACTIVITY_NO] for row in spoilt.content.activities] == [1, 2, 3, 4, 5, 5]


def test_a_negative_amount_keeps_the_sum(case: Case) -> None:
    def total(content: WorkbookContent) -> float:
        return sum(number(row[c.ASSIGNED_AMOUNT]) for row in content.activities)

    assert total(header_defects.negative_amount(case).content) == total(case.content)


def test_an_unknown_unit_adds_up_with_the_programme(case: Case) -> None:
    content = header_defects.unknown_unit(case).content
    programme_line, principal, derived = content.budget
    for name in (c.ASSIGNED_AMOUNT, *c.EXERCISED[:3]):
        lines = (principal, derived)
        assert number(programme_line.values[name]) == sum(number(line.values[name]) for line in lines)
    last: Row = content.activities[-1]
    assert (last[c.UNIT_CODE], last[c.ASSIGNED_AMOUNT]) == ("99", derived.values[c.ASSIGNED_AMOUNT])


def test_two_spellings_leave_the_plural_above(case: Case) -> None:
    spoilt = row_defects.two_spellings(case)
    rows = spoilt.content.activities
    assert (rows[1][c.MEASURE_UNIT], rows[2][c.MEASURE_UNIT]) == ("Documentos", "Documento")
    assert spoilt.activity_no == 3


def test_defects_of_one_workbook_take_different_activities(case: Case) -> None:
    for seed in range(20):
        for defects in deal(12, 3, Random(seed)):
            _, planted = plant(replace(case, rows=()), defects, "07", "POA_2024_UR07.xlsx", Random(seed))
            places = [(each.activity_no, each.field) for each in planted]
            assert len(set(places)) == len(places)
