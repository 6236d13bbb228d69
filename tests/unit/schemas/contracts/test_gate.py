"""The gate lets through what the contracts allow and nothing else; what it stops is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.frames import ACTIVITIES, CONTRACTS, Judged, conform, empty
from schemas.contracts.gate import GateError, complaints, gates, kept, passed, validated

SOUND = {
    c.FILE_ID: 0,
    c.UNIT_CODE: "06",
    c.ACTIVITY_NO: 1,
    c.DESCRIPTION: "Informe",
    c.MEASURE_UNIT: "Informes",
    c.READING: "sum",
    c.ANNUAL_TARGET: 12.0,
    **dict.fromkeys(c.PLANNED, 3.0),
}


def judged(*activities: dict[str, object]) -> Judged:
    """A judged batch with these activities, sound but for what they say."""
    frames = {name: empty(contract) for name, contract in CONTRACTS.items()}
    rows = pl.DataFrame([{**SOUND, **activity} for activity in activities]) if activities else empty(ACTIVITIES)
    return Judged(**{**frames, "activities": conform(rows, ACTIVITIES)})


# Of whoever judges, and of whoever stores.
Passing = Callable[[Judged, Form], Judged]
both = pytest.mark.parametrize("passing", [passed, validated])


@both
def test_sound_frames_pass_unchanged(passing: Passing, form: Form) -> None:
    sound = judged({}, {c.ACTIVITY_NO: 2, c.PURPOSE: None, c.ACHIEVED[0]: 0.0})
    assert passing(sound, form) is sound
    assert passing(judged(), form).activities.is_empty()


@pytest.mark.parametrize(
    ("activity", "complaint"),
    [
        ({c.UNIT_CODE: None}, "unit_code"),
        ({c.ANNUAL_TARGET: None}, "annual_target"),
        ({c.ANNUAL_TARGET: float("nan")}, "annual_target"),
        ({c.PLANNED[1]: -3.0}, "planned_q2"),
        ({c.ASSIGNED_AMOUNT: -1.0}, "assigned_amount"),
        ({c.ACHIEVED[0]: -1.0}, "achieved_q1"),
    ],
)
@both
def test_what_a_rule_should_have_told_is_stopped(
    passing: Passing, activity: dict[str, object], complaint: str, form: Form
) -> None:
    with pytest.raises(GateError, match=rf"activities may not enter the warehouse: .*{complaint}"):
        passing(judged(activity), form)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((column, None) for column in ACTIVITIES),
        *((name, value) for name, of in ACTIVITIES.items() if of == pl.Float64 for value in (-1.0, 0.0, float("nan"))),
    ],
)
def test_one_look_lets_through_what_pandera_lets_through(column: str, value: float | None, form: Form) -> None:
    activities, gate = judged({column: value}).activities, gates(form)["activities"]
    sound, looked = not complaints(activities, gate), kept(activities, gate)
    assert looked is sound or (sound and value != value)  # what NaN is, pandera may be asked
    if sound:
        validated(judged({column: value}), form)
    else:
        with pytest.raises(GateError, match=column):
            validated(judged({column: value}), form)


@both
def test_an_activity_enters_once(passing: Passing, form: Form) -> None:
    with pytest.raises(GateError, match="activities may not enter"):
        passing(judged({}, {}), form)


@both
def test_a_frame_with_other_columns_is_stopped(passing: Passing, form: Form) -> None:
    sound = judged({})
    with pytest.raises(GateError, match="pages may not enter"):
        passing(replace(sound, pages=sound.pages.drop(c.COLUMNS)), form)
