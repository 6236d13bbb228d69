"""The views reach a quarter's rows by index, so that their cost does not grow with the years kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.connect import Warehouse, open_warehouse
from warehouse.schema import views

# Large tables by the names that the views give them.
LARGE = {
    "a": "activity",
    **dict.fromkeys(("q1", "q2", "q3", "q4"), "activity_quarter"),
    "b": "budget_line",
    "d": "judgement_unit",
    "f": "finding",
    "j": "judgement",
    "q": "quarantined_row",
}


@pytest.fixture
def sqlite(upgraded_sqlite: Path) -> Iterator[Warehouse]:
    with open_warehouse(f"sqlite:///{upgraded_sqlite}") as warehouse:
        yield warehouse


@pytest.mark.parametrize("name", views.PUBLIC)
@pytest.mark.parametrize("which", ["vigente", "version = 1"])
def test_no_large_table_is_scanned(sqlite: Warehouse, name: str, which: str) -> None:
    question = f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE ejercicio = 2024 AND trimestre = 3 AND {which}"
    with sqlite.engine.connect() as connection:
        steps = [row[3] for row in connection.exec_driver_sql(question)]
    assert not [step for step in steps if step.startswith("SCAN") and step.split()[1] in LARGE], steps
