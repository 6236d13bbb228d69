"""Growth: the same work for a hundred, a thousand and ten thousand workbooks, each run in a process of its own.

A workbook has one UR here, whose code has four digits at most, as in the form: hence one less than ten thousand.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence

from benchmarks.inputs import inputs
from benchmarks.one_run import Run
from benchmarks.rounds import Spread
from benchmarks.tables import Row, Table, target
from workbooks.sample import ONE_UNIT

SIZES, WORKERS = (100, 1_000, 9_999), (0, 2)
# Runs of each size, of which the median counts: what is short is disturbed more.
TIMES = {100: 5, 1_000: 3}

MOST_GROWTH, MOST_MIB, MOST_AGAIN = 11.0, 500.0, 0.05

Grown = dict[tuple[int, int], Run]


def growth(sizes: Sequence[int] = SIZES, on_run: Callable[[str], None] = lambda _: None) -> Grown:
    """The runs, by workbooks and workers."""
    found: Grown = {}
    for size in sizes:
        on_run(f"growth: writing {size:,} workbooks")
        inputs(size, sizes=ONE_UNIT)
        for workers in WORKERS:
            on_run(f"growth: {size:,} workbooks, {workers} workers")
            found[size, workers] = _median([_run(size, workers) for _ in range(TIMES.get(size, 1))])
    return found


def _run(size: int, workers: int) -> Run:
    command = [sys.executable, "-m", "benchmarks.one_run", str(size), str(workers)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Run(**json.loads(told))


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        seconds=statistics.median(run.seconds for run in runs),
        again=statistics.median(run.again for run in runs),
        main_mib=max(run.main_mib for run in runs),
        worker_mib=max(run.worker_mib for run in runs),
    )


def grown(found: Grown) -> Table:
    """Time and memory by workbooks and processes."""
    rows = [
        (
            f"{size:,}, {f'{workers} workers' if workers else '1 process'}",
            f"{run.seconds:.2f}",
            f"{run.seconds / size * 1000:.2f}",
            f"{run.again:.2f}",
            f"{run.again / run.seconds:.1%}",
            f"{run.main_mib:.0f}",
            f"{run.worker_mib:.0f}" if workers else "",
        )
        for (size, workers), run in found.items()
    ]
    heads = ("workbooks", "seconds", "ms each", "again, seconds", "of the first", "peak MiB", "of a worker")
    return Table("Growth", heads, rows)


def growth_targets(found: Grown) -> list[Row]:
    """Of the largest run beside the one before it, its memory, and of the same inbox again."""
    *_, less, most = sorted({size for size, _ in found})
    rows = []
    for workers in WORKERS:
        small, large = found[less, workers], found[most, workers]
        who = f"{workers} workers" if workers else "1 process"
        longer, memory = large.seconds / small.seconds, max(small.main_mib, large.main_mib)
        rows += [
            target(f"{who}: {most:,} workbooks, times as long as {less:,}", _one(longer), most=MOST_GROWTH),
            target(f"{who}: peak MiB of the main process", _one(memory), most=MOST_MIB),
            target(f"{who}: {less:,} again, of the first run", _one(small.again / small.seconds), most=MOST_AGAIN),
        ]
    return rows


def _one(value: float) -> Spread:
    return Spread(value, value, value)
