"""What a data engineer would write instead: a dlt pipeline whose resource reads by openpyxl, into SQLite.

It loads the same activities as the pandas script and, like it, checks nothing; types, schema and load are dlt's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from benchmarks.pandas_script import COLUMNS, LABEL_ROWS, TEXTS, column_names, plain

TABLE = "activity"
# One name for every fact, and no other database schema than SQLite's own.
DATASET = "main"
QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


def load(paths: Iterable[Path], database: Path) -> None:
    """The activities of all workbooks of ``paths`` into the table activity of a new SQLite file."""
    os.environ.update(QUIET)
    import dlt

    files = list(paths)
    resource = dlt.resource(lambda: activities(files), name=TABLE, columns=_types(), write_disposition="append")
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(database.parent / "pipelines"),
        destination=dlt.destinations.sqlalchemy(f"sqlite:///{database}"),
        dataset_name=DATASET,
    )
    pipeline.run(resource)


def activities(files: Sequence[Path]) -> Iterator[list[dict[str, Any]]]:
    """The activities of each sheet with a table of them, under the names of COLUMNS."""
    for file in files:
        workbook = load_workbook(file, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            found = _table(list(sheet.iter_rows(values_only=True)))
            yield [{"file": file.name, "sheet": sheet.title, **row} for row in found]
        workbook.close()


def _table(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    top = next((i for i, cells in enumerate(rows) if any(plain(cell) == "No. ACT" for cell in cells)), None)
    if top is None:
        return []
    upper, middle, lower = rows[top : top + LABEL_ROWS]
    names = column_names(upper, middle, lower)
    found = [dict(zip(names, cells, strict=True)) for cells in rows[top + LABEL_ROWS :]]
    return [_typed(row) for row in found if isinstance(row["activity_no"], int | float)]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(row[name]) if name in TEXTS else _number(row[name]) for name in COLUMNS.values()}


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _types() -> dict[str, Any]:
    names = {"file": "text", "sheet": "text", **dict.fromkeys(TEXTS, "text")}
    numbers = {name: "double" for name in COLUMNS.values() if name not in TEXTS}
    return {name: {"name": name, "data_type": kind} for name, kind in {**names, **numbers}.items()}
