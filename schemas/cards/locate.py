"""Breaches tied to their cells: with a row, the column map of its page names the cell of each field."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.evidence import Evidence

PAGE = [c.FILE_ID, c.SHEET_NO, c.PAGE]
# A budget line's name stands between its label and the first column; where that is not known, in the third column.
NAME_COLUMN = 3


def budget_cell(lines: pl.DataFrame, evidence: Evidence, field: str) -> pl.DataFrame:
    """``lines`` with ``field`` and ``col`` of the cell meant, and the columns that a breach needs to say where."""
    if lines.is_empty():
        return lines.with_columns(pl.lit(None, pl.Int32).alias(c.COL), pl.lit(field).alias(c.FIELD))
    columns = evidence.budget_columns.filter(pl.col(c.FIELD) == field).select(*PAGE, c.COL)
    fallback = NAME_COLUMN if field == c.UNIT_NAME else None
    return lines.join(columns, on=PAGE, how="left").with_columns(
        pl.lit(field).alias(c.FIELD), pl.coalesce(pl.col(c.COL), pl.lit(fallback, pl.Int32)).alias(c.COL)
    )


def activity_cell(rows: pl.DataFrame, evidence: Evidence, field: str) -> pl.DataFrame:
    """The same for activity rows."""
    if rows.is_empty():
        return rows.with_columns(pl.lit(None, pl.Int32).alias(c.COL), pl.lit(field).alias(c.FIELD))
    columns = evidence.activity_columns.filter(pl.col(c.FIELD) == field).select(*PAGE, c.COL)
    return rows.join(columns, on=PAGE, how="left").with_columns(pl.lit(field).alias(c.FIELD))
