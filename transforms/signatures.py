"""The signature block of each workbook: where its labels stand, and whether anybody's name or role stands with them."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.labels import SIGNATURE

SIGNATURES = {c.FILE_ID: pl.Int64, c.SHEET: pl.String, c.ROW: pl.Int32, c.COL: pl.Int32, c.SIGNED: pl.Boolean}
# However else offices word what they sign under; it says that the block is there, and is looked for only in workbooks
# without the form's own labels.
WORDED = r"(?i)^\W*(?:nombre\b.*\bfirma|firmas?\b|(?:elabor|revis|autoriz|integr|valid)[oó]\b|vo\.?\s*bo\.?)"
LONGEST = 200  # characters; the label may have the name in its own cell
TOP = "top"
SHEET_KEY = (c.FILE_ID, c.SHEET_NO)
CELL = (*SHEET_KEY, c.ROW, c.COL)


def signatures(
    count: int, cells: pl.DataFrame, texts: pl.DataFrame, sheets: pl.DataFrame, activities: pl.DataFrame, blocks: Blocks
) -> pl.DataFrame:
    """One row per workbook with a signature block: columns of SIGNATURES.

    ``activities`` are the cells of activity rows. A text below the last of them that is no label stands with the block.
    """
    labels = collected(blocks.labels.lazy().filter(pl.col(c.ROLE) == SIGNATURE).select(CELL).unique())
    first = labels.sort(CELL).unique(c.FILE_ID, keep="first", maintain_order=True)
    tops = labels.group_by(SHEET_KEY).agg(pl.col(c.ROW).min().alias(TOP))
    signed = _named(cells, tops, blocks)
    if len(signed) < len(first):
        # The name may stand over its label.
        ends = activities.group_by(SHEET_KEY).agg((pl.col(c.ROW).max() + 1).alias(TOP))
        above = tops.drop(TOP).join(ends, on=SHEET_KEY, how="left").with_columns(pl.col(TOP).fill_null(1))
        signed = pl.concat([signed, _named(cells, above, blocks)]).unique()
    found = first.join(signed, on=c.FILE_ID, how="left").with_columns(pl.col(c.SIGNED).fill_null(value=False))
    if len(found) < count:
        found = pl.concat([found, _worded(cells, texts, activities, found)])
    named = found.lazy().join(sheets.lazy(), on=SHEET_KEY, how="left", maintain_order="left")
    return collected(named.select(pl.col(name).cast(dtype) for name, dtype in SIGNATURES.items()))


def _named(cells: pl.DataFrame, tops: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """file_id, signed: workbooks with a text that is no label from ``top`` on, of the sheets of ``tops``."""
    beside = (
        cells.lazy()
        .filter(pl.col(c.TEXT_ID).is_not_null())
        .join(tops.lazy(), on=SHEET_KEY, how="inner")
        .filter(pl.col(c.ROW) >= pl.col(TOP))
    )
    texts = beside.join(blocks.labels.lazy().select(CELL), on=CELL, how="anti")
    return collected(texts.select(c.FILE_ID, pl.lit(value=True).alias(c.SIGNED)).unique())


def _worded(cells: pl.DataFrame, texts: pl.DataFrame, activities: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Blocks in other words, in the workbooks that are not ``found``; they count as signed."""
    text = pl.col(c.TEXT)
    worded = texts.filter((text.str.len_chars() <= LONGEST) & text.str.contains(WORDED)).select(c.TEXT_ID)
    return (
        cells.join(worded, on=c.TEXT_ID, how="semi")
        .join(found, on=c.FILE_ID, how="anti")
        .join(activities.select(*SHEET_KEY, c.ROW).unique(), on=[*SHEET_KEY, c.ROW], how="anti")
        .select(CELL)
        .sort(CELL)
        .unique(c.FILE_ID, keep="first", maintain_order=True)
        .with_columns(pl.lit(value=True).alias(c.SIGNED))
    )
