"""Answers as they came, and as they are held against findings."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import ANSWERS, conform


def answered(told: pl.DataFrame) -> pl.DataFrame:
    """ANSWERS out of those that were read: what names no rule answers nothing, and a UR has two digits at least."""
    return conform(told.drop_nulls(c.RULE).with_columns(pl.col(c.UNIT_CODE).str.zfill(2)), ANSWERS)
