"""However a unit lays the form out, the same facts are read: each habit alone, and many together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sent import Reader, facts

from schemas.contracts.evidence import Context
from workbooks.form.layout import Layout, parameters
from workbooks.reading.admission import Limits

AND = " + "
# Habits, alone or together, that are not read yet, and what happens instead. Whoever makes one read deletes its line:
# its test is strict, and from then on the habit is drawn together with all others.
NOT_READ_YET: dict[str, str] = {}

HABITS = {f"{name}={value}": {name: value} for name, values in parameters().items() for value in values[1:]}
TOGETHER = {key: {k: v for habit in key.split(AND) for k, v in HABITS[habit].items()} for key in NOT_READ_YET}
CASES = {**HABITS, **TOGETHER}


@pytest.fixture(scope="module")
def reader(third_quarter: Context, limits: Limits, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(tmp_path_factory.mktemp("sent"), third_quarter, limits)


@pytest.fixture(scope="module")
def documents(reader: Reader) -> dict[str, dict[str, Any]]:
    """The document of each case."""
    return dict(zip(CASES, reader.documents([Layout(**habits) for habits in CASES.values()]), strict=True))


def test_the_clean_form_is_read_whole(reader: Reader) -> None:
    assert reader.clean["control"] == {"rows_found": 16, "rows_accepted": 16, "rows_quarantined": 0}
    assert [unit["unit_code"] for unit in reader.clean["units"]] == ["06", "63", "09"]
    assert len(facts(reader.clean)) > 300


def told_of(case: str) -> tuple[pytest.MarkDecorator, ...]:
    if case not in NOT_READ_YET:
        return ()
    reason = f"not read yet: {NOT_READ_YET[case]}"
    return (pytest.mark.xfail(strict=True, raises=AssertionError, reason=reason),)


@pytest.mark.parametrize("case", [pytest.param(case, id=ascii(case)[1:-1], marks=told_of(case)) for case in CASES])
def test_a_habit_changes_no_fact(case: str, documents: dict[str, dict[str, Any]], reader: Reader) -> None:
    assert reader.misread(documents[case], Layout(**CASES[case])) == {}


def strange(document: dict[str, Any], layout: Layout) -> list[dict[str, Any]]:
    """What is told of columns that the form does not have, where the layout adds none."""
    return [] if layout.added != "none" else [one for one in document["findings"] if one["rule"] == "A07"]


@pytest.mark.parametrize("case", [pytest.param(case, id=ascii(case)[1:-1]) for case in CASES])
def test_no_habit_makes_a_column_of_the_form_unknown(case: str, documents: dict[str, dict[str, Any]]) -> None:
    assert strange(documents[case], Layout(**CASES[case])) == []


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
BATCHES = st.lists(LAYOUTS, min_size=6, max_size=10, unique=True)
# A failing layout tells its habits; shrinking it would read thousands of workbooks more.
QUIET: dict[str, Any] = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow],
}


def misread(reader: Reader, layouts: list[Layout]) -> dict[Layout, Any]:
    """Which layouts are read otherwise than the clean form, or are told of columns that it does not have, and how."""
    read = zip(layouts, reader.documents(layouts), strict=True)
    return {
        layout: wrong for layout, found in read if (wrong := reader.misread(found, layout) or strange(found, layout))
    }


@settings(max_examples=5, **QUIET)
@given(layouts=BATCHES)
def test_habits_together_change_no_fact(layouts: list[Layout], reader: Reader) -> None:
    assert misread(reader, layouts) == {}


@pytest.mark.soak
@settings(max_examples=60, **QUIET)
@given(layouts=BATCHES)
def test_many_habits_together_change_no_fact(layouts: list[Layout], reader: Reader) -> None:
    assert misread(reader, layouts) == {}
