"""What differs between two versions, and between quarters."""

from __future__ import annotations

from typing import Any

from judged_batches import Book, activity, book, consolidate, rejected
from sqlalchemy import select

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.schema.snapshot_tables import snapshot
from warehouse.snapshots.changes import AFTER, BEFORE, changes


def between(warehouse: Warehouse, before: tuple[int, int], after: tuple[int, int]) -> list[tuple[Any, ...]]:
    """Changes between two versions, each (quarter, version), as rows without keys."""
    with warehouse.engine.connect() as connection:
        keys = {
            (row.quarter, row.version): row.id
            for row in connection.execute(select(snapshot.c.id, snapshot.c.quarter, snapshot.c.version))
        }
        covered = None if before[0] == after[0] else before[0]
        found = changes(connection, keys[before], keys[after], covered)
    return found.select(c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, BEFORE, AFTER).rows()


def workbook(name: str, *rows: dict[str, Any], amount: float = 500.0) -> Book:
    made = book(name, rows)
    lines = [line | ({c.ASSIGNED_AMOUNT: amount} if line[c.UNIT_CODE] else {}) for line in made.budget]
    return Book(made.receipt, made.file, made.units, lines, made.activities, made.quarantined, made.findings)


FIRST = workbook(
    "06 t3", activity("06", 1, (3, 3, 3, 3), (3, 3, 3, None)), activity("06", 2, (1, 1, 1, 1), (1, 1, 0, None))
)


def test_a_resubmission(warehouse: Warehouse) -> None:
    consolidate(warehouse, FIRST)
    second = workbook(
        "06 t3 again",
        activity("06", 1, (3, 3, 3, 3), (3, 3, 5, None), justification="Hubo más solicitudes"),
        activity("06", 3, (1, 1, 1, 1), (1, 1, 1, None)),
        amount=650.5,
    )
    later = second.received(FIRST.receipt.received_at.replace(day=6))
    consolidate(warehouse, FIRST, later)
    assert between(warehouse, (3, 1), (3, 2)) == [
        ("06", None, "assigned_amount", "500", "650.50"),
        ("06", 1, "achieved_q3", "3", "5"),
        ("06", 1, "justification", None, "Hubo más solicitudes"),
        ("06", 2, "activity_no", "2", None),
        ("06", 3, "activity_no", None, "3"),
    ]


def test_a_unit_that_delivers_at_last(warehouse: Warehouse) -> None:
    consolidate(warehouse, FIRST)
    consolidate(warehouse, FIRST, rejected("63 bad", "63"))
    assert between(warehouse, (3, 1), (3, 2)) == [("63", None, "status", "faltante", "rechazado")]


def test_between_quarters_what_was_not_due_is_no_change(warehouse: Warehouse) -> None:
    consolidate(warehouse, workbook("06 t2", activity("06", 1, (3, 3, 3, 3), (3, 3, None, None))), quarter=2)
    now = workbook("06 now", activity("06", 1, (3, 4, 3, 3), (3, 2, 3, None), justification="Otra"))
    consolidate(warehouse, now)
    assert between(warehouse, (2, 1), (3, 1)) == [
        ("06", 1, "achieved_q2", "3", "2"),
        ("06", 1, "annual_target", "12", "13"),
        ("06", 1, "planned_q2", "3", "4"),
    ]


def test_the_same_version_has_no_changes(warehouse: Warehouse) -> None:
    consolidate(warehouse, FIRST)
    assert between(warehouse, (3, 1), (3, 1)) == []
