"""Values written once for several activities: merged down over their rows, or a UR on the first of them only."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY, ROW_KEY
from transforms.rows.row_kinds import numbered

SHEET = (c.FILE_ID, c.SHEET_NO)
UNIT, STRETCH = "unit", "stretch"


def filled_down(rows: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """``rows`` (cells: ROW_KEY, field, col, …) with what is written once, in rows with a number."""
    merged = _merged_down(rows, blocks, form)
    rows = pl.concat([rows, merged], how="diagonal") if merged.height else rows
    once = _units_once(rows)
    return pl.concat([rows, once], how="diagonal") if once.height else rows


def _merged_down(rows: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """Cells for the rows under merged codes and texts. A merged figure is one figure, and is not given to each row."""
    shared = [f.name for f in form.activity if f.kind in ("code", "text") and f.name != c.DESCRIPTION]
    tables = blocks.pages.lazy().drop_nulls(c.DATA_ROW).group_by(SHEET).agg(pl.col(c.DATA_ROW).min())
    down = collected(
        blocks.merges.lazy()
        .filter(pl.col(c.LAST_ROW) > pl.col(c.ROW))
        .join(tables, on=SHEET, how="inner")
        .filter((pl.col(c.ROW) >= pl.col(c.DATA_ROW)) & (pl.col(c.LAST_COL) == pl.col(c.COL)))
        .select(*SHEET, c.ROW, c.COL, c.LAST_ROW)
    )
    if down.is_empty():
        return rows.clear()
    spans = rows.filter(pl.col(c.FIELD).is_in(shared)).join(down, on=[*SHEET, c.ROW, c.COL], how="inner")
    below = numbered(rows).select(*PAGE_KEY, pl.col(c.ROW).alias("below"))
    return (
        spans.join(below, on=PAGE_KEY, how="inner")
        .filter((pl.col("below") > pl.col(c.ROW)) & (pl.col("below") <= pl.col(c.LAST_ROW)))
        .with_columns(pl.col("below").alias(c.ROW))
        .select(rows.columns)
        .join(rows.select(*ROW_KEY, c.FIELD), on=[*ROW_KEY, c.FIELD], how="anti")
    )


def _units_once(rows: pl.DataFrame) -> pl.DataFrame:
    """UR cells for rows below the one that names it, where the page names each UR once.

    A page that names a UR on row after row has a hole where it does not, and a number that does not go up, or a row of
    another kind between, may begin another UR: these stay empty.
    """
    numbers = numbered(rows)
    units = rows.filter(pl.col(c.FIELD) == c.UNIT_CODE)
    bare = numbers.join(units, on=ROW_KEY, how="anti")
    if bare.is_empty():
        return rows.clear()
    here = rows.join(bare.select(PAGE_KEY).unique(), on=PAGE_KEY, how="semi")
    said = units.select(*ROW_KEY, pl.struct(c.COL, c.TEXT_ID, c.NUMBER, c.DATE).alias(UNIT))
    order = (
        here.select(ROW_KEY)
        .unique()
        .join(numbers.select(*ROW_KEY, c.NUMBER, pl.lit(value=True).alias("counts")), on=ROW_KEY, how="left")
        .join(said, on=ROW_KEY, how="left")
        .sort(ROW_KEY)
    )
    counts = pl.col("counts").fill_null(value=False)
    breaks = ~counts | (pl.col(c.NUMBER) <= pl.col(c.NUMBER).shift(1).over(PAGE_KEY)).fill_null(value=False)
    repeats = pl.col(UNIT).is_not_null() & (pl.col(UNIT) == pl.col(UNIT).shift(1).over(PAGE_KEY)).fill_null(value=False)
    order = order.with_columns(
        breaks.cast(pl.Int32).cum_sum().over(PAGE_KEY).alias(STRETCH),
        repeats.any().over(PAGE_KEY).alias("each"),
        pl.when(counts).then(UNIT).alias("named"),
    ).with_columns(pl.col("named").forward_fill().over(*PAGE_KEY, STRETCH).alias("named"))
    filled = order.filter(counts & pl.col(UNIT).is_null() & pl.col("named").is_not_null() & ~pl.col("each"))
    return filled.select(*ROW_KEY, pl.lit(c.UNIT_CODE).alias(c.FIELD), "named").unnest("named")
