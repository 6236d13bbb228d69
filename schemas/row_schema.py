"""Row checks as a pandera schema: one Boolean column a check, one pandera check a column."""

from __future__ import annotations

from collections.abc import Iterable

import pandera.polars as pa
import polars as pl

from schemas import columns as c

CHECK = "check"


def row_schema(checks: Iterable[str]) -> pa.DataFrameSchema:
    """Schema of the frame that says, per activity row, which checks hold."""
    return pa.DataFrameSchema(
        {check: pa.Column(pl.Boolean, pa.Check.equal_to(True, name=check)) for check in checks},
        strict=True,
    )


def breaches(held: pl.DataFrame) -> dict[str, list[int]]:
    """Positions of the rows that break each check; checks that all rows keep are left out.

    ``held`` has a Boolean column per check; null must have been settled before.
    """
    if held.is_empty():
        return {}
    # pandera takes about a millisecond a column, and most checks hold everywhere.
    everywhere = held.select(pl.all().all(ignore_nulls=False)).row(0, named=True)
    broken = [check for check, holds in everywhere.items() if not holds]
    try:
        row_schema(broken).validate(held.select(broken), lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases.select(pl.col("column").alias(CHECK), pl.col("index").alias(c.ROW_ID))
        grouped = failures.sort(c.ROW_ID).group_by(CHECK).agg(c.ROW_ID)
        return dict(grouped.iter_rows())
    return {}
