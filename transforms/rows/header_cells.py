"""Header values: in the label's own cell, right of it, or below it."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.locate.labels import FIELD, INSIDE, LINE, SECTION
from transforms.locate.places import CELL_AT, ROW_AT, cell_at, row_at

ROW_OF = (c.FILE_ID, c.SHEET_NO, c.ROW)
SECOND = "second"
# A value below its label stands at most this many rows under it; what is farther off may be anything.
FARTHEST_BELOW = 3
VALUE = (c.ROW, c.COL, c.TEXT_ID, c.NUMBER, c.DATE)


def header_cells(cells: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """One row per header field per page: PAGE_KEY, field, row and col of its value cell, text_id, number, date of it,
    ``second_text_id`` of the cell after it (the name beside a code), and ``inside``, the value in the label's own cell.

    An empty field has null values and the address of the cell that should hold them.
    """
    names = [field.name for field in form.header]
    labels = blocks.labels.lazy()
    above = pl.col(c.HEADER_ROW).is_null() | (pl.col(c.ROW) < pl.col(c.HEADER_ROW))
    fields = collected(
        labels.filter((pl.col(c.ROLE) == FIELD) & (pl.col(c.BLOCK) == "header") & pl.col(c.NAME).is_in(names))
        .filter(above)
        .unique([*PAGE_KEY, c.NAME], keep="first", maintain_order=True)
    )
    plain = _plain(cells, fields, blocks.labels)
    within = fields.filter(pl.col(INSIDE).is_not_null()).select(*PAGE_KEY, c.NAME, c.ROW, c.COL, INSIDE)
    apart = fields.filter(pl.col(INSIDE).is_null())
    right = collected(_right_of(apart.lazy(), plain.lazy(), labels))
    empty = apart.join(right, on=[*PAGE_KEY, c.NAME], how="anti")
    below = _below(empty, plain, blocks.labels)
    values = pl.concat([within, right, below], how="diagonal").lazy()
    return collected(
        _slots(fields.lazy(), labels)
        .join(values, on=[*PAGE_KEY, c.NAME], how="left", maintain_order="left")
        .with_columns(
            pl.col(c.ROW).fill_null(pl.col("slot_row")).alias(c.ROW),
            pl.col(c.COL).fill_null(pl.col("slot_col")).alias(c.COL),
        )
        .drop("slot_row", "slot_col")
        .rename({c.NAME: c.FIELD})
    )


def _plain(cells: pl.DataFrame, fields: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The cells that are no labels, of the rows in which a value may stand: most rows are of activities."""
    label, last = fields.select(*ROW_OF, c.LAST_ROW).lazy(), pl.col(c.LAST_ROW)
    rows = [label, *(label.with_columns((last + step).alias(c.ROW)) for step in range(1, FARTHEST_BELOW + 1))]
    wanted = pl.concat(rows).select(row_at())
    near = cells.lazy().with_columns(row_at()).join(wanted, on=ROW_AT, how="semi").drop(ROW_AT)
    of_labels = labels.lazy().select(cell_at())
    return collected(near.with_columns(cell_at()).join(of_labels, on=CELL_AT, how="anti").drop(CELL_AT))


def _slots(fields: pl.LazyFrame, labels: pl.LazyFrame) -> pl.LazyFrame:
    """Where a value should stand: right of its label, or below a label that takes the whole width of the page."""
    width = labels.group_by(PAGE_KEY).agg(pl.col(c.LAST_COL).max().alias("width"))
    whole = (pl.col(c.LAST_COL) > pl.col(c.COL)) & (pl.col(c.LAST_COL) == pl.col("width"))
    return fields.join(width, on=PAGE_KEY, how="left", maintain_order="left").select(
        *PAGE_KEY,
        c.NAME,
        pl.when(whole).then(pl.col(c.LAST_ROW) + 1).otherwise(pl.col(c.ROW)).alias("slot_row"),
        pl.when(whole).then(pl.col(c.COL)).otherwise(pl.col(c.LAST_COL) + 1).alias("slot_col"),
    )


def _right_of(fields: pl.LazyFrame, plain: pl.LazyFrame, labels: pl.LazyFrame) -> pl.LazyFrame:
    """The first two filled cells right of each label, before the next label of its row."""
    stops = labels.select(*ROW_OF, pl.col(c.COL).alias("stop")).unique()
    bounded = (
        fields.join(stops, on=ROW_OF, how="left")
        .group_by(*PAGE_KEY, c.NAME, c.ROW, c.COL, maintain_order=True)
        .agg(pl.col("stop").filter(pl.col("stop") > pl.col(c.COL)).min())
        .rename({c.COL: "label_col"})
    )
    values = (
        plain.join(bounded, on=ROW_OF, how="inner")
        .filter((pl.col(c.COL) > pl.col("label_col")) & (pl.col(c.COL) < pl.col("stop").fill_null(2**20)))
        .sort(*PAGE_KEY, c.NAME, c.COL)
    )
    return _first_two(values)


def _below(fields: pl.DataFrame, plain: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """The first two cells of the next filled row under each label that has nothing to its right.

    The first stands in the label's columns, above the next label there and the table, and is no other label's value.
    """
    key = [*PAGE_KEY, c.NAME]
    if fields.is_empty():
        return fields.select(*key, *VALUE[:2], c.TEXT_ID).clear()
    at, from_col = pl.col(c.ROW), pl.col(c.COL) >= pl.col("label_col")
    label = fields.lazy().select(
        *key, c.HEADER_ROW, c.LAST_ROW, pl.col(c.COL).alias("label_col"), pl.col(c.LAST_COL).alias("label_end")
    )
    rows = pl.concat(
        label.with_columns((pl.col(c.LAST_ROW) + step).alias(c.ROW)) for step in range(1, FARTHEST_BELOW + 1)
    )
    under = collected(rows.filter(pl.col(c.HEADER_ROW).is_null() | (at < pl.col(c.HEADER_ROW)))).lazy()
    named = labels.lazy().select(*ROW_OF, c.COL, c.ROLE, c.BLOCK).unique()
    heads = collected(named.join(under, on=ROW_OF, how="inner")).lazy()
    owning = pl.col(c.ROLE).is_in([LINE, SECTION]) | (pl.col(c.BLOCK) == "header")
    owned = heads.filter(owning & (pl.col(c.COL) < pl.col("label_col"))).select(*key, c.ROW)
    ends = heads.filter(pl.col(c.COL).is_between("label_col", "label_end")).group_by(key).agg(at.min().alias("end"))
    stops = (
        heads.filter(pl.col(c.COL) > pl.col("label_end")).group_by(*key, c.ROW).agg(pl.col(c.COL).min().alias("stop"))
    )
    values = collected(
        plain.lazy()
        .join(under, on=ROW_OF, how="inner")
        .filter(from_col)
        .join(ends, on=key, how="left")
        .join(stops, on=[*key, c.ROW], how="left")
        .filter((at < pl.col("end").fill_null(2**30)) & (pl.col(c.COL) < pl.col("stop").fill_null(2**20)))
        .join(owned.unique(), on=[*key, c.ROW], how="anti")
    ).lazy()
    below = pl.col(c.COL) <= pl.col("label_end")
    next_row = values.filter(below).group_by(key).agg(at.min())
    return collected(_first_two(values.join(next_row, on=[*key, c.ROW], how="semi").sort(*key, c.COL)))


def _first_two(values: pl.LazyFrame) -> pl.LazyFrame:
    """Of the sorted cells of each field, the first, and the text of the second."""
    return values.group_by(*PAGE_KEY, c.NAME, maintain_order=True).agg(
        pl.col(VALUE).first(),
        pl.col(c.TEXT_ID).get(1, null_on_oob=True).alias(f"{SECOND}_{c.TEXT_ID}"),
    )
