"""A year of twelve units, as an office lives it.

| quarter | what happens |
|---|---|
| 1 | UR 03 is rejected, then sends again; 05 is late; 08 has a row in quarantine; 09 is missing |
| 2 | 04 changes what it achieved in the first quarter; 06 raises a target; 11 is missing; the quarter is closed |
|   | 11 sends all the same, and an exception lets it in |
| 3 | 07 leaves an activity out; 06 still has its other target |
| 4 | all as planned |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from judged_batches import Book, activity, beginning, book, consolidate, quarantined, rejected, window

from config.catalog import Unit, load_catalog
from config.form import load_form
from config.policy import load_policy
from flows.runs.quarter_run import history_judge
from reports.secretariat.report import Secretariat
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from warehouse.connect import Warehouse
from warehouse.consolidation import Decision, Judge

CODES = [f"{number:02}" for number in range(1, 13)]
TWELVE = {code: Unit(code, f"UNIDAD {code}", None, None) for code in CODES}
FIRST_DAYS = {1: (2024, 4), 2: (2024, 7), 3: (2024, 10), 4: (2025, 1)}
BY = Decision("Dirección de Planeación", "Oficio 7/2024")
AS_PLANNED = (2, 2, 2, 2)


@dataclass(frozen=True)
class LivedYear:
    """The year in a warehouse not to be written to, and each version's report as told once that version stood."""

    warehouse: Warehouse
    told: list[Secretariat]


def judge_of(quarter: int) -> Judge:
    ends = window(quarter).ends
    return history_judge(Context(2024, quarter, ends, load_form(2024), load_policy(), load_catalog()))


def received(quarter: int, day: int = 5) -> datetime:
    year, month = FIRST_DAYS[quarter]
    return datetime(year, month, day, 18, tzinfo=UTC)


def told_by(unit: str, quarter: int) -> list[dict[str, Any]]:
    """The unit's two activities as it reports them in that quarter."""
    planned, achieved = AS_PLANNED, AS_PLANNED
    if unit == "04" and quarter >= 2:
        achieved = (5, 2, 2, 2)
    if unit == "06" and quarter >= 2:
        planned = (2, 2, 2, 6)
    rows = [activity(unit, 1, planned, achieved), activity(unit, 2, AS_PLANNED, AS_PLANNED, amount=300.0)]
    return rows[:1] if unit == "07" and quarter >= 3 else rows


def workbook(unit: str, quarter: int, day: int = 5) -> Book:
    held = [quarantined(unit, 30)] if (unit, quarter) == ("08", 1) else []
    verdict = "observado" if held else "aceptado"
    made = book(
        f"{unit} t{quarter}",
        told_by(unit, quarter),
        verdict=verdict,
        quarantined=held,
        received_at=received(quarter, day),
        sender=unit,
    )
    # The programme is the unit's alone.
    return replace(made, budget=[line | {c.ASSIGNED_AMOUNT: 500.0} for line in made.budget])


def publish(warehouse: Warehouse, quarter: int, *books: Book) -> int:
    return consolidate(warehouse, *books, quarter=quarter, units=TWELVE, judge=judge_of(quarter)).version


def live(warehouse: Warehouse, watch: Callable[[int, int], object] = lambda quarter, version: None) -> None:
    """The whole year, every version published; ``watch`` is told each quarter and version once it stands."""

    def stands(quarter: int, version: int, *books: Book) -> None:
        assert publish(warehouse, quarter, *books) == version
        watch(quarter, version)

    spoilt = rejected("03 t1 spoilt", "03", received_at=received(1, 3))
    first = [workbook(code, 1, 20 if code == "05" else 5) for code in CODES if code not in ("03", "09")]
    stands(1, 1, spoilt, *first)
    stands(1, 2, spoilt, *first, workbook("03", 1, 8))
    second = [workbook(code, 2) for code in CODES if code != "11"]
    stands(2, 1, *second)
    _close(warehouse)
    after = workbook("11", 2, 25)
    assert publish(warehouse, 2, *second, after) == 1  # kept, and not published
    _let_in(warehouse, "11")
    stands(2, 2, *second, after)
    for quarter in (3, 4):
        stands(quarter, 1, *(workbook(code, quarter) for code in CODES))


def _close(warehouse: Warehouse) -> None:
    with beginning(warehouse, quarter=2, command="close", units=TWELVE, moment=received(2, 20)) as run:
        run.close(BY)


def _let_in(warehouse: Warehouse, unit: str) -> None:
    with beginning(warehouse, quarter=2, command="exception", units=TWELVE, moment=received(2, 26)) as run:
        run.grant_exception(BY, unit, date(2024, 7, 31))
