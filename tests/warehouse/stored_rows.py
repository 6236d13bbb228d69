"""All that a warehouse and its archive hold, to be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, select

from warehouse.connect import open_warehouse
from warehouse.schema import tables

Rows = dict[str, list[tuple[Any, ...]]]
# When a run took place is its own; when a workbook was received is not.
CLOCKS = {"started", "finished", "published_at", "valid_from", "valid_to"}


def rows_of(engine: Engine) -> Rows:
    """Every table's rows in the order of their keys, without the clocks of runs."""
    found: Rows = {}
    with engine.connect() as connection:
        for name, table in tables.metadata.tables.items():
            kept = [col for col in table.c if not (isinstance(col.type, DateTime) and col.name in CLOCKS)]
            ordered = select(*kept).order_by(*table.primary_key.columns)
            found[name] = [tuple(row) for row in connection.execute(ordered)]
    return found


def rows_at(url: str) -> Rows:
    with open_warehouse(url) as warehouse:
        return rows_of(warehouse.engine)


def archived(folder: Path) -> set[str]:
    """Names of what is archived; what a killed process left half written has no name of its own."""
    return {path.name for path in folder.rglob("*") if path.is_file() and not path.name.startswith("partial-")}
