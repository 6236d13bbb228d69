"""Prefect round the consolidation: one task a batch, artifacts for whoever watches the run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextvars import ContextVar
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.states import Cancelled
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from config.errors import OperatorError, UsageError
from config.places import place
from config.settings import Settings
from flows.batch import Batch
from flows.execution.executor import Executor
from flows.execution.runner import AHEAD
from flows.intake.inbox import Inbox
from flows.outputs.secretariat import write_secretariat
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.judging import Progress
from flows.schedule.artifacts import link_page, publish_artifacts
from schemas.contracts.frames import Judged

# Who watches from the same process: told how many workbooks each step forward took.
PROGRESS: ContextVar[Progress] = ContextVar("progress", default=lambda _: None)

# What whoever asks from the same process has listed already: an inbox is read for its hashes once.
FOUND: ContextVar[Inbox | None] = ContextVar("found", default=None)


def may_pass(_: Any, __: Any, state: State[Any]) -> bool:
    """Whether a step that ended in ``state`` may do better when tried again: what a disk or a network did, not what was
    asked for wrongly.
    """
    try:
        state.result()
    except UsageError:
        return False
    except (OperatorError, OSError):
        return True
    return False


@task(
    name="list inbox",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=may_pass,
)
def list_inbox(request: Request, settings: Settings) -> Inbox:
    """What lies in the inbox; tried again where a shared folder or another machine does not answer."""
    return listed(request, settings)


@task(name="judge batch", task_run_name="judge batch {number}", cache_policy=NO_CACHE, persist_result=False)
def judge_batch(judge: Executor, batch: Batch, number: int) -> Judged | State[Any]:
    """One batch, read and judged by the executor; a rejected workbook is a result, so there is nothing to retry."""
    try:
        return judge.judge(batch)
    except CancelledError:
        return Cancelled(message="the run ended before the batch was judged")


def by_tasks(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
    """Runs each batch as a Prefect task, a few ahead of the one being loaded, and yields them in order."""
    under_way: deque[PrefectFuture[Judged]] = deque()
    ahead = AHEAD * Settings().workers
    # A state is raised by the future, not given.
    submit: Callable[..., PrefectFuture[Judged]] = judge_batch.submit  # type: ignore[assignment]
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
def consolidate_quarter(
    year: int, quarter: int, inbox: Path | str, received_on: datetime | None = None, report: bool = True
) -> ConsolidationResult:
    """Consolidate one quarter out of the folder or address ``inbox``; settings come from the ``POA_*`` environment.

    Publishes artifacts: the version, the control totals, who delivered what, how often each rule was broken and, where
    ``POA_REPORTS`` names a folder and a ``report`` is wanted, a link to the secretariat's report in it.
    """
    settings, log = Settings(), get_run_logger()
    request = Request(year, quarter, place(inbox), received_on)
    found = FOUND.get() or list_inbox(request, settings)
    log.info("workbooks: %d, other files: %d, in %s", len(found.received), len(found.skipped), inbox)
    if not found.seen:
        log.warning("nothing lies in %s: see that it is the right one", inbox)
    outcome = consolidate(request, settings, found, by_tasks, PROGRESS.get())
    log.info("%s", told(outcome), extra={"totals": asdict(outcome.control), "version": outcome.published.version})
    publish_artifacts(outcome, settings)
    if report and settings.reports is not None:
        page, *_ = write_secretariat(year, quarter, None, settings.reports, settings)
        link_page(page, year, quarter, settings)
    return outcome


def told(outcome: ConsolidationResult) -> str:
    """What a consolidation came to, on a line."""
    published, control = outcome.published, outcome.control
    return (
        f"{published.year} T{published.quarter}: {'new ' if published.new else ''}version {published.version}, "
        f"{control.seen} files = {control.accepted} accepted + {control.observed} observed + "
        f"{control.rejected} rejected + {control.unchanged} unchanged + {control.skipped} skipped"
    )
