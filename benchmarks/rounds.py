"""Rounds: every contestant once, in turn, so that whatever else the machine does befalls them alike."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contestants import DATABASE, Contestant
from benchmarks.totals import Totals, must_agree, totals

Times = dict[str, list[float]]


@dataclass(frozen=True)
class Spread:
    """Median, least and most of some measurements."""

    median: float
    least: float
    most: float


def spread(values: Iterable[float]) -> Spread:
    """The spread of at least one value."""
    found = list(values)
    return Spread(statistics.median(found), min(found), max(found))


def ratios(times: Times, over: str, under: str) -> Spread:
    """How many times longer ``over`` took than ``under``, round by round."""
    return spread(a / b for a, b in zip(times[over], times[under], strict=True))


def rounds(
    field: Sequence[Contestant], count: int, on_run: Callable[[str], None] = lambda _: None
) -> tuple[Times, Totals]:
    """Milliseconds per workbook of each contestant, one figure a round, and the totals of the workbooks that all read.

    A round before them is not counted: in it this process imports what each needs. Raises DisagreementError where
    contestants loaded different data.
    """
    times: Times = {contestant.name: [] for contestant in field}
    # What is written stays until all is done: some disks are slow to make files where many were just deleted.
    with tempfile.TemporaryDirectory(prefix="poa-bench-") as folder:
        for number in range(count + 1):
            figures, agreed = _round(field, Path(folder) / str(number), on_run)
            if number:
                for name, milliseconds in figures.items():
                    times[name].append(milliseconds)
    return times, agreed


def _round(field: Sequence[Contestant], out: Path, on_run: Callable[[str], None]) -> tuple[dict[str, float], Totals]:
    common, every = (
        pick((contestant.files for contestant in field if contestant.query), key=len) for pick in (min, max)
    )
    figures: dict[str, float] = {}
    of_common: dict[str, Totals] = {}
    of_every: dict[str, Totals] = {}
    for number, contestant in enumerate(field):
        on_run(contestant.name)
        folder = out / str(number)
        folder.mkdir(parents=True)
        figures[contestant.name] = _seconds(contestant, folder) / len(contestant.files) * 1000
        if contestant.query:
            database = folder / DATABASE
            of_common[contestant.name] = totals(database, contestant.query, common)
            if len(contestant.files) == len(every):
                of_every[contestant.name] = totals(database, contestant.query, every)
    must_agree(of_every)
    return figures, must_agree(of_common)


def _seconds(contestant: Contestant, out: Path) -> float:
    gc.collect()
    start = time.perf_counter()
    contestant.run(out)
    return time.perf_counter() - start
