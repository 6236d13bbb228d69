"""What runs when: the deployments as data, out of the calendar; Prefect is told of them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from config.calendar import Calendar

# The work pool that `prefect deploy` names: as one run at a time writes the warehouse, it is made with a limit of 1.
WORK_POOL: Final = "poa"
TAGS: Final = ("poa",)
AT_ONCE: Final = 1


@dataclass(frozen=True)
class Deployment:
    """A flow that runs on a schedule: ``entrypoint`` is where it is imported from, each cron one of its schedules."""

    name: str
    flow: str
    entrypoint: str
    description: str
    crons: tuple[str, ...]
    timezone: str

    @property
    def full_name(self) -> str:
        """What Prefect's commands call it."""
        return f"{self.flow}/{self.name}"


def deployments(calendar: Calendar) -> tuple[Deployment, ...]:
    """The three deployments, on the hours of the calendar and the clocks of its time zone."""
    zone = calendar.timezone
    return (
        Deployment(
            "daily-intake",
            "daily intake",
            "flows.scheduled.daily_intake",
            "While workbooks are received: consolidates what came and sends the units their reports the same day.",
            (calendar.schedule.intake,),
            zone,
        ),
        Deployment(
            "quarterly-consolidation",
            "quarterly consolidation",
            "flows.scheduled.quarterly_consolidation",
            "The day after a window closed: consolidates the quarter and makes all its reports.",
            after_closing(calendar),
            zone,
        ),
        Deployment(
            "reminders",
            "reminders",
            "flows.scheduled.reminders",
            "Reminds units without an accepted delivery, on the days when a reminder is due.",
            (calendar.schedule.reminders,),
            zone,
        ),
    )


def after_closing(calendar: Calendar) -> tuple[str, ...]:
    """A cron line for each day after a window's last: once a year each, in the order of the year."""
    at = calendar.schedule.after_closing
    days = {window.closes + timedelta(days=1) for window in calendar.window}
    dates = sorted({(day.month, day.day) for day in days})
    return tuple(f"{at.minute} {at.hour} {day} {month} *" for month, day in dates)


def prefect_yaml(calendar: Calendar) -> str:
    """The same deployments for `prefect deploy`, as the text of a prefect.yaml."""
    lines = [
        "# Generated with `make fix` out of flows/schedule/plan.py and config/calendar.toml; not edited by hand.",
        "# An office with a calendar of its own writes its own: poa serve --prefect-yaml FILE.",
        "name: poa",
        "# The flows are imported from the installed package: nothing is built, pushed or pulled.",
        "build: []",
        "push: []",
        "pull: []",
        "deployments:",
    ]
    for each in deployments(calendar):
        lines += [
            f"- name: {each.name}",
            f"  entrypoint: {each.entrypoint}",
            f"  description: >-\n    {each.description}",
            f"  tags: [{', '.join(TAGS)}]",
            "  work_pool:",
            f"    name: {WORK_POOL}",
            "  concurrency_limit:",
            f"    limit: {AT_ONCE}",
            "    collision_strategy: ENQUEUE",
            "  schedules:",
        ]
        for cron in each.crons:
            lines += [f'  - cron: "{cron}"', f"    timezone: {each.timezone}"]
    return "\n".join(lines) + "\n"
