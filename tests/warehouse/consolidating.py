"""Consolidations and decisions in processes of their own, killed or held at an instant.

An instant is a name of INSTANTS, or the number of an SQL statement. Every run is a fork of one process that has
imported all it takes and done nothing yet.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandera.backends.polars.container
import pandera.polars  # noqa: F401
from sqlalchemy import Engine, event

from config.errors import OperatorError
from config.settings import Settings
from flows import path  # noqa: F401
from flows.intake import inbox  # noqa: F401
from flows.runs import consolidation, decisions, quarter_run  # noqa: F401
from schemas.findings import history_engine  # noqa: F401
from schemas.verdict import revision  # noqa: F401
from warehouse.archive.local import Archive
from warehouse.connect import Warehouse
from warehouse.consolidation import Consolidation
from warehouse.schema import tables
from warehouse.snapshots import publish
from warehouse.submissions import load

# Where to cut in: whose attribute, before or after it is called, and at which call.
INSTANTS: dict[str, tuple[Any, str, str, Callable[..., bool], int]] = {
    "asking for the warehouse": (quarter_run, "begin", "before", lambda *_: True, 1),
    "archived": (Archive, "settle", "after", lambda *_: True, 1),
    "amid a load": (load, "insert_frame", "before", lambda _, table, __: table is tables.finding, 2),
    "loaded": (Consolidation, "publish", "before", lambda *_: True, 1),
    "snapshot row written": (publish.versions, "store", "before", lambda *_: True, 1),
    "published, not committed": (Consolidation, "publish", "after", lambda *_: True, 1),
    "decided, not committed": (Consolidation, "_ended", "after", lambda *_: True, 1),
    "committed": (Warehouse, "close", "before", lambda *_: True, 1),
}
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Run:
    """One consolidation of an inbox, or what ``does`` under its settings; ``then`` is kill or hold: say so and wait for
    a line.
    """

    warehouse: str
    archive: str
    inbox: str
    at: str | int | None = None
    then: str = "kill"
    more: dict[str, Any] = field(default_factory=dict)
    does: Callable[[Settings], object] | None = None

    def settings(self) -> Settings:
        values = {"executor": "inline", "batch_size": 1, "lock_timeout": 60, **self.more}
        return Settings(warehouse=self.warehouse, archive=Path(self.archive), **values)


def consolidate(run: Run) -> consolidation.ConsolidationResult:
    request = consolidation.Request(2024, 3, Path(run.inbox))
    settings = run.settings()
    return consolidation.consolidate(request, settings, consolidation.listed(request, settings))


class Fork:
    """One run under way, and how it is spoken with: it says that it is held, and what it came to."""

    def __init__(self, run: Run) -> None:
        _ready()
        self._line, line = get_context("forkserver").Pipe()
        self._process = get_context("forkserver").Process(target=_done, args=(run, line))
        self._process.start()
        line.close()

    def held(self) -> None:
        """Returns once it is held at its instant."""
        assert self._line.recv() == "held"

    def go_on(self) -> None:
        self._line.send("go on")

    def said(self) -> dict[str, Any]:
        """What the run came to, and its exit code."""
        told: dict[str, Any] = self._line.recv()
        return {**told, "code": self.ended()}

    def ended(self) -> int:
        """Its exit code, KILLED where it was killed."""
        self._process.join()
        self._line.close()
        assert self._process.exitcode is not None
        return self._process.exitcode


def endings(runs: Sequence[Run]) -> list[int]:
    """How each of ``runs`` ended, one after another."""
    return [Fork(run).ended() for run in runs]


@cache
def _ready() -> None:
    """Starts the process that runs are forks of, where it has not started."""
    here = Path(__file__).resolve().parent
    with patch.dict(os.environ, PYTHONPATH=f"{here}:{here.parents[1]}", POLARS_MAX_THREADS="1"):
        forkserver.set_forkserver_preload([Path(__file__).stem])
        forkserver.ensure_running()


def _act(run: Run, line: Connection) -> None:
    if run.then == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    line.send("held")
    line.recv()


def _cut_in(run: Run, line: Connection) -> None:
    if isinstance(run.at, int):
        _at_statement(run, run.at, line)
    elif run.at is not None:
        _at_call(run, run.at, line)


def _at_call(run: Run, name: str, line: Connection) -> None:
    owner, attribute, side, matters, number = INSTANTS[name]
    original, calls = getattr(owner, attribute), 0

    def cut(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += matters(*args)
        if side == "before" and calls == number:
            _act(run, line)
        result = original(*args, **named)
        if side == "after" and calls == number:
            _act(run, line)
        return result

    setattr(owner, attribute, cut)


def _at_statement(run: Run, number: int, line: Connection) -> None:
    """Odd ones are cut before they reach the database, even ones after it has done them."""
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            _act(run, line)

    event.listen(Engine, "before_cursor_execute" if number % 2 else "after_cursor_execute", counted)


def _done(run: Run, line: Connection) -> None:
    """The run, in a fork of its own, which ends here."""
    code = 1
    try:
        _cut_in(run, line)
        if run.does is not None:
            run.does(run.settings())
        else:
            line.send(asdict(consolidate(run).published))
        code = 0
    except OperatorError as error:
        line.send({"error": str(error)})
        code = error.exit_code
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)
