"""Displaced rows read again as proposed: their cells moved to the fields that they belong to."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from transforms.rows.text_rows import ROW_KEY

# A row read again has columns of its own, so it is a page of its own, beyond the number of any page of its sheet.
FIRST_PAGE = 2**24


def moved_columns(displaced: pl.DataFrame) -> pl.DataFrame:
    """ROW_KEY, field, col of every cell of the rows that have a proposal."""
    return (
        displaced.drop_nulls(c.CELLS)
        .select(*ROW_KEY, pl.col(c.COLUMNS).str.extract_all(r'"[a-z0-9_]+": \d+').alias(c.FIELD))
        .explode(c.FIELD)
        .with_columns(
            pl.col(c.FIELD).str.extract(r'"([a-z0-9_]+)"').alias(c.FIELD),
            pl.col(c.FIELD).str.extract(r"(\d+)$").cast(pl.Int32).alias(c.COL),
        )
    )


def apply_repair(typed: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """``typed`` cells (ROW_KEY, col, …) of the rows in ``moved`` under their new fields, each row a page of its own."""
    cells = typed.drop(c.FIELD, strict=False).unique([*ROW_KEY, c.COL], keep="first", maintain_order=True)
    return own_page(moved).join(own_page(cells), on=[*ROW_KEY, c.COL], how="inner").select(typed.columns)


def own_page(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``frame`` on the pages that they become."""
    return frame.with_columns((pl.lit(FIRST_PAGE) + pl.col(c.ROW)).cast(frame.schema[c.PAGE]).alias(c.PAGE))
