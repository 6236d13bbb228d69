"""The deployments as Prefect's objects, and serving them from this process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.server.schemas.schedules import CronSchedule
from prefect.types.entrypoint import EntrypointType

from config.calendar import Calendar
from flows.schedule.plan import AT_ONCE, TAGS, Deployment, deployments


def runner_deployments(calendar: Calendar) -> list[RunnerDeployment]:
    """Each planned deployment as Prefect's object."""
    return [_deployment(plan) for plan in deployments(calendar)]


def _deployment(plan: Deployment) -> RunnerDeployment:
    made: RunnerDeployment = flow_of(plan).to_deployment(  # type: ignore[assignment]
        name=plan.name,
        schedules=[Cron(cron, timezone=plan.timezone) for cron in plan.crons],
        concurrency_limit=ConcurrencyLimitConfig(limit=AT_ONCE, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        description=plan.description,
        tags=list(TAGS),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return made


def flow_of(plan: Deployment) -> Flow[..., Any]:
    """The flow that a planned deployment runs."""
    module, _, name = plan.entrypoint.rpartition(".")
    found: Flow[..., Any] = getattr(import_module(module), name)
    return found


async def next_runs(plan: Deployment, after: datetime, number: int) -> list[datetime]:
    """The next ``number`` instants at which a planned deployment runs, on the clocks of its time zone."""
    found: list[datetime] = []
    for cron in plan.crons:
        found += await CronSchedule(cron=cron, timezone=plan.timezone).get_dates(number, start=after)
    return sorted(found)[:number]


def serve_all(served: Sequence[RunnerDeployment]) -> None:
    """Serves until it is told to end, one run at a time. Runs that fall due while it is off start once it is back."""
    serve(*served, limit=AT_ONCE, print_starting_message=False, pause_on_shutdown=False)
