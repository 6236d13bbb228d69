"""Consolidations in processes of their own, killed or held at an instant; run as a script with the runs as JSON.

An instant is a name of INSTANTS, or the number of an SQL statement. Every run is a fork of one process that has
imported all it takes and done nothing yet.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from config.errors import OperatorError
from config.settings import Settings
from flows import consolidation, inbox, path, quarter_run  # noqa: F401 (imported before the fork)
from schemas import history_findings, revision  # noqa: F401
from warehouse import load, snapshot, tables
from warehouse.archive import Archive
from warehouse.connect import Warehouse
from warehouse.consolidation import Consolidation

# Where to cut in: whose attribute, before or after it is called, and at which call.
INSTANTS: dict[str, tuple[Any, str, str, Callable[..., bool], int]] = {
    "asking for the warehouse": (quarter_run, "begin", "before", lambda *_: True, 1),
    "archived": (Archive, "settle", "after", lambda *_: True, 1),
    "amid a load": (load, "insert_frame", "before", lambda _, table, __: table is tables.finding, 2),
    "loaded": (Consolidation, "publish", "before", lambda *_: True, 1),
    "snapshot row written": (snapshot.versions, "store", "before", lambda *_: True, 1),
    "published, not committed": (Consolidation, "publish", "after", lambda *_: True, 1),
    "committed": (Warehouse, "close", "before", lambda *_: True, 1),
}
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Run:
    """One consolidation of an inbox; ``then`` is kill or hold: say so and wait for a line."""

    warehouse: str
    archive: str
    inbox: str
    at: str | int | None = None
    then: str = "kill"
    more: dict[str, Any] = field(default_factory=dict)

    def settings(self) -> Settings:
        values = {"executor": "inline", "batch_size": 1, "lock_timeout": 60, **self.more}
        return Settings(warehouse=self.warehouse, archive=Path(self.archive), **values)


def consolidate(run: Run) -> consolidation.Outcome:
    request = consolidation.Request(2024, 3, Path(run.inbox))
    settings = run.settings()
    return consolidation.consolidate(request, settings, consolidation.listed(request, settings))


def command(*runs: Run) -> list[str]:
    """What starts a process that does ``runs`` one after another."""
    return [sys.executable, __file__, json.dumps([asdict(run) for run in runs])]


def environment() -> dict[str, str]:
    here = Path(__file__).resolve().parent
    return {**os.environ, "PYTHONPATH": f"{here}:{here.parents[1]}", "POLARS_MAX_THREADS": "1"}


def endings(runs: Sequence[Run]) -> list[int]:
    """How each of ``runs`` ended: its exit code, KILLED where it was killed."""
    done = subprocess.run(command(*runs), env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line)["ended"] for line in done.stdout.splitlines() if "ended" in line]


def _act(run: Run) -> None:
    if run.then == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    print("held", flush=True)  # noqa: T201
    sys.stdin.readline()


def _cut_in(run: Run) -> None:
    if isinstance(run.at, int):
        _at_statement(run, run.at)
    elif run.at is not None:
        _at_call(run, run.at)


def _at_call(run: Run, name: str) -> None:
    owner, attribute, side, matters, number = INSTANTS[name]
    original, calls = getattr(owner, attribute), 0

    def cut(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += matters(*args)
        if side == "before" and calls == number:
            _act(run)
        result = original(*args, **named)
        if side == "after" and calls == number:
            _act(run)
        return result

    setattr(owner, attribute, cut)


def _at_statement(run: Run, number: int) -> None:
    """Odd ones are cut before they reach the database, even ones after it has done them."""
    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            _act(run)

    event.listen(Engine, "before_cursor_execute" if number % 2 else "after_cursor_execute", counted)


def _forked(run: Run) -> int:
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = 1
    try:
        _cut_in(run)
        published = consolidate(run).published
        print(json.dumps(asdict(published)), flush=True)  # noqa: T201
        code = 0
    except OperatorError as error:
        print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201
        code = error.exit_code
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


if __name__ == "__main__":
    for each in json.loads(sys.argv[1]):
        print(json.dumps({"ended": _forked(Run(**each))}), flush=True)  # noqa: T201
