"""One quarter's consolidation as a plain function: inbox in, snapshot out. Prefect is wrapped round it elsewhere."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from config.calendar import load_calendar
from config.settings import Settings
from flows.context import context, hashes
from flows.executor import Executor, executor
from flows.inbox import Inbox, Received, inbox
from flows.path import Batch, InboxFile
from schemas import columns as c
from schemas.evidence import Context
from schemas.frames import Judged
from schemas.history import History
from schemas.history_findings import history_findings
from schemas.revision import revised
from schemas.unit_verdict import ACCEPTED, OBSERVED, REJECTED
from warehouse.archive import Archive
from warehouse.connect import open_warehouse
from warehouse.consolidation import Consolidation, ControlTotals, Judge, Provenance, Published, Receipt, begin

# Runs batches through an executor and yields what each came to, in the order of the batches.
Runner = Callable[[Executor, Iterable[Batch]], Iterator[Judged]]
Progress = Callable[[int], None]
# Batches under way at once, per worker: enough to keep every worker busy while one result is loaded.
AHEAD = 2
# Gives the executor for as long as the run judges; whoever keeps one between runs hands out that one.
Hire = Callable[[Context, Settings], AbstractContextManager[Executor]]


@dataclass(frozen=True)
class Request:
    """What to consolidate: a quarter (1-4) of a fiscal year, out of which folder, received when if not by file time."""

    year: int
    quarter: int
    inbox: Path
    received_on: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What a consolidation came to."""

    published: Published
    control: ControlTotals
    inbox: Inbox
    rejected: tuple[str, ...]


def in_turn(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
    """The plainest runner: one batch after another."""
    return (judge.judge(batch) for batch in batches)


def side_by_side(workers: int) -> Runner:
    """Keeps ``workers`` busy while results are loaded, a few batches ahead of the one being loaded."""

    def run(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
        threads = ThreadPoolExecutor(AHEAD * workers)
        under_way: deque[Future[Judged]] = deque()
        try:
            for batch in batches:
                under_way.append(threads.submit(judge.judge, batch))
                if len(under_way) > AHEAD * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            # A run that fails does not wait for what it no longer wants: the executor ends with it.
            threads.shutdown(wait=False, cancel_futures=True)

    return run


def runner(settings: Settings) -> Runner:
    """The runner that suits the settings' executor: in this process there is nothing to do side by side."""
    return in_turn if settings.executor == "inline" else side_by_side(settings.workers)


def listed(request: Request, settings: Settings) -> Inbox:
    """What lies in the request's inbox."""
    return inbox(request.inbox, settings.sender_pattern, request.received_on)


def consolidate(
    request: Request,
    settings: Settings,
    found: Inbox,
    run: Runner | None = None,
    on_progress: Progress = lambda _: None,
    hire: Hire = executor,
) -> Outcome:
    """Judge what is new in ``found``, store it and publish the quarter's snapshot, in one transaction.

    ``run`` is runner() where not told; ``on_progress`` is told how many workbooks each step forward took. Raises
    ConfigError, WarehouseError or ControlError; then nothing is stored and nothing published.
    """
    ctx, window = context(request.year, request.quarter, settings)
    archive = Archive(settings.archive)
    with (
        open_warehouse(settings.warehouse) as warehouse,
        begin(
            warehouse,
            year=request.year,
            quarter=request.quarter,
            command="consolidate",
            provenance=Provenance(**asdict(hashes(request.year, settings))),
            units=ctx.catalog.units,
            light=ctx.policy.traffic_light,
            form=ctx.form,
            window=window,
            zone=load_calendar(settings.config_dir).zone,
            lock_timeout=settings.lock_timeout,
        ) as consolidation,
    ):
        receipts = [_receipt(received) for received in found.received]
        fresh = _fresh(consolidation, receipts)
        on_progress(len(receipts) - len(fresh))
        verdicts: Counter[str] = Counter()
        rows: Counter[str] = Counter()
        rejected: list[str] = []
        if fresh:
            with hire(ctx, settings) as judge:
                groups = _batches(fresh, settings.batch_of(len(fresh)))
                results = (run or runner(settings))(judge, _archived(groups, archive))
                for group, judged in zip(groups, results, strict=True):
                    consolidation.load(judged, group)
                    verdicts.update(judged.files.get_column(c.VERDICT))
                    rows.update({name: judged.files.get_column(name).sum() for name in ROW_COUNTS})
                    rejected.extend(judged.files.filter(judged.files[c.VERDICT] == REJECTED)[c.FILE])
                    on_progress(len(group))
        # Before the commit: what the warehouse says was received is on the disk.
        archive.settle()
        control = _control(found, len(receipts) - len(fresh), verdicts, rows)
        published = consolidation.publish(control, history_judge(ctx))
    return Outcome(published, control, found, tuple(rejected))


def history_judge(ctx: Context) -> Judge:
    """What tells history findings, and what comes of them."""

    def told(judged: Judged, history: History) -> pl.DataFrame:
        return history_findings(judged, history, ctx)

    def with_told(judged: Judged, findings: pl.DataFrame, history: History) -> Judged:
        return revised(judged, findings, history, ctx.policy)

    return Judge(told, with_told)


ROW_COUNTS = (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)


def _receipt(received: Received) -> Receipt:
    return Receipt(
        path=received.path,
        file=received.file,
        sha256=received.sha256,
        bytes=received.bytes,
        sender=received.sender,
        received_at=received.received_at,
    )


def _fresh(consolidation: Consolidation, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Receipts not judged before under the same rules; the same bytes of the same sender count once."""
    unchanged = consolidation.unchanged(receipts)
    fresh = {(r.sha256, r.sender): r for r in reversed(receipts) if r not in unchanged}
    return [r for r in receipts if fresh.get((r.sha256, r.sender)) is r]


def _batches(receipts: Sequence[Receipt], size: int) -> list[list[Receipt]]:
    return [list(receipts[start : start + size]) for start in range(0, len(receipts), size)]


def _archived(groups: Iterable[Sequence[Receipt]], archive: Archive) -> Iterator[Batch]:
    """The batches as archived: what is judged is what is kept, whatever happens to the inbox meanwhile.

    Each is archived when it is asked for, and reaches the disk while workers judge it.
    """
    for group in groups:
        yield Batch([InboxFile(archive.put(r.path, r.sha256), r.file, r.sha256, r.bytes, r.sender) for r in group])
        archive.settle()


def _control(found: Inbox, unchanged: int, verdicts: Counter[str], rows: Counter[str]) -> ControlTotals:
    return ControlTotals(
        seen=found.seen,
        accepted=verdicts[ACCEPTED],
        observed=verdicts[OBSERVED],
        rejected=verdicts[REJECTED],
        unchanged=unchanged,
        skipped=len(found.skipped),
        rows_found=rows[c.ROWS_FOUND],
        rows_accepted=rows[c.ROWS_ACCEPTED],
        rows_quarantined=rows[c.ROWS_QUARANTINED],
    )
