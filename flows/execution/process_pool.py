"""Guarded worker processes: a call has a time and its process a limit on memory; one that is lost is replaced."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from flows.execution import worker_entry
from flows.interruption import out_of_reach

T = TypeVar("T")
# Raises TimeoutError where what a call waits for will not come.
Look = Callable[[], None]

# How often it is looked whether that is so.
SECONDS_TO_LOOK = 0.25


class WorkerLostError(Exception):
    """A worker process ended before it answered."""


class UninterruptedProcess(SpawnProcess):
    """A process that Ctrl+C does not reach, from its first import on."""

    def start(self) -> None:
        """Starts it."""
        with out_of_reach():
            super().start()


class UninterruptedContext(SpawnContext):
    """Where a pool has its processes from."""

    Process = UninterruptedProcess


class Workers:
    """At most ``count`` processes, none started before it is needed. May be called from several threads at once.

    Each may take ``memory_limit`` bytes more than it starts with. They are spawned, not forked: a fork has but one of
    the threads that polars works with.
    """

    def __init__(self, count: int, memory_limit: int) -> None:
        self._pool = ProcessPool(
            max_workers=count,
            initializer=worker_entry.start,
            initargs=[memory_limit],
            context=UninterruptedContext(),
        )
        self._stopped = False

    @property
    def active(self) -> bool:
        """Whether they still answer."""
        return bool(self._pool.active)

    def call(
        self,
        function: Callable[..., T],
        *args: object,
        allowed: float,
        look: Look = lambda: None,
        pause: float = SECONDS_TO_LOOK,
    ) -> T:
        """What ``function`` returns or raises in a worker; it is asked to ``look`` every ``pause`` seconds.

        Raises TimeoutError where it takes more than ``allowed`` seconds or ``look`` says so, WorkerLostError where the
        process ends over it, BrokenProcessPool where none can be started, and CancelledError where all were stopped.
        """
        future = self._pool.schedule(function, args=list(args), timeout=allowed)
        try:
            while not wait([future], timeout=pause).done:
                # A pool may stop without a word to who waits for a process that it was about to start.
                if self._stopped and not wait([future], timeout=SECONDS_TO_LOOK).done:
                    raise CancelledError
                look()
            return future.result()
        except ProcessExpired as error:
            raise WorkerLostError("a worker process ended") from error
        except BrokenProcessPool as error:
            if self._stopped:
                raise CancelledError from error
            raise
        finally:
            future.cancel()  # type: ignore[no-untyped-call]  # ends its process where it still runs

    def close(self) -> None:
        """Waits for the calls under way; then all processes end."""
        self._pool.close()  # type: ignore[no-untyped-call]
        self._pool.join()

    def stop(self) -> None:
        """All processes end at once, whatever they do."""
        self._stopped = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.stop()
