"""`python -m benchmarks.one_run N WORKERS`: one run in a process of its own, so that its peak memory is known.

Prints JSON: seconds of the run and of the same inbox again, and the most memory that this process and any of its
workers held, in MiB.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.contestants import consolidated, settings, warm
from benchmarks.inputs import inputs
from workbooks.sample import ONE_UNIT


@dataclass(frozen=True)
class Run:
    """One run: seconds, those of the same inbox again, MiB of the main process and of its largest worker."""

    seconds: float
    again: float
    main_mib: float
    worker_mib: float


def one_run(workbooks: int, workers: int) -> Run:
    """The inbox into a fresh warehouse by a warm executor; without workers all is done in this process."""
    given = inputs(workbooks, sizes=ONE_UNIT)
    with tempfile.TemporaryDirectory(prefix="poa-bench-") as folder:
        chosen = settings(given, Path(folder), workers)
        with warm(given, workers) as judge:
            first, again = (_timed(lambda: consolidated(given, chosen, judge)) for _ in range(2))
    return Run(first, again, _own_peak(), _peak(resource.RUSAGE_CHILDREN))


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _own_peak() -> float:
    """Not getrusage's: that remembers whoever started this process, which may be larger."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) / 1024  # type: ignore[index]


def _peak(who: int) -> float:
    """Linux tells KiB; of children that of the largest."""
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(one_run(int(sys.argv[1]), int(sys.argv[2])))))
