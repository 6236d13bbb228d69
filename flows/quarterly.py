"""Prefect round the consolidation: one task a batch, artifacts for whoever watches the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from config.settings import Settings
from flows.consolidation import Outcome, Request, consolidate, listed
from flows.executor import Executor
from flows.inbox import Inbox
from flows.judging import Progress
from flows.path import Batch
from flows.runner import AHEAD
from flows.secretariat import write_secretariat
from schemas.frames import Judged
from warehouse.connect import open_warehouse
from warehouse.queries import view

# Who watches from the same process: told how many workbooks each step forward took.
PROGRESS: ContextVar[Progress] = ContextVar("progress", default=lambda _: None)


@task(name="list inbox", cache_policy=NO_CACHE, persist_result=False, retries=2, retry_delay_seconds=[2, 10])
def list_inbox(request: Request, settings: Settings) -> Inbox:
    """What lies in the inbox; tried again where a shared folder does not answer."""
    return listed(request, settings)


@task(name="judge batch", task_run_name="judge batch {number}", cache_policy=NO_CACHE, persist_result=False)
def judge_batch(judge: Executor, batch: Batch, number: int) -> Judged:
    """One batch, read and judged by the executor; a rejected workbook is a result, so there is nothing to retry."""
    return judge.judge(batch)


def by_tasks(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
    """Runs each batch as a Prefect task, a few ahead of the one being loaded, and yields them in order."""
    under_way: deque[PrefectFuture[Judged]] = deque()
    ahead = AHEAD * Settings().workers
    submit: Callable[..., PrefectFuture[Judged]] = judge_batch.submit
    for number, batch in enumerate(batches, 1):
        # Quoted: Prefect need not search a batch of files for futures.
        under_way.append(submit(quote(judge), quote(batch), number))
        if len(under_way) > ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


# Threads that only wait for the executor; by_tasks bounds how many.
RUNNER: TaskRunner[PrefectFuture[Any]] = ThreadPoolTaskRunner()  # type: ignore[assignment]


@flow(
    name="consolidate quarter",
    flow_run_name="{year} T{quarter}",
    task_runner=RUNNER,
    persist_result=False,
    validate_parameters=True,
)
def consolidate_quarter(year: int, quarter: int, inbox: Path, received_on: datetime | None = None) -> Outcome:
    """Consolidate one quarter out of the folder ``inbox``; settings come from the ``POA_*`` environment.

    Publishes artifacts: who delivered what, how often each rule was broken and, where ``POA_REPORTS`` names a folder,
    a link to the secretariat's report in it.
    """
    settings = Settings()
    request = Request(year, quarter, inbox, received_on)
    found = list_inbox(request, settings)
    outcome = consolidate(request, settings, found, by_tasks, PROGRESS.get())
    publish_artifacts(year, quarter, settings)
    if settings.reports is not None:
        link_report(year, quarter, settings.reports, settings)
    return outcome


def publish_artifacts(year: int, quarter: int, settings: Settings) -> None:
    """The completeness table and the summary of findings, out of the published views."""
    with open_warehouse(settings.warehouse) as warehouse:
        deliveries = view(warehouse, "v_entregas", year=year, quarter=quarter)
        observations = view(warehouse, "v_observaciones", year=year, quarter=quarter)
    key = f"{year}-t{quarter}"
    create_table_artifact(
        table=deliveries.select("ur", "unidad", "estado", "libro", "renglones", "en_cuarentena", "calidad").to_dicts(),
        key=f"completeness-{key}",
        description=f"Who delivered the POA of {year} T{quarter}, and how it was received.",
    )
    create_table_artifact(
        table=observations.group_by("severidad", "regla")
        .agg(pl.len().alias("observaciones"), pl.col("ur").n_unique().alias("unidades"))
        .sort("severidad", "regla")
        .to_dicts(),
        key=f"findings-{key}",
        description=f"Findings of {year} T{quarter} by rule.",
    )


def link_report(year: int, quarter: int, folder: Path, settings: Settings) -> None:
    """Writes the secretariat's report of the current version into ``folder`` and publishes a link to its page."""
    page, *_ = write_secretariat(year, quarter, None, folder, settings)
    create_link_artifact(
        link=page.resolve().as_uri(),
        link_text=page.name,
        key=f"secretariat-{year}-t{quarter}",
        description=f"The secretariat's report of {year} T{quarter}, a page that opens without network.",
    )
