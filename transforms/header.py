"""Header values: what stands right of each header label, or below it where its label takes the whole width."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas import columns as c
from transforms.blocks import Blocks
from transforms.column_map import PAGE_KEY
from transforms.labels import FIELD

PLACE = (c.FILE_ID, c.SHEET_NO, c.ROW, c.COL)
SECOND = "second"


def header_cells(cells: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """One row per header field per page: PAGE_KEY, field, row and col of its value cell, text_id, number, date of it,
    and ``second_text_id`` of the cell after it (the name beside a code).

    An empty field has null values and the address of the cell that should hold them.
    """
    names = [field.name for field in form.header]
    fields = blocks.labels.filter(
        (pl.col(c.ROLE) == FIELD) & (pl.col(c.BLOCK) == "header") & pl.col(c.NAME).is_in(names)
    )
    fields = fields.filter(pl.col(c.HEADER_ROW).is_null() | (pl.col(c.ROW) < pl.col(c.HEADER_ROW)))
    fields = fields.unique([*PAGE_KEY, c.NAME], keep="first", maintain_order=True)
    plain = cells.join(blocks.labels.select(PLACE), on=PLACE, how="anti")
    right = _right_of(fields, plain, blocks.labels)
    below = _below(fields.join(right, on=[*PAGE_KEY, c.NAME], how="anti"), plain)
    values = pl.concat([right, below], how="diagonal")
    slots = _slots(fields, blocks.labels)
    return (
        slots.join(values, on=[*PAGE_KEY, c.NAME], how="left", maintain_order="left")
        .with_columns(
            pl.col(c.ROW).fill_null(pl.col("slot_row")).alias(c.ROW),
            pl.col(c.COL).fill_null(pl.col("slot_col")).alias(c.COL),
        )
        .drop("slot_row", "slot_col")
        .rename({c.NAME: c.FIELD})
    )


def _slots(fields: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Where a value should stand: right of its label, or below a label that takes the whole width of the page."""
    width = labels.group_by(PAGE_KEY).agg(pl.col(c.LAST_COL).max().alias("width"))
    whole = (pl.col(c.LAST_COL) > pl.col(c.COL)) & (pl.col(c.LAST_COL) == pl.col("width"))
    return fields.join(width, on=PAGE_KEY, how="left", maintain_order="left").select(
        *PAGE_KEY,
        c.NAME,
        pl.when(whole).then(pl.col(c.LAST_ROW) + 1).otherwise(pl.col(c.ROW)).alias("slot_row"),
        pl.when(whole).then(pl.col(c.COL)).otherwise(pl.col(c.LAST_COL) + 1).alias("slot_col"),
    )


def _right_of(fields: pl.DataFrame, plain: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The first two filled cells right of each label, before the next label of its row."""
    stops = labels.select(c.FILE_ID, c.SHEET_NO, c.ROW, pl.col(c.COL).alias("stop")).unique()
    bounded = (
        fields.join(stops, on=[c.FILE_ID, c.SHEET_NO, c.ROW], how="left")
        .group_by(*PAGE_KEY, c.NAME, c.ROW, c.COL, maintain_order=True)
        .agg(pl.col("stop").filter(pl.col("stop") > pl.col(c.COL)).min())
        .rename({c.COL: "label_col"})
    )
    values = (
        plain.join(bounded, on=[c.FILE_ID, c.SHEET_NO, c.ROW], how="inner")
        .filter((pl.col(c.COL) > pl.col("label_col")) & (pl.col(c.COL) < pl.col("stop").fill_null(2**20)))
        .sort(*PAGE_KEY, c.NAME, c.COL)
    )
    return values.group_by(*PAGE_KEY, c.NAME, maintain_order=True).agg(
        pl.col(c.ROW, c.COL, c.TEXT_ID, c.NUMBER, c.DATE).first(),
        pl.col(c.TEXT_ID).get(1, null_on_oob=True).alias(f"{SECOND}_{c.TEXT_ID}"),
    )


def _below(fields: pl.DataFrame, plain: pl.DataFrame) -> pl.DataFrame:
    """The cell under each label that has nothing to its right."""
    under = fields.select(*PAGE_KEY, c.NAME, (pl.col(c.LAST_ROW) + 1).alias(c.ROW), c.COL)
    return under.join(plain, on=PLACE, how="inner").select(*PAGE_KEY, c.NAME, c.ROW, c.COL, c.TEXT_ID, c.NUMBER, c.DATE)
