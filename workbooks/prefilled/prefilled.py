"""What a prefilled form says, and which of its cells a unit fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from config.policy import Deviation, Reading
from workbooks.form.content import WorkbookContent

# A value of the form: its block (or "signature"), the number of its budget line or activity from 0, its code name.
Key: TypeAlias = tuple[str, int, str]


@dataclass(frozen=True)
class RowFigures:
    """How the figures of an activity read over quarters, whether they may have decimals, and whether its unit of
    measure numbers things (a deviation of few of them is none); not ``sure`` while the unit of measure is unknown.
    """

    reading: Reading = "sum"
    decimals: bool = False
    counted: bool = True
    sure: bool = True


@dataclass(frozen=True)
class Prefilled:
    """One workbook to hand out: ``content`` leaves out what the form works out itself.

    ``quarter`` (1-4) is the one to report. ``open`` cells are to be filled in; those of ``mend`` are to be corrected,
    for the reason given ("" where another cell tells it). ``figures`` go by activity. ``by_sum`` are the budget lines
    whose exercised amounts are each quarter's own, not accumulated; ``programme_sums`` tells whether the programme is
    the sum of its lines here. ``signed_from`` is the first day that the report may be drawn up on.
    """

    content: WorkbookContent
    quarter: int
    open: frozenset[Key]
    figures: tuple[RowFigures, ...]
    deviation: Deviation
    signed_from: date
    mend: Mapping[Key, str] = field(default_factory=dict)
    by_sum: frozenset[int] = frozenset()
    programme_sums: bool = False
    measures: tuple[str, ...] = ()
    told: str = ""
