"""`python -m benchmarks.scale`: what a workbook costs and leaves, what many would; ``--write`` keeps docs/escala.md."""

from __future__ import annotations

import argparse
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from sqlalchemy import create_engine, text

from benchmarks.contestants import settings
from benchmarks.databases import postgresql
from benchmarks.inputs import QUARTER, YEAR, Inputs, inputs
from benchmarks.machine import machine
from benchmarks.scale_page import page
from benchmarks.tables import Table
from config.settings import Settings
from flows.context import context
from flows.execution.executor import InlineExecutor
from flows.execution.factory import executor
from flows.path import Batch
from flows.runs.consolidation import Request, consolidate, listed
from schemas.contracts.frames import Judged
from warehouse.connect import open_warehouse

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "escala.md"
SIZES = (1_000, 100_000, 10_000_000)
GIB = 1024**3


@dataclass(frozen=True)
class Cost:
    """What a consolidation of ``workbooks`` took and left.

    Seconds of processor of judging, and of all else in the main process; seconds on the clock of all else; bytes of
    inbox, archive, warehouse, and of judged batches as messages; the main process's peak memory in bytes.
    """

    workbooks: int
    judging: float
    main: float
    main_clock: float
    inbox: int
    archive: int
    warehouse: int
    messages: int
    memory: int


class Watched(InlineExecutor):
    """Judges here, and adds up what that takes."""

    cpu = clock = 0.0
    messages = 0

    def judge(self, batch: Batch) -> Judged:
        began, worked = time.perf_counter(), time.process_time()
        judged = super().judge(batch)
        self.cpu += time.process_time() - worked
        self.clock += time.perf_counter() - began
        self.messages += len(pickle.dumps(judged))
        return judged


def measured(given: Inputs, url: str, folder: Path) -> Cost:
    """One consolidation into a fresh warehouse, in this process."""
    chosen = settings(given, folder, workers=0).model_copy(update={"warehouse": url, "batch_size": 100})
    open_warehouse(url).close()
    empty = _stored(url)
    ctx = context(YEAR, QUARTER, chosen)[0]
    with executor(ctx, chosen) as plain:
        assert isinstance(plain, InlineExecutor)
        judge = Watched(plain._context, plain._limits)
        request = Request(YEAR, QUARTER, given.inbox)
        began, worked = time.perf_counter(), time.process_time()
        consolidate(request, chosen, listed(request, chosen), hire=lambda *_: nullcontext(judge))
        clock, cpu = time.perf_counter() - began, time.process_time() - worked
    return Cost(
        workbooks=len(given.files),
        judging=judge.cpu,
        main=cpu - judge.cpu,
        main_clock=clock - judge.clock,
        inbox=sum(path.stat().st_size for path in given.files),
        archive=_bytes(chosen),
        warehouse=_stored(url) - empty,
        messages=judge.messages,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _bytes(chosen: Settings) -> int:
    assert isinstance(chosen.archive, Path)
    return sum(path.stat().st_size for path in chosen.archive.rglob("*") if path.is_file())


def _stored(url: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages, size = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "page_size")
            )
            found = pages * size
        else:
            found = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    return int(found)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="poa-scale-") as folder:
        yield f"sqlite:///{Path(folder) / 'poa.db'}"


def costs(workbooks: int) -> dict[str, tuple[Cost, Cost]]:
    """A quarter of the workbooks and all, each in a process of its own, by database."""
    few, many = inputs(workbooks // 4), inputs(workbooks)
    return {
        name: (_alone(few, database), _alone(many, database))
        for name, database in (("SQLite", _sqlite), ("PostgreSQL", postgresql))
    }


def _alone(given: Inputs, database: object) -> Cost:
    with (
        database() as url,  # type: ignore[operator]
        tempfile.TemporaryDirectory(prefix="poa-scale-") as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process,
    ):
        return process.submit(measured, given, url, Path(folder)).result()


def each(found: dict[str, tuple[Cost, Cost]]) -> Table:
    """What one workbook costs and leaves, by database."""
    rows = [
        ("judging, ms of processor", *(f"{1000 * c.judging / c.workbooks:.2f}" for _, c in found.values())),
        ("main process, ms of processor", *(f"{1000 * c.main / c.workbooks:.2f}" for _, c in found.values())),
        ("main process, ms on the clock", *(f"{1000 * c.main_clock / c.workbooks:.2f}" for _, c in found.values())),
        ("its own bytes, and in the archive", *(f"{c.archive / c.workbooks:,.0f}" for _, c in found.values())),
        ("bytes in the warehouse", *(f"{c.warehouse / c.workbooks:,.0f}" for _, c in found.values())),
        (
            "bytes to a Dask worker and back",
            *(f"{(c.inbox + c.messages) / c.workbooks:,.0f}" for _, c in found.values()),
        ),
        ("peak memory of the main process, MiB", *(f"{c.memory / 1024**2:,.0f}" for _, c in found.values())),
        ("each further workbook adds to it, KiB", *(f"{_growth(*pair) / 1024:,.1f}" for pair in found.values())),
    ]
    return Table("One workbook", ("", *found), rows)


def many(found: dict[str, tuple[Cost, Cost]]) -> Table:
    """What a quarter of so many workbooks would need, by rule of three from one."""
    rows = [row for n in SIZES for row in _of(n, found)]
    heads = (
        "workbooks",
        "judging, core hours",
        "main process, core hours",
        "archive, GiB",
        "warehouse, GiB",
        "memory, GiB",
    )
    return Table("Many workbooks, computed from one", heads, rows)


def _of(n: int, found: dict[str, tuple[Cost, Cost]]) -> Iterator[tuple[str, ...]]:
    for name, (few, all_) in found.items():
        share = n / all_.workbooks
        memory = all_.memory + max(0, n - all_.workbooks) * _growth(few, all_)
        hours = (all_.judging * share / 3600, all_.main * share / 3600)
        gib = (all_.archive * share / GIB, all_.warehouse * share / GIB, memory / GIB)
        yield f"{n:,}, {name}", *(f"{value:,.3g}" if value < 100 else f"{value:,.0f}" for value in (*hours, *gib))


def _growth(few: Cost, all_: Cost) -> float:
    return max(0.0, (all_.memory - few.memory) / (all_.workbooks - few.workbooks))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--workbooks", type=int, default=400, help="how many workbooks (default %(default)s)")
    parser.add_argument("--write", action="store_true", help="write docs/escala.md")
    asked = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 130)
    with console.status("four consolidations"):
        found = costs(asked.workbooks)
    tables, summary = [each(found), many(found)], f"{asked.workbooks} workbooks, in one process, on {machine()}."
    console.print(summary, *(table.rich() for table in tables))
    if asked.write:
        ratios = sorted(cost.judging / cost.main for _, cost in found.values())
        DOCUMENT.write_text(
            page(summary, [table.markdown() for table in tables], (ratios[0], ratios[-1])), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
