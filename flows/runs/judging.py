"""Judging what a source holds, and publishing what comes of it: an inbox and the archive are two sources of one run."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from config.settings import Settings
from flows.batch import Batch
from flows.execution.executor import Executor
from flows.execution.factory import executor
from flows.execution.runner import Runner, runner
from flows.execution.transport import inbox_file
from flows.gc_paused import gc_paused
from flows.intake.inbox import Skipped
from flows.runs.quarter_run import history_judge
from schemas.contracts import columns as c
from schemas.contracts.context import Context
from schemas.contracts.frames import ACCEPTED, OBSERVED, REJECTED, Judged
from schemas.contracts.gate import validated
from schemas.contracts.submission import Submission
from warehouse.archive.archives import Kept
from warehouse.archive.local import SourceError
from warehouse.consolidation import Consolidation, ControlTotals, Published

Progress = Callable[[int], None]
# Gives the executor for as long as the run judges; whoever keeps one between runs hands out that one.
ExecutorFactory = Callable[[Context, Settings], AbstractContextManager[Executor]]
# Receipts of the same bytes from the same sender: the first that is at hand is judged.
Copies: TypeAlias = Sequence[Submission]
ROW_COUNTS = (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)


@dataclass(frozen=True)
class Source:
    """Workbooks to judge: their receipts, how many files beside them were skipped, where the archive keeps the bytes of
    one (asked when it is read, of ``at_once`` together; SourceError: this one is skipped), and what returns once all
    that is kept is safe from a power cut.
    """

    receipts: Sequence[Submission]
    kept: Callable[[Submission], Kept]
    settle: Callable[[], None]
    skipped: int = 0
    at_once: int = 1


@dataclass
class Tally:
    """What was judged, counted as it comes; ``skipped`` could not be archived any more."""

    verdicts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    rejected: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        """Counts a judged batch."""
        self.verdicts.update(judged.files.get_column(c.VERDICT))
        self.rows.update({name: judged.files.get_column(name).sum() for name in ROW_COUNTS})
        self.rejected.extend(judged.files.filter(judged.files[c.VERDICT] == REJECTED)[c.FILE])

    @property
    def done(self) -> int:
        """How many of the source's workbooks nothing is left to do with."""
        return self.verdicts.total() + self.unchanged + len(self.skipped)

    def control(self, source: Source) -> ControlTotals:
        """The run's control totals."""
        return ControlTotals(
            seen=len(source.receipts) + source.skipped,
            accepted=self.verdicts[ACCEPTED],
            observed=self.verdicts[OBSERVED],
            rejected=self.verdicts[REJECTED],
            unchanged=self.unchanged,
            skipped=source.skipped + len(self.skipped),
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
    tally = Tally(unchanged=len(source.receipts) - sum(map(len, fresh)))
    told = tally.done
    on_progress(told)
    if fresh:
        with hire(ctx, settings) as judge:
            groups = deque[list[Submission]]()
            batches = _archived(_batches(fresh, settings.batch_of(len(fresh))), source, tally, groups)
            # Results come in the order of the batches. One that never comes is missed by the control totals.
            for judged in (run or runner(settings))(judge, batches):
                with gc_paused():
                    consolidation.load(validated(judged, ctx.form), groups.popleft())
                tally.add(judged)
                on_progress(tally.done - told)
                told = tally.done
        on_progress(tally.done - told)
    # Before the commit: what the warehouse says was received is on the disk.
    source.settle()
    with gc_paused():
        return consolidation.publish(tally.control(source), history_judge(ctx)), tally


def _fresh(consolidation: Consolidation, receipts: Sequence[Submission]) -> list[Copies]:
    """Receipts not judged before under the same rules; the same bytes of the same sender count once."""
    unchanged = consolidation.unchanged(receipts)
    fresh: dict[tuple[str, str], list[Submission]] = {}
    for receipt in receipts:
        if receipt not in unchanged:
            fresh.setdefault(receipt.key, []).append(receipt)
    return list(fresh.values())


def _batches(fresh: Sequence[Copies], size: int) -> list[Sequence[Copies]]:
    return [fresh[start : start + size] for start in range(0, len(fresh), size)]


def _archived(
    groups: Iterable[Sequence[Copies]], source: Source, tally: Tally, taken: deque[list[Submission]]
) -> Iterator[Batch]:
    """The batches as archived: what is judged is what is kept, whatever happens to the inbox meanwhile.

    Each is archived when it is asked for, and reaches the disk while workers judge it: the first only after the second
    was handed out, that no worker waits for a disk. ``taken`` gets the receipts of each batch, ``tally`` what could not
    be archived any more; a batch of which nothing is left is none.
    """
    keep = partial(_kept, source)
    with ThreadPoolExecutor(source.at_once) as threads:
        for number, group in enumerate(groups):
            outcomes = threads.map(keep, group) if source.at_once > 1 else map(keep, group)
            kept: dict[Submission, Kept] = {}
            for copies, (found, skipped) in zip(group, outcomes, strict=True):
                kept |= found
                tally.skipped += skipped
                tally.unchanged += len(copies) - len(found) - len(skipped)
            if kept:
                taken.append(list(kept))
                yield Batch([inbox_file(where, receipt) for receipt, where in kept.items()])
            if number:
                source.settle()


def _kept(source: Source, copies: Copies) -> tuple[dict[Submission, Kept], list[Skipped]]:
    """The first of the same workbook's receipts whose bytes can still be had, if any, and those before it."""
    skipped: list[Skipped] = []
    for receipt in copies:
        try:
            return {receipt: source.kept(receipt)}, skipped
        except SourceError as error:
            skipped.append(Skipped(receipt.file, error.reason, error.unreadable))
    return {}, skipped
