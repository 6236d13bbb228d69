"""However a unit lays the form out, the same facts are read: each habit alone, and many together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sent import different, facts, findings, read_back

from schemas.evidence import Context
from workbooks.admission import Limits
from workbooks.layout import CLEAN, Layout, parameters

AND = " + "
# Habits, alone or together, that are not read yet, and what happens instead. Whoever makes one read deletes its line:
# its test is strict, and from then on the habit is drawn together with all others.
NOT_READ_YET = {
    "catalogue=activities": "rejected (A06): a catalogue of activities counts as a table of the form",
    "header_values=below": "told (E03): of code and name in two cells under their label, the name is not found",
    "header_values=inside": "told (E03): a value in its label's own cell is not found",
    "derived_once=True": "quarantined (R11): a derived unit without the label of its line is not known",
    "quarters=1ER TRIMESTRE": "rejected (A06)",
    "quarters=PRIMER TRIMESTRE": "rejected (A06)",
    "quarters=T1": "rejected (A06)",
    "quarters=Trim. I": "rejected (A06)",
    "typos=1": "rejected (A06)",
    "typos=2": "rejected (A06)",
    "typos=3": "rejected (A06)",
    "head_rows=1": "rejected (A06)",
    "continued=True": "wrong: descriptions lose their second line, which is quarantined as a row (R01)",
    "unit_cells=merged": "quarantined (R01): only the first row of the merge has its UR",
    "unit_cells=once": "quarantined (R01): only the first row has its UR",
    "pages=stacked + letterhead=1": "quarantined (E01): the next page's letterhead counts as rows of the table",
    "pages=stacked + letterhead=2": "quarantined (E01): the next page's letterhead counts as rows of the table",
    "pages=stacked close + letterhead=1": "quarantined (E01): the next page's letterhead counts as rows of the table",
    "pages=stacked close + letterhead=2": "quarantined (E01): the next page's letterhead counts as rows of the table",
    "pages=stacked far + letterhead=1": "quarantined (E01): the next page's letterhead counts as rows of the table",
    "pages=stacked far + letterhead=2": "quarantined (E01): the next page's letterhead counts as rows of the table",
}

HABITS = {f"{name}={value}": {name: value} for name, values in parameters().items() for value in values[1:]}
TOGETHER = {key: {k: v for habit in key.split(AND) for k, v in HABITS[habit].items()} for key in NOT_READ_YET}
CASES = {**HABITS, **TOGETHER}


@pytest.fixture(scope="module")
def clean(third_quarter: Context, limits: Limits, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of the clean form."""
    [document] = read_back([CLEAN], tmp_path_factory.mktemp("clean"), third_quarter, limits)
    return document


@pytest.fixture(scope="module")
def documents(
    third_quarter: Context, limits: Limits, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """The document of each case."""
    layouts = [Layout(**habits) for habits in CASES.values()]
    read = read_back(layouts, tmp_path_factory.mktemp("cases"), third_quarter, limits)
    return dict(zip(CASES, read, strict=True))


def same_facts(found: dict[str, Any], clean: dict[str, Any], layout: Layout) -> None:
    """Fails where a workbook in ``layout`` was read otherwise than the clean form."""
    assert not different(facts(found), facts(clean)), layout
    assert findings(found, layout) == findings(clean, layout), layout


def test_the_clean_form_is_read_whole(clean: dict[str, Any]) -> None:
    assert clean["control"] == {"rows_found": 16, "rows_accepted": 16, "rows_quarantined": 0}
    assert [unit["unit_code"] for unit in clean["units"]] == ["06", "63", "09"]
    assert len(facts(clean)) > 300


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case,
            marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"not read yet: {NOT_READ_YET[case]}")
            if case in NOT_READ_YET
            else (),
        )
        for case in CASES
    ],
)
def test_a_habit_changes_no_fact(case: str, documents: dict[str, dict[str, Any]], clean: dict[str, Any]) -> None:
    same_facts(documents[case], clean, Layout(**CASES[case]))


def known(habits: dict[str, Any]) -> bool:
    """Whether nothing of what is not read yet is among the habits."""
    named = {f"{name}={value}" for name, value in habits.items()}
    return not any(set(key.split(AND)) <= named for key in NOT_READ_YET)


ALONE = {
    name: [value for value in values if f"{name}={value}" not in NOT_READ_YET] for name, values in parameters().items()
}
LAYOUTS = (
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in ALONE.items()})
    .filter(known)
    .map(lambda habits: Layout(**habits))
)
BATCHES = st.lists(LAYOUTS, min_size=5, max_size=10, unique=True)
QUIET = {
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


def check_together(
    layouts: list[Layout], clean: dict[str, Any], context: Context, limits: Limits, folder: Path
) -> None:
    for layout, found in zip(layouts, read_back(layouts, folder, context, limits), strict=True):
        same_facts(found, clean, layout)


@settings(max_examples=5, **QUIET)
@given(layouts=BATCHES)
def test_habits_together_change_no_fact(
    layouts: list[Layout], clean: dict[str, Any], third_quarter: Context, limits: Limits, tmp_path: Path
) -> None:
    check_together(layouts, clean, third_quarter, limits, tmp_path)


@pytest.mark.soak
@settings(max_examples=150, **QUIET)
@given(layouts=BATCHES)
def test_many_habits_together_change_no_fact(
    layouts: list[Layout], clean: dict[str, Any], third_quarter: Context, limits: Limits, tmp_path: Path
) -> None:
    check_together(layouts, clean, third_quarter, limits, tmp_path)
