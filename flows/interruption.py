"""Ctrl+C: which processes it reaches, and what it leaves stored of the runs over quarters that the command began."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.errors import OperatorError

# What shells make of a command that Ctrl+C ends: 128 and the number of SIGINT.
INTERRUPTED: Final = 130


@dataclass(frozen=True)
class BegunRun:
    """A run over a quarter (1-4), by its key and start (UTC, as it is stored); ``archive`` is where it keeps workbooks,
    None where it keeps none.
    """

    year: int
    quarter: int
    run_id: int
    started: datetime
    warehouse: str
    archive: str | None


class InterruptedRunError(OperatorError):
    """Somebody interrupted the command; the message says what is stored."""

    exit_code = INTERRUPTED


# The runs of the command, in the order in which they began; None where nobody asks.
BEGUN: ContextVar[list[BegunRun] | None] = ContextVar("begun", default=None)


@contextmanager
def out_of_reach() -> Iterator[None]:
    """Processes started within are not reached by Ctrl+C in the terminal: whoever started them is, and ends them.

    A process has the blocked signals of the thread that starts it. Windows has no such thing.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def interruptible() -> Iterator[None]:
    """Turns KeyboardInterrupt into InterruptedRunError, which says what is stored of the runs that began within."""
    begun: list[BegunRun] = []
    token = BEGUN.set(begun)
    try:
        yield
    except KeyboardInterrupt as stop:
        raise InterruptedRunError(f"interrupted; {_stored(begun)}") from stop
    finally:
        BEGUN.reset(token)


def began(run: BegunRun) -> None:
    """Records that a run began; from then on only the warehouse knows whether it was committed."""
    begun = BEGUN.get()
    if begun is not None:
        begun.append(run)


def _stored(begun: Sequence[BegunRun]) -> str:
    if not begun:
        return "no run over a quarter had begun: no workbook is stored and no version published"
    return "; ".join(f"{run.year} T{run.quarter}: {_stored_of(run)}" for run in begun)


def _stored_of(run: BegunRun) -> str:
    # Imported only here: most commands are not interrupted, and some need no warehouse.
    from warehouse.connect import open_warehouse
    from warehouse.queries.runs import outcome_of

    try:
        with open_warehouse(run.warehouse) as warehouse:
            found = outcome_of(warehouse, run.run_id, run.started)
    except OperatorError as error:
        return f"it is not known whether the run is stored ({error}); see poa runs"
    if found is None:
        kept = f"; what it copied to the archive {run.archive} stays there" if run.archive else ""
        return f"nothing is stored and nothing published{kept}"
    outcome, version = found
    return f"the run is stored; {f'version {version} is published' if version else f'its outcome is {outcome}'}"
