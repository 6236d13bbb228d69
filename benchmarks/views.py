"""`python -m benchmarks.views`: every public view on one quarter of six years, on SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from sqlalchemy import Connection

from benchmarks.databases import postgresql
from benchmarks.filled import ACTIVITIES, UNITS, YEARS, fill
from benchmarks.machine import machine
from benchmarks.rounds import Spread, spread
from benchmarks.tables import Table
from warehouse.connect import Warehouse, open_warehouse
from warehouse.database.engine import POSTGRESQL
from warehouse.schema import views

LIMIT: Final = 0.2  # seconds
YEAR, QUARTER = 2024, 3


@dataclass(frozen=True)
class Asked:
    """Rows of one quarter that a view gave; until the last arrived, seconds on the clock, and of processors' work, that
    of the server's own process included.
    """

    rows: int
    wall: Spread
    cpu: Spread


def main(arguments: Sequence[str] | None = None) -> int:
    """1 where a view takes longer than the design allows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.views", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="times that each view is asked (default %(default)s)")
    runs = parser.parse_args(arguments).runs
    console = Console(width=None if sys.stdout.isatty() else 110)
    with console.status("filling two warehouses"):
        found = public_views(runs)
    console.print(f"On {machine()}.")
    console.print(view_times(found).rich())
    return int(any(asked.wall.median > LIMIT for times in found.values() for asked in times.values()))


def public_views(runs: int) -> dict[str, dict[str, Asked]]:
    """Each public view asked ``runs`` times for one quarter of a filled warehouse, by database."""
    found = {}
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", postgresql)):
        with database() as url, open_warehouse(url) as warehouse:
            fill(warehouse)
            found[name] = {view: _asked(warehouse, view, runs) for view in views.PUBLIC}
    return found


def view_times(found: dict[str, dict[str, Asked]]) -> Table:
    """The views' times as a table, in milliseconds."""
    rows = [
        (
            f"{view}, {database}",
            f"{asked.rows:,}",
            *(f"{1000 * seconds:.1f}" for seconds in (asked.wall.median, asked.wall.least, asked.wall.most)),
            f"{1000 * asked.cpu.median:.1f}",
            "target met" if asked.wall.median <= LIMIT else "target not met",
        )
        for database, times in found.items()
        for view, asked in times.items()
    ]
    size = f"{len(YEARS)} years × 4 quarters × {UNITS} URs × {ACTIVITIES} activities"
    title = f"Public views of one quarter, of {size}, milliseconds"
    return Table(title, ("", "rows", "median", "min", "max", "CPU", f"≤ {1000 * LIMIT:g}"), rows)


def _asked(warehouse: Warehouse, view: str, runs: int) -> Asked:
    """The current version of one quarter; the first time does not count."""
    question = f"SELECT * FROM {view} WHERE ejercicio = {YEAR} AND trimestre = {QUARTER} AND vigente"
    wall, cpu, rows = [], [], 0
    with warehouse.engine.connect() as connection:
        server = _server(connection)
        for _ in range(runs + 1):
            started, worked = time.perf_counter(), _worked(server)
            rows = len(connection.exec_driver_sql(question).all())
            wall.append(time.perf_counter() - started)
            cpu.append(_worked(server) - worked)
    return Asked(rows, spread(wall[1:]), spread(cpu[1:]))


def _server(connection: Connection) -> Path | None:
    """Where Linux tells how long the process worked that answers; SQLite answers within ours."""
    if connection.dialect.name != POSTGRESQL:
        return None
    return Path(f"/proc/{connection.exec_driver_sql('SELECT pg_backend_pid()').scalar_one()}/schedstat")


def _worked(server: Path | None) -> float:
    """Seconds for which this process and the server's were on a processor."""
    theirs = int(server.read_text().split()[0]) / 1e9 if server is not None else 0.0
    return time.process_time() + theirs


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="poa-views-") as folder:
        yield f"sqlite:///{Path(folder) / 'poa.db'}"


if __name__ == "__main__":
    sys.exit(main())
