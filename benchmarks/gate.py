"""`python -m benchmarks.gate`: a small benchmark for every change, that fails where a run became twice as long.

A run over a hundred workbooks in one process is held against the floor, in turns: a ratio, so that a slow or busy
machine does not fail it. Times of a small run are mostly fixed costs; docs/rendimiento.md has the large ones.
"""

from __future__ import annotations

import sys
from typing import Final

from benchmarks.contestants import FLOOR, INLINE, Contestant, decode, ours, warm
from benchmarks.inputs import Inputs, inputs
from benchmarks.rounds import Spread, ratios, rounds
from benchmarks.totals import OURS

WORKBOOKS, ROUNDS = 100, 5
# Least of five rounds on a quiet machine of two cores, on 2026-11-22: to be measured again where a run became quicker.
TODAY: Final = 6.8
MOST: Final = 2.0


def measured(given: Inputs, count: int = ROUNDS) -> Spread:
    """How many times as long as the floor a run takes."""
    with warm(given, 0) as judge:
        field = [
            Contestant(FLOOR, given.files, lambda _: decode(given.files)),
            Contestant(INLINE, given.files, ours(given, judge, 0), OURS),
        ]
        times, _ = rounds(field, count)
    return ratios(times, INLINE, FLOOR)


def passes(found: Spread, today: float = TODAY) -> bool:
    """Whether it is less than MOST times what it was; the least counts, for others only make it longer."""
    return found.least <= MOST * today


def main() -> int:
    """1 where it became too slow."""
    found = measured(inputs(WORKBOOKS))
    good = passes(found)
    print(
        f"{WORKBOOKS} workbooks, 1 process: {found.median:.1f} × the floor ({found.least:.1f}–{found.most:.1f}); "
        f"{TODAY:g} when last measured, at most {MOST * TODAY:g}: {'passed' if good else 'TOO SLOW'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
