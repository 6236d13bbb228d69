"""Where batches are read and judged: in this process, in guarded worker processes, or in such processes on the machines
of a Dask cluster. One setting chooses.

A worker tells which workbook it reads: one that kills or stalls it is known at once, and refused (A03). Where a worker
is lost later, the culprit is found by halving the batch. The others are judged as if it had never been there.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from config.errors import OperatorError
from flows.batch import Batch
from flows.execution import worker_entry
from flows.execution.process_pool import SECONDS_TO_LOOK, WorkerLostError, Workers
from flows.execution.transport import unpacked
from schemas.contracts.context import Context
from schemas.findings.refusal import Refusal
from workbooks.reading.admission import Limits

if TYPE_CHECKING:
    from schemas.contracts.frames import Judged

T = TypeVar("T")
# How a worker is lost over what it was given, and how it fails before it is given anything: its own process or the
# pool ends, or a library does not fit into its memory.
LOST = (TimeoutError, WorkerLostError, MemoryError)
NOT_STARTED = (BrokenProcessPool, RuntimeError, ImportError, OSError)
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
            return worker_entry.judge(local, self._context, self._limits)

    def __enter__(self) -> InlineExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class BatchTask(Generic[T]):
    """What workers are asked of a batch: a function of theirs, and how the answers for two parts become one."""

    function: Callable[[Batch, Context, Limits, Path], T]
    join: Callable[[T, T], T]


class ProcessExecutor:
    """Judges in worker processes kept for the run, each with a limit on memory and each batch with one on time.

    ``workers`` are some that outlive the run; without, its own.
    """

    def __init__(self, context: Context, limits: Limits, guards: Guards, workers: Workers | None = None) -> None:
        self._context, self._limits, self._guards = context, limits, guards
        self._workers = workers or Workers(guards.workers, guards.memory_limit)

    def judge(self, batch: Batch) -> Judged:
        """The judged batch, without the workbooks at fault; a batch that fails in another way is judged by halves.

        Raises WorkerStartError where a worker does not live until its first workbook.
        """
        return self.answer(JUDGED, batch)

    def answer(self, ask: BatchTask[T], batch: Batch) -> T:
        """What workers say of a batch, as `judge` has them judge it."""
        with unpacked(batch) as local:
            return self._answer(ask, local)

    def call(self, function: Callable[..., T], *args: object, workbooks: int) -> T:
        """Another function called in a worker, about so many workbooks; raises one of LOST as it comes."""
        return self._workers.call(function, *args, allowed=self._allowed(workbooks))

    def _answer(self, ask: BatchTask[T], batch: Batch) -> T:
        try:
            return self._in_worker(ask, batch)
        except CulpritError as culprit:
            refusal = self._refusal(culprit.error)
            return self._answer(ask, replace(batch, refused={**batch.refused, culprit.position: refusal}))
        except LOST as error:
            if batch.refused and len(batch.files) == 1:
                # Nothing of it was opened.
                if isinstance(error, TimeoutError):
                    raise
                raise WorkerStartError(self._guards.memory_limit) from error
            return by_halves(partial(self._answer, ask), batch, self._refusal(error), ask.join)

    def _in_worker(self, ask: BatchTask[T], batch: Batch) -> T:
        """The answer of a worker; raises CulpritError, one of LOST, or WorkerStartError."""
        with TemporaryDirectory(prefix="poa-") as folder:
            progress = Path(folder) / "reached"
            progress.touch()
            watch = _Watch(progress, len(batch.files), self._guards.workbook_timeout)
            try:
                return self._workers.call(
                    ask.function,
                    *(batch, self._context, self._limits, progress),
                    allowed=self._allowed(len(batch.files)),
                    look=watch.look,
                    pause=min(SECONDS_TO_LOOK, self._guards.workbook_timeout / 4),
                )
            except (*LOST, *NOT_STARTED) as error:
                position = worker_entry.last_position(progress)
                started = position is not None or isinstance(error, TimeoutError)
                if not started or isinstance(error, BrokenProcessPool):
                    raise WorkerStartError(self._guards.memory_limit) from error
                if position is not None and position < len(batch.files) and isinstance(error, LOST):
                    raise CulpritError(position, error) from error
                raise

    def _allowed(self, workbooks: int) -> float:
        return SECONDS_TO_START + self._guards.workbook_timeout + SECONDS_PER_WORKBOOK * workbooks

    def _refusal(self, error: BaseException) -> Refusal:
        if isinstance(error, TimeoutError):
            return Refusal("A03", "timeout", {"limit": f"{self._guards.workbook_timeout:g}"})
        return Refusal("A03", "worker_died")

    def __enter__(self) -> ProcessExecutor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)


class _Watch:
    """Sees that each of ``count`` workbooks is read in the seconds ``allowed``. What comes after the last was read has
    the time of the batch.
    """

    def __init__(self, progress: Path, count: int, allowed: float) -> None:
        self._progress, self._count, self._allowed = progress, count, allowed
        self._position, self._since = worker_entry.last_position(progress), monotonic()

    def look(self) -> None:
        """Raises TimeoutError as soon as a workbook takes longer."""
        now = worker_entry.last_position(self._progress)
        if now != self._position:
            self._position, self._since = now, monotonic()
        elif now is not None and now < self._count and monotonic() - self._since > self._allowed:
            raise TimeoutError


def _joined(left: Judged, right: Judged) -> Judged:
    from schemas.contracts.frames import joined

    return joined(left, right)


JUDGED: BatchTask[Judged] = BatchTask(worker_entry.judge_watched, _joined)
# Answers that stay pickled: who only hands them on to a worker needs not what it takes to read them.
SEALED: BatchTask[list[bytes]] = BatchTask(worker_entry.judge_sealed, add)


def by_halves(judge: Callable[[Batch], T], batch: Batch, lost: Refusal, join: Callable[[T, T], T]) -> T:
    """A batch that lost its worker, judged by halves; a workbook that is alone is refused for ``lost``."""
    count = len(batch.files)
    if count == 1:
        return judge(replace(batch, refused={0: lost}))
    return join(judge(_part(batch, 0, count // 2)), judge(_part(batch, count // 2, count)))


def _part(batch: Batch, start: int, end: int) -> Batch:
    refused = {i - start: refusal for i, refusal in batch.refused.items() if start <= i < end}
    return Batch(batch.files[start:end], refused)
