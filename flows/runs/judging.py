"""Judging what a source holds, and publishing what comes of it: an inbox and the archive are two sources of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from config.settings import Settings
from flows.batch import Batch
from flows.execution.executor import Executor
from flows.execution.factory import executor
from flows.execution.runner import Runner, runner
from flows.execution.transport import inbox_file
from flows.gc_paused import gc_paused
from flows.runs.quarter_run import history_judge
from schemas.contracts import columns as c
from schemas.contracts.context import Context
from schemas.contracts.frames import ACCEPTED, OBSERVED, REJECTED, Judged
from schemas.contracts.gate import validated
from warehouse.archive.archives import Kept
from warehouse.consolidation import Consolidation, ControlTotals, Published, Receipt

Progress = Callable[[int], None]
# Gives the executor for as long as the run judges; whoever keeps one between runs hands out that one.
ExecutorFactory = Callable[[Context, Settings], AbstractContextManager[Executor]]
ROW_COUNTS = (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)


@dataclass(frozen=True)
class Source:
    """Workbooks to judge: their receipts, how many files beside them were skipped, where the archive keeps the bytes of
    one (asked when it is read, of ``at_once`` together), and what returns once all that is kept is safe from a power
    cut.
    """

    receipts: Sequence[Receipt]
    kept: Callable[[Receipt], Kept]
    settle: Callable[[], None]
    skipped: int = 0
    at_once: int = 1


@dataclass
class Tally:
    """What was judged, counted as it comes."""

    verdicts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    rejected: list[str] = field(default_factory=list)
    unchanged: int = 0

    def add(self, judged: Judged) -> None:
        """Counts a judged batch."""
        self.verdicts.update(judged.files.get_column(c.VERDICT))
        self.rows.update({name: judged.files.get_column(name).sum() for name in ROW_COUNTS})
        self.rejected.extend(judged.files.filter(judged.files[c.VERDICT] == REJECTED)[c.FILE])

    def control(self, source: Source) -> ControlTotals:
        """The run's control totals."""
        return ControlTotals(
            seen=len(source.receipts) + source.skipped,
            accepted=self.verdicts[ACCEPTED],
            observed=self.verdicts[OBSERVED],
            rejected=self.verdicts[REJECTED],
            unchanged=self.unchanged,
            skipped=source.skipped,
            rows_found=self.rows[c.ROWS_FOUND],
            rows_accepted=self.rows[c.ROWS_ACCEPTED],
            rows_quarantined=self.rows[c.ROWS_QUARANTINED],
        )


def judge_and_publish(
    consolidation: Consolidation,
    ctx: Context,
    source: Source,
    settings: Settings,
    run: Runner | None = None,
    on_progress: Progress = lambda _: None,
    hire: ExecutorFactory = executor,
) -> tuple[Published, Tally]:
    """Judges what is new in ``source``, loads it, and publishes the quarter.

    ``run`` is runner() where not told; ``on_progress`` is told how many workbooks each step forward took. Raises
    WarehouseError or ControlError, and GateError where a judged batch, wherever it comes from, may not be stored.
    """
    fresh = _fresh(consolidation, source.receipts)
    tally = Tally(unchanged=len(source.receipts) - len(fresh))
    on_progress(tally.unchanged)
    if fresh:
        with hire(ctx, settings) as judge:
            groups = _batches(fresh, settings.batch_of(len(fresh)))
            results = (run or runner(settings))(judge, _archived(groups, source))
            # A batch that never comes back is missed by the control totals.
            for group, judged in zip(groups, results, strict=False):
                with gc_paused():
                    consolidation.load(validated(judged, ctx.form), group)
                tally.add(judged)
                on_progress(len(group))
    # Before the commit: what the warehouse says was received is on the disk.
    source.settle()
    with gc_paused():
        return consolidation.publish(tally.control(source), history_judge(ctx)), tally


def _fresh(consolidation: Consolidation, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Receipts not judged before under the same rules; the same bytes of the same sender count once."""
    unchanged = consolidation.unchanged(receipts)
    fresh = {(r.sha256, r.sender): r for r in reversed(receipts) if r not in unchanged}
    return [r for r in receipts if fresh.get((r.sha256, r.sender)) is r]


def _batches(receipts: Sequence[Receipt], size: int) -> list[list[Receipt]]:
    return [list(receipts[start : start + size]) for start in range(0, len(receipts), size)]


def _archived(groups: Iterable[Sequence[Receipt]], source: Source) -> Iterator[Batch]:
    """The batches as archived: what is judged is what is kept, whatever happens to the inbox meanwhile.

    Each is archived when it is asked for, and reaches the disk while workers judge it: the first only after the second
    was handed out, that no worker waits for a disk.
    """
    with ThreadPoolExecutor(source.at_once) as threads:
        for number, group in enumerate(groups):
            kept = threads.map(source.kept, group) if source.at_once > 1 else map(source.kept, group)
            yield Batch([inbox_file(where, receipt) for where, receipt in zip(kept, group, strict=True)])
            if number:
                source.settle()
