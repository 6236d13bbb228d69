"""Runners: how batches go through an executor, one after another or some side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from config.settings import Settings
from flows.batch import Batch
from flows.execution.executor import Executor
from schemas.contracts.frames import Judged

# Runs batches through an executor and yields what each came to, in the order of the batches.
Runner = Callable[[Executor, Iterable[Batch]], Iterator[Judged]]
# Batches under way at once, per worker: enough to keep every worker busy while one result is loaded.
AHEAD = 2


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
