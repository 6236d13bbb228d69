"""The cells of the budget lines: each line's name and figures, and lines that go on below the last label."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY, ROW_KEY
from transforms.locate.labels import INSIDE, LINE

COLUMNS = (*ROW_KEY, c.LEVEL, c.FIELD, c.COL, c.TEXT_ID, c.NUMBER, c.DATE, INSIDE)
# A unit's code, alone or before its name.
UNIT = r"^\s*[0-9]{1,4}(?:\.0)?\s*(?:$|[\s.:–-]+\p{L}|\p{L})"
ROW = (c.FILE_ID, c.SHEET_NO, c.ROW)
LABEL_COL, FIRST_COL, PLACE = "label_col", "first_col", "place"


def budget_cells(cells: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """Cells of the budget lines: the columns' values, and as field ``unit_name`` what stands between the line's label
    and its first column, in one cell or several, or as ``inside`` in the label's own.
    """
    labelled = collected(_lines(blocks))
    lines = pl.concat([labelled, _going_on(cells, labelled, blocks)], how="diagonal").lazy()
    on_line = collected(cells.lazy().join(lines, on=ROW, how="inner")).lazy()
    written = on_line.join(blocks.budget_columns.lazy(), on=[*PAGE_KEY, c.COL], how="inner")
    names = (
        on_line.filter((pl.col(c.COL) > pl.col(LABEL_COL)) & (pl.col(c.COL) < pl.col(FIRST_COL).fill_null(2**20)))
        .filter(pl.col(INSIDE).is_null())
        .sort(*ROW_KEY, c.COL)
        .filter(pl.col(FIRST_COL).is_not_null() | (pl.int_range(pl.len()).over(ROW_KEY) == 0))
    )
    nameless = lines.join(names, on=ROW_KEY, how="anti").with_columns(
        pl.when(pl.col(INSIDE).is_null()).then(pl.col(LABEL_COL) + 1).otherwise(pl.col(PLACE)).alias(c.COL)
    )
    named = pl.concat([names, nameless], how="diagonal").with_columns(pl.lit(c.UNIT_NAME).alias(c.FIELD))
    return collected(pl.concat([named.select(COLUMNS), written.select(COLUMNS)]))


def _lines(blocks: Blocks) -> pl.LazyFrame:
    """One row per labelled line: ROW_KEY, level, inside, the label's first and last column, the first budget column."""
    first = blocks.budget_columns.lazy().group_by(PAGE_KEY).agg(pl.col(c.COL).min().alias(FIRST_COL))
    label = pl.col(c.COL).alias(PLACE), pl.col(c.LAST_COL).alias(LABEL_COL)
    return (
        blocks.labels.lazy()
        .filter(pl.col(c.ROLE) == LINE)
        .filter(pl.col(c.HEADER_ROW).is_null() | (pl.col(c.ROW) < pl.col(c.HEADER_ROW)))
        .select(*ROW_KEY, pl.col(c.NAME).alias(c.LEVEL), *label, INSIDE)
        .unique(ROW_KEY, keep="first", maintain_order=True)
        .join(first, on=PAGE_KEY, how="left", maintain_order="left")
    )


def _going_on(cells: pl.DataFrame, lines: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """The rows right below a page's last line, a derived one, that name a unit without a label of their own."""
    last = lines.filter(pl.col(c.ROW) == pl.col(c.ROW).max().over(PAGE_KEY)).filter(pl.col(c.LEVEL) == "derived")
    below = last.select(*PAGE_KEY, (pl.col(c.ROW) + 1).alias(c.ROW))
    last = last.join(cells.join(below, on=ROW, how="inner"), on=PAGE_KEY, how="semi")
    if last.is_empty():
        return lines.clear()
    ends = _next_labels(last, blocks)
    last = last.join(ends, on=PAGE_KEY, how="left").rename({c.ROW: "line_row"}).with_columns(pl.lit(None).alias(INSIDE))
    near = (pl.col(c.ROW) > pl.col("line_row")) & (pl.col(c.ROW) < pl.col("end"))
    inside = pl.col(c.COL).is_between(PLACE, pl.col(FIRST_COL) - 1)
    codes = blocks.texts.filter(pl.col(c.TEXT).str.contains(UNIT)).select(c.TEXT_ID, pl.lit(1).alias("named"))
    found = (
        cells.join(last, on=[c.FILE_ID, c.SHEET_NO], how="inner")
        .filter(near & inside)
        .join(codes, on=c.TEXT_ID, how="left")
        .sort(*ROW_KEY, c.COL)
        .unique(ROW_KEY, keep="first", maintain_order=True)
        .filter((pl.col("named") == 1) | (pl.col(c.NUMBER).is_between(1, 9999)))
    )
    unbroken = pl.col(c.ROW) - pl.col("line_row") == pl.int_range(1, pl.len() + 1).over(PAGE_KEY)
    columns = [name for name in lines.columns if name != LABEL_COL]
    return found.filter(unbroken).select(*columns, (pl.col(PLACE) - 1).alias(LABEL_COL))


def _next_labels(last: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """PAGE_KEY and ``end``: the row of the first label below each page's last line."""
    rows = blocks.labels.select(*PAGE_KEY, pl.col(c.ROW).alias("end")).join(
        last.select(*PAGE_KEY, c.ROW), on=PAGE_KEY, how="inner"
    )
    return rows.filter(pl.col("end") > pl.col(c.ROW)).group_by(PAGE_KEY).agg(pl.col("end").min())
