"""The laws of tolerance, on the identities of the form and through the rules themselves.

Rounding what is true never raises a finding; a change beyond the whole slack always does; counts are exact.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import made_history
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from made_workbook import FIRST_ROW, told
from sound_figures import (
    LARGEST_COUNT,
    PERCENTS,
    STORED,
    TEXT,
    Amount,
    Unit,
    budget_of,
    percent,
    rows_of,
    true_amounts,
    units,
    written,
)

from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.findings.history_engine import history_findings
from schemas.rules.rulebook import CARDS

LAW = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    # A workbook of many figures takes minutes to shrink; each case stands by itself in the message.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Case = dict[str, str]
# Rules that are judged in history scope, of a workbook that is held against no other here.
HISTORY = {code for code, card in CARDS.items() if card.history_check is not None}
DECIMALS = st.sampled_from([0, 1, 2])


class Judge:
    """The rules of a quarter; its name is all that a failing example shows of it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __repr__(self) -> str:
        return "judge"

    def told(self, *rules: str, **workbook: Any) -> list[tuple[str, int]]:
        """(rule, row) of what these rules tell of a made workbook."""
        if HISTORY.intersection(rules):
            alone = made_history.judged(self._context, **workbook)
            every = [alone.findings, history_findings(alone, made_history.history(alone), self._context)]
        else:
            every = [told(self._context, **workbook)]
        found = pl.concat(every, how="diagonal_relaxed").filter(pl.col(c.RULE).is_in(rules))
        return list(found.select(c.RULE, c.ROW).sort(c.RULE, c.ROW).iter_rows())


@pytest.fixture(scope="module")
def judge(third_quarter: Context) -> Judge:
    return Judge(third_quarter)


# --- P01, P02: sums of amounts


def sums(said: list[Unit], programme: Amount, judge: Judge) -> list[tuple[str, int]]:
    return judge.told("P01", "P02", rows=list(rows_of(said)), budget=list(budget_of(said, programme)))


def programme_of(said: list[Unit]) -> Amount:
    """The programme that the units truly, or as written to the cent, add up to."""
    return Amount(sum((unit.assigned.true for unit in said), Decimal(0)), 2, TEXT)


@LAW
@given(data=st.data(), said=units())
def test_rounded_amounts_add_up(data: st.DataObject, said: list[Unit], judge: Judge) -> None:
    programme = data.draw(written(programme_of(said).true))
    assert sums(said, programme, judge) == []


@LAW
@given(said=units(rounding=False), place=st.integers(0, 9), beyond=st.integers(1, 10**6), sign=st.sampled_from([1, -1]))
def test_an_activitys_amount_changed_beyond_the_slack_is_told(
    said: list[Unit], place: int, beyond: int, sign: int, judge: Judge
) -> None:
    unit = said[-1]
    # One step of what this cell can show more than the slack, at the least; not below zero, which is P06's.
    changed = unit.activities[place]
    step = 2 * changed.half
    by = (unit.slack // step + beyond) * step
    assert by > unit.slack
    amount = replace(changed, true=changed.true + by if sign > 0 or changed.true < by else changed.true - by)
    activities = tuple(amount if i == place else other for i, other in enumerate(unit.activities))
    spoilt = [*said[:-1], replace(unit, activities=activities)]
    # The budget lines stand from row 5 on, the programme first.
    assert sums(spoilt, programme_of(said), judge) == [("P02", 5 + len(said))]


@LAW
@given(said=units(rounding=False), beyond=st.integers(1, 10**6))
def test_a_units_amount_changed_beyond_the_slack_is_told_twice(said: list[Unit], beyond: int, judge: Judge) -> None:
    unit = said[-1]
    by = max(unit.slack, (len(said) + 1) * unit.assigned.half) + beyond * Decimal("0.01")
    by = by.quantize(Decimal("0.01"))
    spoilt = [*said[:-1], replace(unit, assigned=replace(unit.assigned, true=unit.assigned.true + by))]
    assert sums(spoilt, programme_of(said), judge) == [("P01", 5), ("P02", 5 + len(said))]


# --- P04 (and P03, which reads as it does): exercised against assigned


@st.composite
def exercises(draw: st.DrawFn) -> Case:
    """A budget line that truly exercised so much, up to each quarter or in each."""
    assigned, *parts = draw(true_amounts(4).filter(lambda amounts: amounts[0] > 0))
    share = max(Decimal(1), sum(parts, Decimal(0)) / assigned)
    parts = [(part / share).quantize(Decimal("0.0001")) for part in parts]
    total = sum(parts, Decimal(0))
    cumulative = draw(st.booleans())
    told_parts = [sum(parts[: i + 1], Decimal(0)) for i in range(3)] if cumulative else parts
    cells = {name: draw(written(part)).cell for name, part in zip(c.EXERCISED, told_parts, strict=False)}
    progress = percent(total / assigned, draw(DECIMALS), draw(st.sampled_from(PERCENTS)))
    return {c.ASSIGNED_AMOUNT: draw(written(assigned)).cell, **cells, c.REPORTED_PROGRESS: progress}


def lines(cases: list[Case]) -> list[Case]:
    return [{c.LEVEL: "derived", c.UNIT_NAME: f"{number:02} UNIDAD", **case} for number, case in enumerate(cases, 1)]


@LAW
@given(cases=st.lists(exercises(), min_size=1, max_size=20))
def test_a_rounded_share_of_rounded_amounts_holds(cases: list[Case], judge: Judge) -> None:
    found = judge.told("P03", "P04", budget=lines(cases))
    assert [(rule, cases[row - 5]) for rule, row in found] == []


@st.composite
def misreported(draw: st.DrawFn) -> Case:
    """A line with equal quarters, 25 % or 75 % of the assigned amount, that reports more than a point beside both."""
    quarter = draw(st.integers(10**4, 10**9))
    points = draw(st.integers(200, 15_000).filter(lambda p: abs(p - 2500) > 102 and abs(p - 7500) > 102))
    cells = dict.fromkeys(c.EXERCISED[:3], draw(written(Decimal(quarter))).cell)
    form = draw(st.sampled_from([form for form in PERCENTS if points > 160 or form != "75"]))
    progress = percent(Decimal(points) / 10_000, draw(DECIMALS), form)
    return {c.ASSIGNED_AMOUNT: f"#{4 * quarter}", **cells, c.REPORTED_PROGRESS: progress}


@LAW
@given(cases=st.lists(misreported(), min_size=1, max_size=20))
def test_a_share_off_by_more_than_its_digits_is_told(cases: list[Case], judge: Judge) -> None:
    found = judge.told("P04", budget=lines(cases))
    assert {row for _, row in found} == set(range(5, 5 + len(cases)))


# --- R05, R06, R07: the check digits of a row

COUNTS = st.one_of(st.integers(0, 200), st.integers(0, LARGEST_COUNT))
FORMS = st.sampled_from([STORED, TEXT])


def count(value: int, form: str) -> str:
    return f"#{value}" if form == STORED else f"{value:,}"


@st.composite
def counted(draw: st.DrawFn) -> dict[str, int]:
    """The counts of a row, which add up; something is planned."""
    planned = draw(st.lists(COUNTS, min_size=4, max_size=4).filter(any))
    achieved = draw(st.lists(COUNTS, min_size=3, max_size=3))
    return {
        **dict(zip(c.PLANNED, planned, strict=True)),
        **dict(zip(c.ACHIEVED, achieved, strict=False)),
        c.ANNUAL_TARGET: sum(planned),
        c.ACHIEVED_TOTAL: sum(achieved),
    }


def row(counts: dict[str, int], progress: str, form: str) -> Case:
    return {**{name: count(value, form) for name, value in counts.items()}, c.REPORTED_PROGRESS: progress}


@st.composite
def sound_rows(draw: st.DrawFn) -> Case:
    counts = draw(counted())
    ratio = Decimal(counts[c.ACHIEVED_TOTAL]) / counts[c.ANNUAL_TARGET]
    return row(counts, percent(ratio, draw(DECIMALS), draw(st.sampled_from(PERCENTS))), draw(FORMS))


HALF_A_POINT = {**dict.fromkeys(c.PLANNED, 50), **dict.fromkeys(c.ACHIEVED[:3], 0), c.ACHIEVED[0]: 1}
ONE_OF_200 = {**HALF_A_POINT, c.ANNUAL_TARGET: 200, c.ACHIEVED_TOTAL: 1}


@LAW
@given(cases=st.lists(sound_rows(), min_size=1, max_size=30))
@example(cases=[row(ONE_OF_200, "#0.5", STORED), row(ONE_OF_200, "1%", STORED), row(ONE_OF_200, "#0.005", STORED)])
def test_exact_counts_and_a_rounded_percentage_hold(cases: list[Case], judge: Judge) -> None:
    found = judge.told("R05", "R06", "R07", rows=cases)
    assert [(rule, cases[at - FIRST_ROW]) for rule, at in found] == []


CHANGED = {
    **dict.fromkeys((*c.PLANNED, c.ANNUAL_TARGET), "R05"),
    **dict.fromkeys((*c.ACHIEVED[:3], c.ACHIEVED_TOTAL), "R06"),
}


@st.composite
def miscounted(draw: st.DrawFn) -> tuple[str, Case]:
    """The rule that must tell, and a row with one count changed by a unit or more."""
    counts, name = draw(counted()), draw(st.sampled_from(list(CHANGED)))
    by = draw(st.one_of(st.just(1), st.integers(1, 100)))
    change = -by if counts[name] >= by and draw(st.booleans()) else by
    return CHANGED[name], row({**counts, name: counts[name] + change}, "", draw(FORMS))


@LAW
@given(cases=st.lists(miscounted(), min_size=1, max_size=30))
def test_a_count_off_by_one_is_told(cases: list[tuple[str, Case]], judge: Judge) -> None:
    found = judge.told("R05", "R06", rows=[row for _, row in cases])
    assert {at: rule for rule, at in found} == {at: rule for at, (rule, _) in enumerate(cases, FIRST_ROW)}


@st.composite
def misrated(draw: st.DrawFn) -> Case:
    """A row whose percentage, of two points or more however it is read, is off by more than its last digit."""
    annual = draw(st.integers(100, LARGEST_COUNT))
    total = draw(st.integers(annual // 50, 2 * annual))
    planned = {**dict.fromkeys(c.PLANNED, 0), c.PLANNED[0]: annual}
    achieved = {**dict.fromkeys(c.ACHIEVED[:3], 0), c.ACHIEVED[0]: total}
    decimals, sign = draw(DECIMALS), draw(st.sampled_from([1, -1]))
    by = sign * (Decimal(draw(st.integers(1, 20))) + Decimal("0.01")).scaleb(-decimals) / 100
    ratio = Decimal(total) / annual
    wrong = ratio + by if ratio + by > 0 else ratio - by
    form = draw(st.sampled_from(PERCENTS if decimals and wrong > Decimal("0.02") else PERCENTS[:2]))
    return row(
        {**planned, **achieved, c.ANNUAL_TARGET: annual, c.ACHIEVED_TOTAL: total}, percent(wrong, 2, form), STORED
    )


@LAW
@given(cases=st.lists(misrated(), min_size=1, max_size=30))
def test_a_percentage_off_by_more_than_its_digits_is_told(cases: list[Case], judge: Judge) -> None:
    found = judge.told("R07", rows=cases)
    assert {at for _, at in found} == set(range(FIRST_ROW, FIRST_ROW + len(cases)))
