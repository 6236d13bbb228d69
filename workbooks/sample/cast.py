"""What becomes of each unit in a quarter: who sends nothing, who is late, whose workbook is spoilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from workbooks.sample.planting import Named, deal

MISSING, CORRUPT, NO_FORM, LATE = 3, 1, 1, 2
SPOILT = 1 / 3  # share of the units


@dataclass(frozen=True)
class Cast:
    """UR codes by their part; ``defects`` by UR code. A late workbook may be spoilt too."""

    missing: tuple[str, ...]
    corrupt: tuple[str, ...]
    no_form: tuple[str, ...]
    late: tuple[str, ...]
    defects: Mapping[str, tuple[Named, ...]]


def cast(codes: Sequence[str], quarter: int, rng: Random) -> Cast:
    """The parts of the units ``codes``; raises ValueError where there are too few for all parts."""
    rest = rng.sample(list(codes), len(codes))
    missing, corrupt, no_form = _take(rest, MISSING), _take(rest, CORRUPT), _take(rest, NO_FORM)
    late = tuple(sorted(rng.sample(rest, LATE)))
    spoilt = _take(rest, round(len(codes) * SPOILT) - NO_FORM)
    defects = dict(zip(spoilt, deal(len(spoilt), quarter, rng), strict=True))
    return Cast(missing, corrupt, no_form, late, defects)


def _take(codes: list[str], n: int) -> tuple[str, ...]:
    taken, codes[:] = codes[:n], codes[n:]
    return tuple(sorted(taken))
