"""Where batches are read and judged: in this process, in guarded worker processes, or in such processes on the machines
of a Dask cluster. One setting chooses.

A worker tells which workbook it reads: one that kills or stalls it is known at once, and refused (A03). Where a worker
is lost later, the culprit is found by halving the batch. The others are judged as if it had never been there.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import TracebackType
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from config.errors import OperatorError
from config.settings import Settings
from flows import worker
from flows.batch import Batch
from flows.context import limits_of
from flows.shipped import unpacked
from schemas.evidence import Context
from schemas.frames import Judged, joined
from schemas.refusal import Refusal
from workbooks.admission import Limits

# How a worker is lost over what it was given, and how it fails before it is given anything: its own process or the
# pool ends, or a library does not fit into its memory.
LOST = (FutureTimeout, ProcessExpired, MemoryError)
NOT_STARTED = (BrokenProcessPool, RuntimeError, ImportError, OSError)
# How often the parent looks which workbook a worker is at.
SECONDS_TO_LOOK = 0.25
# Beside the time that one stalled workbook may take, what each workbook of a batch may take on a busy machine.
SECONDS_PER_WORKBOOK = 1.0
# A worker imports its libraries before its first batch.
SECONDS_TO_START = 60.0


class WorkerStartError(OperatorError):
    """A worker process ended before it opened a workbook."""

    def __init__(self, memory_limit: int) -> None:
        super().__init__(
            f"a worker process ended before it opened any workbook, with {memory_limit / 1024**2:,.0f} MiB of memory: "
            "raise POA_MEMORY_LIMIT (bytes), or lower POA_WORKERS where the machine itself runs out of memory"
        )
        self._memory_limit = memory_limit

    def __reduce__(self) -> tuple[type[WorkerStartError], tuple[int]]:
        # By its argument, not its message: it may come from another machine.
        return type(self), (self._memory_limit,)


class CulpritError(Exception):
    """The workbook at ``position`` of a batch lost its worker to ``error``."""

    def __init__(self, position: int, error: BaseException) -> None:
        super().__init__(f"workbook {position}: {error!r}")
        self.position, self.error = position, error


class Guards(Protocol):
    """What guards a worker process: how many there are, the seconds that a workbook may take, the bytes of memory."""

    @property
    def workers(self) -> int:
        """Processes."""

    @property
    def workbook_timeout(self) -> float:
        """Seconds."""

    @property
    def memory_limit(self) -> int:
        """Bytes beyond what a process starts with."""


class Executor(Protocol):
    """Judges batches; may be called from several threads at once."""

    def judge(self, batch: Batch) -> Judged:
        """The judged batch, whatever its workbooks do to the reader."""

    def __enter__(self) -> Executor:
        """Ready to judge."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Workers end."""


class InlineExecutor:
    """Judges in the calling thread: for tests and small batches; nothing guards the process from a hostile file."""

    def __init__(self, context: Context, limits: Limits) -> None:
        self._context, self._limits = context, limits

    def judge(self, batch: Batch) -> Judged:
        """The judged batch."""
        with unpacked(batch) as local:
            return worker.judge(local, self._context, self._limits)

    def __enter__(self) -> InlineExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class ProcessExecutor:
    """Judges in worker processes kept for the run, each with a limit on memory and each batch with one on time.

    ``pool`` is one that outlives the run; without, its own.
    """

    def __init__(self, context: Context, limits: Limits, guards: Guards, pool: ProcessPool | None = None) -> None:
        self._context, self._limits, self._guards = context, limits, guards
        self._pool = pool or pool_of(guards.workers, guards.memory_limit)

    def judge(self, batch: Batch) -> Judged:
        """The judged batch, without the workbooks at fault; a batch that fails in another way is judged by halves.

        Raises WorkerStartError where a worker does not live until its first workbook.
        """
        with unpacked(batch) as local:
            return self._judge(local)

    def _judge(self, batch: Batch) -> Judged:
        try:
            return self._in_worker(batch)
        except CulpritError as culprit:
            refusal = self._refusal(culprit.error)
            return self._judge(replace(batch, refused={**batch.refused, culprit.position: refusal}))
        except LOST as error:
            if batch.refused and len(batch.files) == 1:
                raise
            return by_halves(self._judge, batch, self._refusal(error))

    def _in_worker(self, batch: Batch) -> Judged:
        """The batch judged in a worker; raises CulpritError, one of LOST, or WorkerStartError."""
        allowed = SECONDS_TO_START + self._guards.workbook_timeout + SECONDS_PER_WORKBOOK * len(batch.files)
        with TemporaryDirectory(prefix="poa-") as folder:
            progress = Path(folder) / "reached"
            progress.touch()
            try:
                args = [batch, self._context, self._limits, progress]
                return self._watched(
                    self._pool.schedule(worker.judge_watched, args=args, timeout=allowed), progress, len(batch.files)
                )
            except (*LOST, *NOT_STARTED) as error:
                position = worker.reached(progress)
                started = position is not None or isinstance(error, FutureTimeout)
                if not started or isinstance(error, BrokenProcessPool):
                    raise WorkerStartError(self._guards.memory_limit) from error
                if position is not None and position < len(batch.files) and isinstance(error, LOST):
                    raise CulpritError(position, error) from error
                raise

    def _watched(self, future: Future[Judged], progress: Path, count: int) -> Judged:
        """The future's result; raises TimeoutError as soon as one of ``count`` workbooks takes longer to be read than
        it may. What comes after the last was read has the time of the batch.
        """
        allowed = self._guards.workbook_timeout
        position, since = None, monotonic()
        while not wait([future], timeout=min(SECONDS_TO_LOOK, allowed / 4)).done:
            now = worker.reached(progress)
            if now != position:
                position, since = now, monotonic()
            elif position is not None and position < count and monotonic() - since > allowed:
                future.cancel()  # ends the worker
                raise FutureTimeout
        return future.result()

    def _refusal(self, error: BaseException) -> Refusal:
        if isinstance(error, FutureTimeout):
            return Refusal("A03", "timeout", {"limit": f"{self._guards.workbook_timeout:g}"})
        return Refusal("A03", "worker_died")

    def __enter__(self) -> ProcessExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def executor(context: Context, settings: Settings) -> Executor:
    """The executor that the settings ask for."""
    limits = limits_of(settings)
    if settings.executor == "inline":
        return InlineExecutor(context, limits)
    if settings.executor == "dask":
        from flows.dask_executor import DaskExecutor

        return DaskExecutor(context, limits, settings)
    return ProcessExecutor(context, limits, settings)


def pool_of(workers: int, memory_limit: int) -> ProcessPool:
    """Guarded worker processes, none started yet: each may take ``memory_limit`` bytes more than it starts with."""
    return ProcessPool(
        max_workers=workers,
        initializer=worker.start,
        initargs=[memory_limit],
        context=multiprocessing.get_context("spawn"),
    )


def by_halves(judge: Callable[[Batch], Judged], batch: Batch, lost: Refusal) -> Judged:
    """A batch that lost its worker, judged by halves; a workbook that is alone is refused for ``lost``."""
    count = len(batch.files)
    if count == 1:
        return judge(replace(batch, refused={0: lost}))
    return joined(judge(_part(batch, 0, count // 2)), judge(_part(batch, count // 2, count)))


def _part(batch: Batch, start: int, end: int) -> Batch:
    refused = {i - start: refusal for i, refusal in batch.refused.items() if start <= i < end}
    return Batch(batch.files[start:end], refused)
