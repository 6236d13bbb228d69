"""Cells of the budget lines that stand in no column of the form."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY, ROW_KEY
from transforms.locate.labels import FIELD
from transforms.rows.text_rows import VALUES, TextRows
from transforms.typed.rows import WRITTEN, typed_cells
from transforms.unknown_columns import UNKNOWN, UNKNOWN_CELLS

ROW = (c.FILE_ID, c.SHEET_NO, c.ROW)
PLACE = (*ROW, c.COL)
# A sign that stands apart from its figure ($, %, a dash) is none of its own.
WORD_OR_FIGURE = r"[\p{L}\p{N}]"
TOP, FOOT, FIRST, LAST = "top", "foot", "first", "last"


def unknown_line_cells(cells: pl.DataFrame, texts: pl.DataFrame, rows: TextRows, blocks: Blocks) -> pl.DataFrame:
    """Filled cells in rows of budget lines that are no label and nobody's value: columns of UNKNOWN_CELLS.

    They stand between the block's columns, or right of them under a text in the rows of their labels: what stands
    farther off or under nothing may belong to another part of the page.
    """
    heads = collected(_heads(blocks)).lazy()
    lines = rows.budget.lazy().select(ROW_KEY).unique().join(heads, on=PAGE_KEY, how="inner")
    on_line = cells.lazy().join(lines, on=ROW, how="inner")
    beside = collected(_free(on_line.filter(pl.col(c.COL) > pl.col(FIRST)), rows, blocks))
    if beside.is_empty():
        return pl.DataFrame(schema=UNKNOWN_CELLS)
    over = _over(_free(_heading(cells, heads), rows, blocks), texts)
    within = (pl.col(c.COL) < pl.col(LAST)) | pl.col(c.TEXT).is_not_null()
    found = collected(beside.lazy().join(over, on=[*PAGE_KEY, c.COL], how="left").filter(within))
    named = found.lazy().select(*ROW_KEY, c.COL, c.TEXT)
    written = typed_cells(found.select(*ROW_KEY, c.COL, *VALUES), texts)
    return collected(
        written.lazy()
        .select(*ROW_KEY, c.COL, pl.col(WRITTEN).alias(c.VALUE))
        .filter(pl.col(c.VALUE).str.contains(WORD_OR_FIGURE))
        .join(named, on=[*ROW_KEY, c.COL], how="left")
        .select(pl.col(name).cast(dtype) for name, dtype in UNKNOWN_CELLS.items())
        .sort(*ROW_KEY, c.COL)
    )


def unknown_line_columns(found: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """The columns of ``found``, unknown_line_cells(): columns of UNKNOWN; ``row`` is the first row of its labels."""
    if found.is_empty():
        return pl.DataFrame(schema=UNKNOWN)
    return collected(
        found.lazy()
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.len().alias(c.CELLS), pl.col(c.TEXT).first())
        .join(_heads(blocks).select(*PAGE_KEY, pl.col(TOP).alias(c.ROW)), on=PAGE_KEY, how="left")
        .select(pl.col(name).cast(dtype) for name, dtype in UNKNOWN.items())
        .sort(*PAGE_KEY, c.COL)
    )


def _heads(blocks: Blocks) -> pl.LazyFrame:
    """PAGE_KEY, the first and last row of the block's labels, and its first and last column."""
    ends = (
        blocks.budget_columns.lazy()
        .group_by(PAGE_KEY)
        .agg(pl.col(c.COL).min().alias(FIRST), pl.col(c.COL).max().alias(LAST))
    )
    above = pl.col(c.HEADER_ROW).is_null() | (pl.col(c.ROW) < pl.col(c.HEADER_ROW))
    labels = blocks.labels.lazy().filter((pl.col(c.ROLE) == FIELD) & (pl.col(c.BLOCK) == "budget") & above)
    rows = labels.group_by(PAGE_KEY).agg(pl.col(c.ROW).min().alias(TOP), pl.col(c.ROW).max().alias(FOOT))
    return ends.join(rows, on=PAGE_KEY, how="inner")


def _heading(cells: pl.DataFrame, heads: pl.LazyFrame) -> pl.LazyFrame:
    """The cells of the rows of the block's labels, each with the page that it is on."""
    rows = heads.select(*PAGE_KEY, pl.int_ranges(TOP, pl.col(FOOT) + 1, dtype=pl.Int32).alias(c.ROW)).explode(c.ROW)
    return cells.lazy().join(rows, on=ROW, how="inner")


def _free(cells: pl.LazyFrame, rows: TextRows, blocks: Blocks) -> pl.LazyFrame:
    """``cells`` without labels and values of header and budget lines."""
    for taken in (blocks.labels, rows.budget, rows.header):
        cells = cells.join(taken.lazy().select(PLACE), on=PLACE, how="anti", maintain_order="left")
    return cells


def _over(free: pl.LazyFrame, texts: pl.DataFrame) -> pl.LazyFrame:
    """PAGE_KEY, col, text: the last text over each column that is no label of the form."""
    return (
        free.join(texts.lazy().select(c.TEXT_ID, c.TEXT), on=c.TEXT_ID, how="inner")
        .filter(pl.col(c.TEXT).str.contains(r"\p{L}"))
        .sort(*PAGE_KEY, c.COL, c.ROW)
        .group_by(*PAGE_KEY, c.COL)
        .agg(pl.col(c.TEXT).last())
    )
