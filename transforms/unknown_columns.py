"""Columns of a table that the form does not have but that hold something in its rows."""

from __future__ import annotations

import polars as pl

from schemas import columns as c
from transforms.blocks import Blocks
from transforms.column_map import PAGE_KEY
from transforms.text_rows import ROW_KEY

# One row per unknown column: where it is, the text over it (null where there is none) and how many rows hold something.
UNKNOWN = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.PAGE: pl.Int64,
    c.ROW: pl.Int32,
    c.COL: pl.Int32,
    c.TEXT: pl.String,
    c.CELLS: pl.UInt32,
}


def unknown_columns(
    cells: pl.DataFrame, texts: pl.DataFrame, activities: pl.DataFrame, displaced: pl.DataFrame, blocks: Blocks
) -> pl.DataFrame:
    """Unknown columns with content in the rows of ``activities`` that are not ``displaced``: columns of UNKNOWN.

    ``row`` is the table's first row of labels.
    """
    rows = activities.select(ROW_KEY).unique().join(displaced, on=ROW_KEY, how="anti")
    content = (
        cells.join(rows, on=[c.FILE_ID, c.SHEET_NO, c.ROW], how="inner")
        .join(blocks.activity_columns, on=[*PAGE_KEY, c.COL], how="anti")
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.len().alias(c.CELLS))
    )
    if content.is_empty():
        return pl.DataFrame(schema=UNKNOWN)
    heads = blocks.pages.select(*PAGE_KEY, c.HEADER_ROW, c.DATA_ROW)
    over = (
        cells.join(heads, on=[c.FILE_ID, c.SHEET_NO], how="inner")
        .filter((pl.col(c.ROW) >= pl.col(c.HEADER_ROW)) & (pl.col(c.ROW) < pl.col(c.DATA_ROW)))
        .join(texts.select(c.TEXT_ID, c.TEXT), on=c.TEXT_ID, how="inner")
        .sort(*PAGE_KEY, c.COL, c.ROW)
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.col(c.TEXT).last())
    )
    return (
        content.join(over, on=[*PAGE_KEY, c.COL], how="left")
        .join(heads, on=PAGE_KEY, how="left")
        .with_columns(pl.col(c.HEADER_ROW).alias(c.ROW))
        .select(pl.col(name).cast(dtype) for name, dtype in UNKNOWN.items())
        .sort(*PAGE_KEY, c.COL)
    )
