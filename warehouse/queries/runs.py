"""The runs of a warehouse with their outcome and control totals."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl
from sqlalchemy import select

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from warehouse.connect import Warehouse
from warehouse.database.bulk import read_frame
from warehouse.queries.published import reading
from warehouse.schema.snapshot_tables import snapshot
from warehouse.schema.tables import COUNTS, ROWS, run

# One row a run; `version` is the one that it published, null where none; times in UTC.
RUNS: Final[Contract] = {
    "id": pl.Int64,
    **dict.fromkeys(("started", "finished"), pl.Datetime),
    **dict.fromkeys(("year", c.QUARTER), pl.Int64),
    **dict.fromkeys(("command", "outcome"), pl.String),
    "version": pl.Int64,
    **dict.fromkeys((*COUNTS, *ROWS), pl.Int64),
}


def runs(warehouse: Warehouse, limit: int, year: int | None = None, quarter: int | None = None) -> pl.DataFrame:
    """The last ``limit`` runs (RUNS), of a year and quarter where told, newest first.

    A run that failed is not among them: it left nothing. Raises WarehouseError where the database refuses.
    """
    columns = [snapshot.c.version if name == "version" else run.c[name] for name in RUNS]
    rows = select(*columns).outerjoin_from(run, snapshot, snapshot.c.run_id == run.c.id)
    for column, wanted in ((run.c.year, year), (run.c.quarter, quarter)):
        if wanted is not None:
            rows = rows.where(column == wanted)
    with reading(warehouse) as connection:
        return read_frame(connection, rows.order_by(run.c.id.desc()).limit(limit), RUNS).with_columns(
            pl.col("started", "finished").dt.replace_time_zone("UTC")
        )


def outcome_of(warehouse: Warehouse, run_id: int, started: datetime) -> tuple[str, int | None] | None:
    """The outcome of the run that ``started`` then (UTC, naive), with the version that it published, if any.

    None where it is not there: its transaction was rolled back, and another run may have its key since. Raises
    WarehouseError where the database refuses.
    """
    rows = select(run.c.outcome, snapshot.c.version).outerjoin_from(run, snapshot, snapshot.c.run_id == run.c.id)
    with reading(warehouse) as connection:
        found = connection.execute(rows.where(run.c.id == run_id, run.c.started == started)).first()
    return None if found is None else (found.outcome, found.version)
