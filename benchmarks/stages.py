"""Where our time goes in one process: the steps of the path, each wrapped with a clock."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.contestants import FLOOR, consolidated, decode, settings
from benchmarks.inputs import QUARTER, YEAR, Inputs
from benchmarks.rounds import Times
from flows import path
from flows.context import context
from flows.execution.factory import executor
from flows.runs import consolidation, quarter_run
from warehouse.archive.local import Archive
from warehouse.consolidation import Consolidation

# Each step by the place where it is looked up; none of them calls another.
STEPS: dict[str, tuple[object, str]] = {
    "list and hash the inbox": (consolidation, "inbox"),
    "make the warehouse": (quarter_run, "open_warehouse"),
    "archive": (Archive, "put"),
    "archive to disk": (Archive, "settle"),
    "read": (path, "read_workbooks"),
    "clean texts": (path, "clean_texts"),
    "blocks": (path, "blocks"),
    "column maps": (path, "choose_layout"),
    "text rows": (path, "text_rows"),
    "typed rows": (path, "typed_evidence"),
    "measures": (path, "measured"),
    "findings": (path, "findings"),
    "verdict": (path, "verdict"),
    "gate": (path, "passed"),
    "load": (Consolidation, "load"),
    "publish": (Consolidation, "publish"),
}
# From bytes to typed rows.
TYPING = ("read", "clean texts", "blocks", "column maps", "text rows", "typed rows")
REST, WHOLE = "rest (configuration, ledger, commit)", "whole"


def stages(given: Inputs, count: int) -> Times:
    """Milliseconds per workbook of each step, of the rest, the whole and the floor, one figure a round."""
    times: Times = {name: [] for name in (*STEPS, REST, WHOLE, FLOOR)}
    for _ in range(count):
        for name, seconds in _once(given).items():
            times[name].append(seconds / len(given.files) * 1000)
    return times


def _once(given: Inputs) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="poa-bench-") as folder, _clocks() as spent:
        chosen = settings(given, Path(folder), workers=0)
        with executor(context(YEAR, QUARTER, chosen)[0], chosen) as judge:
            gc.collect()
            floor = _seconds(lambda: decode(given.files))
            whole = _seconds(lambda: consolidated(given, chosen, judge))
    return {**spent, REST: whole - sum(spent.values()), WHOLE: whole, FLOOR: floor}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@contextmanager
def _clocks() -> Iterator[dict[str, float]]:
    """Wraps every step while the context lasts; yields the seconds spent in each so far."""
    spent = dict.fromkeys(STEPS, 0.0)
    with ExitStack() as stack:
        for name, (place, attribute) in STEPS.items():
            timed = _timed(getattr(place, attribute), name, spent)
            stack.enter_context(patch.object(place, attribute, timed))
        yield spent


def _timed(step: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            spent[name] += time.perf_counter() - start

    return timed
