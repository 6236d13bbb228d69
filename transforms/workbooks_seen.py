"""One row per workbook of the batch: the form's traces in it, whatever else it holds."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.anchors import PLACE
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.locate.labels import FIELD, TITLE

# The year is printed with the title, or in one of the two rows under it.
TITLE_ROWS = 3


def workbooks_seen(count: int, cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """One row per file_id from 0 to ``count`` - 1: see Evidence.workbooks."""
    every = pl.LazyFrame({c.FILE_ID: range(count)}, schema={c.FILE_ID: pl.Int64})
    tables = blocks.pages.lazy().group_by(c.FILE_ID).agg(pl.col(c.HEADER_ROW).count().cast(pl.Int64).alias(c.PAGES))
    return collected(
        every.join(tables, on=c.FILE_ID, how="left", maintain_order="left")
        .join(_fiscal_years(cells, texts, blocks), on=c.FILE_ID, how="left", maintain_order="left")
        .join(_missing(blocks, form), on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.col(c.PAGES).fill_null(0))
    )


def _fiscal_years(cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks) -> pl.LazyFrame:
    """file_id, fiscal_year: the year printed in the title of the workbook's first page that has one, else the year that
    stands as a number or as the only number of a text between the title and the form's first label.
    """
    years = (
        texts.lazy()
        .select(
            c.TEXT_ID,
            _year(r"\b(20[0-9]{2})\b").alias("titled"),
            _year(r"^[^0-9]*\b(20[0-9]{2})\b[^0-9]*$").alias("plain"),
        )
        .drop_nulls("titled")
    )
    number = pl.col(c.NUMBER)
    stored = cells.lazy().filter(number.is_between(2000, 2099) & (number == number.floor()))
    found = [cells.lazy().join(years, on=c.TEXT_ID), stored.with_columns(number.cast(pl.Int64).alias("plain"))]
    titles = blocks.labels.lazy().filter(pl.col(c.ROLE) == TITLE).select(PLACE).unique()
    title = titles.with_columns(pl.lit(1).alias(TITLE))
    return (
        _above_labels(pl.concat(found, how="diagonal"), blocks)
        .join(title, on=PLACE, how="left")
        .with_columns(pl.when(pl.col(TITLE) == 1).then("titled").otherwise("plain").alias(c.FISCAL_YEAR))
        .drop_nulls(c.FISCAL_YEAR)
        .sort(*PAGE_KEY, TITLE, c.ROW, c.COL, nulls_last=True)
        .group_by(c.FILE_ID, maintain_order=True)
        .agg(pl.col(c.FISCAL_YEAR).first())
    )


def _year(pattern: str) -> pl.Expr:
    return pl.col(c.TEXT).str.extract(pattern).cast(pl.Int64, strict=False)


def _above_labels(cells: pl.LazyFrame, blocks: Blocks) -> pl.LazyFrame:
    """Cells of each page's title rows, with its page: the first TITLE_ROWS, down to the first label of a field."""
    fields = blocks.labels.lazy().filter(pl.col(c.ROLE) == FIELD)
    labels = fields.group_by(PAGE_KEY).agg(pl.col(c.ROW).min().alias("first"))
    tops = blocks.pages.lazy().select(*PAGE_KEY, c.TOP_ROW).join(labels, on=PAGE_KEY, how="left")
    below = pl.min_horizontal(pl.col(c.TOP_ROW) + TITLE_ROWS, pl.col("first"))
    return cells.join(tops, on=[c.FILE_ID, c.SHEET_NO], how="inner").filter(
        (pl.col(c.ROW) >= pl.col(c.TOP_ROW)) & (pl.col(c.ROW) < below)
    )


def _missing(blocks: Blocks, form: Form) -> pl.LazyFrame:
    """file_id, missing: printed labels of required columns that some table of the workbook lacks."""
    wanted = pl.LazyFrame(
        [(f.name, f.printed) for f in form.activity if f.required in ("required", "ended")],
        schema={c.FIELD: pl.String, c.MISSING: pl.String},
        orient="row",
    )
    tables = blocks.pages.lazy().drop_nulls(c.HEADER_ROW).select(PAGE_KEY)
    return (
        tables.join(wanted, how="cross")
        .join(blocks.activity_columns.lazy(), on=[*PAGE_KEY, c.FIELD], how="anti")
        .group_by(c.FILE_ID)
        .agg(pl.col(c.MISSING).unique(maintain_order=True).str.join("; "))
    )
