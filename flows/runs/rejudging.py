"""Judging a quarter's submissions anew from the archive: nobody sends anything again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.errors import UsageError
from config.settings import Settings
from flows.execution.factory import executor
from flows.execution.runner import Runner
from flows.runs.judging import ExecutorFactory, Progress, Source, judge_and_publish
from flows.runs.quarter_run import quarter_run
from warehouse.archive.archives import archive_at
from warehouse.consolidation import ControlTotals, Published


@dataclass(frozen=True)
class Rejudged:
    """What judging anew came to; ``rejected`` names the workbooks judged in it and rejected."""

    published: Published
    control: ControlTotals
    rejected: tuple[str, ...]


def rejudge(
    year: int,
    quarter: int,
    settings: Settings,
    run: Runner | None = None,
    on_progress: Progress = lambda _: None,
    hire: ExecutorFactory = executor,
    moment: datetime | None = None,
) -> Rejudged:
    """Judges what is not judged yet under the rules, form, policy and catalogues in force, and publishes the quarter.

    Submissions taken back are left out. One transaction: raises WarehouseError where an archived file is missing or
    altered, and then nothing is stored and nothing published; UsageError where nothing was received.
    """
    archive = archive_at(settings.archive)
    with quarter_run(year, quarter, "rejudge", settings, moment) as (ctx, consolidation):
        receipts = consolidation.receipts()
        if not receipts:
            raise UsageError(f"{year} T{quarter} has no submission to judge; run poa consolidate for it first")
        source = Source(
            receipts,
            kept=lambda receipt: archive.checked(receipt.sha256, receipt.file),
            settle=archive.settle,
            at_once=archive.at_once,
        )
        published, tally = judge_and_publish(consolidation, ctx, source, settings, run, on_progress, hire)
    return Rejudged(published, tally.control(source), tuple(tally.rejected))
