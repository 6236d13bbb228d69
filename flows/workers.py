"""Guarded worker processes: each answers one call at a time, and ends as soon as one takes longer than it may.

A call's answer comes back through a pipe. A process that is lost is replaced at the next call.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from queue import LifoQueue
from threading import Lock, active_count
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from flows import worker

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

T = TypeVar("T")
# Whether a call came to an end, and its result or else its error.
Answer: TypeAlias = tuple[bool, Any]
# Raises TimeoutError where what a call waits for will not come.
Look = Callable[[], None]

# How often it is looked whether that is so.
SECONDS_TO_LOOK = 0.25


class WorkerLostError(Exception):
    """A worker process ended before it answered."""


class StoppedError(Exception):
    """The workers were stopped: what they were asked is no longer wanted."""


class Workers:
    """At most ``count`` processes, none started before it is needed. May be called from several threads at once.

    Each may take ``memory_limit`` bytes more than it starts with.
    """

    def __init__(self, count: int, memory_limit: int) -> None:
        self._count, self._memory_limit = count, memory_limit
        # The last put back is the first taken: no process is started while one is idle.
        self._idle: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(count):
            self._idle.put(None)
        self._alive: set[_Process] = set()
        self._lock = Lock()
        self._stopped = False

    @property
    def active(self) -> bool:
        """Whether they still answer."""
        return not self._stopped

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
        process ends over it, and StoppedError.
        """
        process = self._idle.get()
        try:
            process = process or self._started()
            deadline = monotonic() + allowed

            def in_time() -> None:
                look()
                if monotonic() > deadline:
                    raise TimeoutError

            good, answer = process.answer(function, args, in_time, pause)
        except BaseException as error:
            if process is not None:
                self._end(process)
                process = None
            if self._stopped and isinstance(error, WorkerLostError):
                raise StoppedError from error
            raise
        finally:
            self._idle.put(process)
        if good:
            return answer  # type: ignore[no-any-return]
        raise answer

    def close(self) -> None:
        """Waits for the calls under way; then all processes end."""
        for _ in range(self._count):
            self._idle.get()
        self.stop()
        for _ in range(self._count):
            self._idle.put(None)

    def stop(self) -> None:
        """All processes end at once, whatever they do."""
        with self._lock:
            self._stopped = True
            alive = list(self._alive)
        for process in alive:
            self._end(process)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.stop()

    def _started(self) -> _Process:
        with self._lock:
            if self._stopped:
                raise StoppedError
            process = _Process(_context(alone=not self._alive), self._memory_limit)
            self._alive.add(process)
        return process

    def _end(self, process: _Process) -> None:
        process.end()
        with self._lock:
            self._alive.discard(process)


def _context(*, alone: bool) -> BaseContext:
    """How a process is started. A fork has what this one has imported, for nothing, but of all threads only the one
    that forks, and no polars works in it that worked here before: it is for a process with one thread and no polars.
    """
    fork = alone and sys.platform == "linux" and active_count() == 1 and "polars" not in sys.modules
    return multiprocessing.get_context("fork" if fork else "spawn")


class _Process:
    """One process, and this end of the pipe to it."""

    def __init__(self, context: BaseContext, memory_limit: int) -> None:
        self._line, theirs = context.Pipe()
        # A fork has this end too, and would not see that it is closed.
        inherited = [self._line] if context.get_start_method() == "fork" else []
        self._process = context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, inherited, memory_limit), daemon=True
        )
        self._process.start()
        theirs.close()
        self._ready, self._ending = False, Lock()

    def answer(self, function: Callable[..., Any], args: Sequence[object], look: Look, pause: float) -> Answer:
        """What comes of the call; raises as `Workers.call` does."""
        try:
            if not self._ready:
                # What is sent before somebody reads may fill the pipe, and would wait for ever.
                self._ready = self._received(look, pause)
            self._line.send((function, args))
            answer: Answer = self._received(look, pause)
        except (EOFError, ConnectionError) as error:
            raise WorkerLostError("a worker process ended") from error
        return answer

    def _received(self, look: Look, pause: float) -> Any:
        while not wait([self._line, self._process.sentinel], timeout=pause):
            look()
        return self._line.recv()

    def end(self) -> None:
        """It is killed: it keeps nothing that is not with us. The pipe may still be waited for by another thread."""
        with self._ending:
            self._process.kill()
            self._process.join()


def _serve(line: Connection, inherited: list[Connection], memory_limit: int) -> None:
    """What a worker process does: it answers until nobody asks."""
    import signal

    for end in inherited:
        end.close()
    # Ctrl-C reaches all processes of a terminal; ours decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.start(memory_limit)
    with suppress(EOFError, ConnectionError):
        line.send(True)
        while True:
            line.send_bytes(worker.answered(line.recv_bytes()))
