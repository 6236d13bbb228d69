"""What runs when: the deployments out of the calendar, as Prefect's objects and as prefect.yaml."""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from pathlib import Path

import yaml

from config.calendar import Schedule, load_calendar
from flows.schedule.plan import AT_ONCE, deployments, prefect_yaml

CALENDAR = load_calendar()


def test_the_quarter_is_consolidated_the_day_after_each_window() -> None:
    [consolidation] = [plan for plan in deployments(CALENDAR) if plan.name == "quarterly-consolidation"]
    assert consolidation.crons == ("0 7 18 1 *", "0 7 16 4 *", "0 7 16 7 *", "0 7 16 10 *")


def test_an_office_has_its_own_hours() -> None:
    own = Schedule(intake="0 9-18 * * 1-5", reminders="30 7 * * *", after_closing=time(6, 15))
    crons = [plan.crons for plan in deployments(CALENDAR.model_copy(update={"schedule": own}))]
    assert [crons[0], crons[1][0], crons[2]] == [("0 9-18 * * 1-5",), "15 6 18 1 *", ("30 7 * * *",)]


def test_prefect_is_handed_what_was_planned() -> None:
    from flows.schedule.deployments import runner_deployments

    for plan, made in zip(deployments(CALENDAR), runner_deployments(CALENDAR), strict=True):
        assert (made.flow_name, made.name, made.entrypoint) == (plan.flow, plan.name, plan.entrypoint)
        schedules = [each.schedule for each in made.schedules or []]
        assert [(each.cron, each.timezone) for each in schedules] == [(c, "America/Mazatlan") for c in plan.crons]
        assert made.concurrency_limit == AT_ONCE
        assert made.concurrency_options is not None
        assert made.concurrency_options.collision_strategy == "ENQUEUE"
        assert made.parameters == {}


def test_prefect_yaml_is_what_the_code_plans() -> None:
    text = Path("prefect.yaml").read_text(encoding="utf-8")
    assert text == prefect_yaml(CALENDAR)
    written = yaml.safe_load(text)
    assert written["pull"] == []
    for plan, said in zip(deployments(CALENDAR), written["deployments"], strict=True):
        assert (said["name"], said["entrypoint"], said["description"]) == (plan.name, plan.entrypoint, plan.description)
        assert [each["cron"] for each in said["schedules"]] == list(plan.crons)
        assert said["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def test_next_runs_are_on_the_clocks_of_the_office() -> None:
    from flows.schedule.deployments import next_runs

    now = datetime(2024, 10, 15, 19, tzinfo=CALENDAR.zone)
    coming = [asyncio.run(next_runs(plan, now, 2)) for plan in deployments(CALENDAR)]
    assert [[f"{run:%m-%d %H:%M}" for run in runs] for runs in coming] == [
        ["10-16 18:00", "10-17 18:00"],
        ["10-16 07:00", "01-18 07:00"],
        ["10-16 08:00", "10-17 08:00"],
    ]
