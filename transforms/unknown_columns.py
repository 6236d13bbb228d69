"""Columns of a table that the form does not have but that hold something in its rows, and what they hold."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.rows.text_rows import ROW_KEY, VALUES
from transforms.typed.rows import WRITTEN, typed_cells

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
# One row per cell that stands in no column of the form: what was written there, and the text over its column.
UNKNOWN_CELLS = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.PAGE: pl.Int64,
    c.ROW: pl.Int32,
    c.COL: pl.Int32,
    c.TEXT: pl.String,
    c.VALUE: pl.String,
}


def unknown_cells(
    cells: pl.DataFrame, texts: pl.DataFrame, activities: pl.DataFrame, displaced: pl.DataFrame, blocks: Blocks
) -> pl.DataFrame:
    """Cells that stand in no column of the form: columns of UNKNOWN_CELLS.

    They are in the rows of ``activities``, or, of a column with content in such a row that is not ``displaced``, in the
    rows between that hold no activity and no label.
    """
    rows = activities.select(ROW_KEY).unique()
    beside = collected(
        cells.lazy()
        .join(rows.lazy(), on=[c.FILE_ID, c.SHEET_NO, c.ROW], how="inner")
        .join(blocks.activity_columns.lazy(), on=[*PAGE_KEY, c.COL], how="anti")
        .select(*ROW_KEY, c.COL, *VALUES)
    )
    if beside.is_empty():
        return pl.DataFrame(schema=UNKNOWN_CELLS)
    between = _between(cells, rows, beside.join(displaced, on=ROW_KEY, how="anti"), blocks)
    written = typed_cells(pl.concat([beside, between]), texts).select(*ROW_KEY, c.COL, pl.col(WRITTEN).alias(c.VALUE))
    return (
        written.join(_over(cells, texts, blocks), on=[*PAGE_KEY, c.COL], how="left")
        .select(pl.col(name).cast(dtype) for name, dtype in UNKNOWN_CELLS.items())
        .sort(*ROW_KEY, c.COL)
    )


def unknown_columns(found: pl.DataFrame, displaced: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """Columns with content in rows that are not ``displaced``: columns of UNKNOWN; ``found`` are unknown_cells().

    ``row`` is the table's first row of labels.
    """
    if found.is_empty():
        return pl.DataFrame(schema=UNKNOWN)
    return (
        found.join(displaced, on=ROW_KEY, how="anti")
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.len().alias(c.CELLS), pl.col(c.TEXT).first())
        .join(blocks.pages.select(*PAGE_KEY, pl.col(c.HEADER_ROW).alias(c.ROW)), on=PAGE_KEY, how="left")
        .select(pl.col(name).cast(dtype) for name, dtype in UNKNOWN.items())
        .sort(*PAGE_KEY, c.COL)
    )


def _between(cells: pl.DataFrame, rows: pl.DataFrame, beside: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """Cells of the columns of ``beside`` in rows between activities: a remark goes on below its row."""
    ends = rows.group_by(PAGE_KEY).agg(pl.col(c.ROW).min().alias("first"), pl.col(c.ROW).max().alias("last"))
    columns = beside.select(*PAGE_KEY, c.COL).unique().join(ends, on=PAGE_KEY, how="inner")
    row = [c.FILE_ID, c.SHEET_NO, c.ROW]
    return (
        cells.join(columns, on=[c.FILE_ID, c.SHEET_NO, c.COL], how="inner")
        .filter(pl.col(c.ROW).is_between("first", "last"))
        .join(rows, on=ROW_KEY, how="anti")
        .join(blocks.labels, on=row, how="anti")
        .select(beside.columns)
    )


def _over(cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """PAGE_KEY, col, text: the last text over each column, in the rows of the table's labels."""
    heads = blocks.pages.select(*PAGE_KEY, c.HEADER_ROW, c.DATA_ROW)
    return (
        cells.join(heads, on=[c.FILE_ID, c.SHEET_NO], how="inner")
        .filter((pl.col(c.ROW) >= pl.col(c.HEADER_ROW)) & (pl.col(c.ROW) < pl.col(c.DATA_ROW)))
        .join(texts.select(c.TEXT_ID, c.TEXT), on=c.TEXT_ID, how="inner")
        .sort(*PAGE_KEY, c.COL, c.ROW)
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.col(c.TEXT).last())
    )
