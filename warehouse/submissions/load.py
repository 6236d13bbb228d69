"""Storing a judged batch: facts, quarantined rows and findings under their judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
from sqlalchemy import Connection, Table

from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from warehouse.database.bulk import insert_frame
from warehouse.database.keys import Keys
from warehouse.schema import tables
from warehouse.submissions.control import stored_whole
from warehouse.submissions.stored import PLAIN

# What a frame has and its table has not: that belongs to a version.
NOT_KEPT: Final = {"units": (c.FINDINGS_WAIVED,), "findings": (c.KNOWN_QUARTER, c.KNOWN_SINCE, c.ANSWER)}


def insert_judged(
    connection: Connection, keys: Keys, judged: Judged, judgements: pl.DataFrame, quarter: int
) -> Mapping[str, int]:
    """Stores the rows of the workbooks in ``judgements`` (file_id, judgement_id), no others'.

    ``quarter`` is the reported one: what was achieved in a later quarter is not due and stored as null. Returns how
    many rows of theirs the database now holds, by table; raises ControlError where that is not what was judged.
    """
    for name, table in PLAIN.items():
        frame: pl.DataFrame = getattr(judged, name)
        if not frame.is_empty():
            insert_frame(connection, table, rows_with_keys(keys, table, frame.drop(NOT_KEPT.get(name, ())), judgements))
    activities = rows_with_keys(keys, tables.activity, judged.activities, judgements)
    insert_frame(connection, tables.activity, activities.drop(*c.PLANNED, *c.ACHIEVED))
    insert_frame(connection, tables.activity_quarter, _quarters(activities, quarter))
    return stored_whole(connection, judged, judgements)


def rows_with_keys(keys: Keys, table: Table, frame: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """The rows of the workbooks in ``judgements`` (file_id, judgement_id) with new keys of ``table``."""
    of_judgements = frame.join(judgements, on=c.FILE_ID, maintain_order="left").drop(c.FILE_ID)
    return numbered(keys, table, of_judgements)


def numbered(keys: Keys, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with new keys of ``table``, the column id."""
    first = keys.take(table, rows.height)
    return rows.select(pl.int_range(first, first + rows.height).alias("id"), pl.all())


def _quarters(activities: pl.DataFrame, reported: int) -> pl.DataFrame:
    """Four rows an activity, side by side on disk: activity_id, quarter, planned, achieved."""
    due = [
        pl.col(name) if quarter <= reported else pl.lit(None, pl.Float64) for quarter, name in enumerate(c.ACHIEVED, 1)
    ]
    return activities.select(
        pl.col("id").alias("activity_id"),
        pl.lit(list(c.QUARTERS), pl.List(pl.Int64)).alias(c.QUARTER),
        pl.concat_list(c.PLANNED).alias("planned"),
        pl.concat_list(due).alias("achieved"),
    ).explode(c.QUARTER, "planned", "achieved")
