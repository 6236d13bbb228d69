"""Where batches are read and judged: in this process, or in guarded worker processes. One setting chooses.

A workbook that kills or stalls its worker is found by halving the batch, and refused (A03); the others are judged as
if it had never been there.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from types import TracebackType
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from config.settings import Settings
from flows import worker
from flows.path import Batch
from schemas.evidence import Context
from schemas.frames import Judged, joined
from schemas.refusal import Refusal
from workbooks.admission import Limits

# Beside the time that one stalled workbook may take, what each workbook of a batch may take on a busy machine.
SECONDS_PER_WORKBOOK = 1.0
# A worker imports its libraries before its first batch.
SECONDS_TO_START = 60.0


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
        return worker.judge(batch, self._context, self._limits)

    def __enter__(self) -> InlineExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class ProcessExecutor:
    """Judges in worker processes kept for the run, each with a limit on memory and each batch with one on time."""

    def __init__(self, context: Context, limits: Limits, settings: Settings) -> None:
        self._context, self._limits, self._settings = context, limits, settings
        self._pool = ProcessPool(
            max_workers=settings.workers,
            initializer=worker.start,
            initargs=[settings.memory_limit],
            context=multiprocessing.get_context("spawn"),
        )

    def judge(self, batch: Batch) -> Judged:
        """The judged batch; a batch that fails is judged by halves until the workbook at fault stands alone."""
        try:
            return self._in_worker(batch)
        except (FutureTimeout, ProcessExpired, MemoryError) as error:
            if len(batch.files) > 1:
                middle = len(batch.files) // 2
                return joined(self.judge(_part(batch, 0, middle)), self.judge(_part(batch, middle, len(batch.files))))
            if batch.refused:
                raise
            return self.judge(replace(batch, refused={0: self._refusal(error)}))

    def _in_worker(self, batch: Batch) -> Judged:
        allowed = SECONDS_TO_START + self._settings.workbook_timeout + SECONDS_PER_WORKBOOK * len(batch.files)
        future = self._pool.schedule(worker.judge, args=[batch, self._context, self._limits], timeout=allowed)
        judged: Judged = future.result()
        return judged

    def _refusal(self, error: BaseException) -> Refusal:
        if isinstance(error, FutureTimeout):
            return Refusal("A03", "timeout", {"limit": f"{self._settings.workbook_timeout:g}"})
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
    limits = Limits(settings.max_bytes, settings.max_expanded_bytes, settings.max_sheets, settings.max_cells)
    if settings.executor == "inline":
        return InlineExecutor(context, limits)
    return ProcessExecutor(context, limits, settings)


def _part(batch: Batch, start: int, end: int) -> Batch:
    refused = {i - start: refusal for i, refusal in batch.refused.items() if start <= i < end}
    return Batch(batch.files[start:end], refused)
