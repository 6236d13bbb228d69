"""Where a published value comes from, and the chain of values before it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from judged_batches import Book, activity, book, consolidate, rejected

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError
from warehouse.queries.lineage import trace

CELLS = '{"activity_no": 2, "annual_target": 8, "achieved_q2": 14}'
BEFORE, LATER = datetime(2024, 7, 5, 18, tzinfo=UTC), datetime(2024, 10, 9, 18, tzinfo=UTC)


def workbook(name: str, planned: float, second: float | None, received_at: datetime) -> Book:
    made = book(name, [activity("06", 1, (planned, 3, 3, 3), (3, second, None, None))], received_at=received_at)
    lines = [line | {c.COLUMNS: '{"assigned_amount": 4}'} for line in made.budget]
    return Book(made.receipt, made.file, made.units, lines, made.activities)


def lived(warehouse: Warehouse) -> Warehouse:
    """The UR's workbook of the second quarter, then of the third, then that one corrected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("judged_batches.COLUMNS", CELLS)
        consolidate(warehouse, workbook("t2", 3, 3, BEFORE), quarter=2)
        first = workbook("t3", 3, 5, datetime(2024, 10, 5, 18, tzinfo=UTC))
        consolidate(warehouse, first)
        consolidate(warehouse, first, workbook("t3 again", 4, 5, LATER))
    return warehouse


@pytest.fixture(scope="module")
def year(filled_once: Warehouse) -> Warehouse:
    return lived(filled_once)


def told(warehouse: Warehouse, activity_no: int | None, field: str, quarter: int = 3) -> list[tuple[Any, ...]]:
    origins = trace(warehouse, 2024, quarter, "06", activity_no, field)
    return [(o.quarter, o.version, o.value, o.file, o.sheet, o.cell, o.received_at.day) for o in origins]


def test_the_latest_first_then_what_it_was_before(year: Warehouse) -> None:
    assert told(year, 1, "achieved_q2") == [
        (3, 2, 5.0, "t3 again.xlsx", "POA 06", "N21", 9),
        (3, 1, 5.0, "t3.xlsx", "POA 06", "N21", 5),
        (2, 1, 3.0, "t2.xlsx", "POA 06", "N21", 5),
    ]
    assert [value for _, _, value, *_ in told(year, 1, "annual_target")] == [13.0, 12.0, 12.0]


def test_of_an_earlier_quarter_only_what_was_known_then(year: Warehouse) -> None:
    assert told(year, 1, "achieved_q2", quarter=2) == [(2, 1, 3.0, "t2.xlsx", "POA 06", "N21", 5)]


def test_a_budget_line(year: Warehouse) -> None:
    assert told(year, None, "assigned_amount")[0] == (3, 2, 500.0, "t3 again.xlsx", "POA 06", "D11", 9)


def test_a_judgement_that_speaks_in_several_versions_is_told_once(warehouse: Warehouse) -> None:
    year = lived(warehouse)
    own, again = workbook("t3", 3, 5, datetime(2024, 10, 5, 18, tzinfo=UTC)), workbook("t3 again", 4, 5, LATER)
    consolidate(year, own, again, rejected("63 bad", "63"))
    assert [(quarter, version) for quarter, version, *_ in told(year, 1, "achieved_q2")] == [(3, 2), (3, 1), (2, 1)]


@pytest.mark.parametrize(
    ("unit", "activity_no", "field", "says"),
    [
        ("06", 1, "goal", "an activity has no field goal; fields are description,"),
        ("06", None, "planned_q1", "a budget line has no field planned_q1"),
        ("06", 9, "annual_target", r"unit 06 \(aceptado\) has no accepted activity 9 in the current version"),
        ("07", 1, "annual_target", r"unit 07 \(faltante\) has no accepted activity 1"),
        ("99", 1, "annual_target", "has no unit 99 in any published version"),
    ],
)
def test_what_is_not_there_is_told(year: Warehouse, unit: str, activity_no: int | None, field: str, says: str) -> None:
    with pytest.raises(WarehouseError, match=says):
        trace(year, 2024, 3, unit, activity_no, field)
