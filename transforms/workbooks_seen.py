"""One row per workbook of the batch: the form's traces in it, whatever else it holds."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas import columns as c
from transforms.blocks import Blocks
from transforms.column_map import PAGE_KEY

# The year is printed with the title, or in one of the two rows under it.
TITLE_ROWS = 3


def workbooks_seen(count: int, cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """One row per file_id from 0 to ``count`` - 1: see Evidence.workbooks."""
    every = pl.DataFrame({c.FILE_ID: range(count)}, schema={c.FILE_ID: pl.Int64})
    tables = blocks.pages.group_by(c.FILE_ID).agg(pl.col(c.HEADER_ROW).count().cast(pl.Int64).alias(c.PAGES))
    return (
        every.join(tables, on=c.FILE_ID, how="left", maintain_order="left")
        .join(_fiscal_years(cells, texts, blocks), on=c.FILE_ID, how="left", maintain_order="left")
        .join(_missing(blocks, form), on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.col(c.PAGES).fill_null(0))
    )


def _fiscal_years(cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """file_id, fiscal_year: the year printed in the title of the workbook's first page that has one."""
    years = texts.select(
        c.TEXT_ID,
        pl.col(c.TEXT).str.extract(r"\b(20\d\d)\b").cast(pl.Int64, strict=False).alias(c.FISCAL_YEAR),
    ).drop_nulls()
    tops = blocks.pages.select(*PAGE_KEY, c.TOP_ROW)
    return (
        cells.select(c.FILE_ID, c.SHEET_NO, c.ROW, c.TEXT_ID)
        .join(years, on=c.TEXT_ID, how="inner")
        .join(tops, on=[c.FILE_ID, c.SHEET_NO], how="inner")
        .filter(pl.col(c.ROW).is_between(pl.col(c.TOP_ROW), pl.col(c.TOP_ROW) + TITLE_ROWS - 1))
        .sort(*PAGE_KEY, c.ROW)
        .group_by(c.FILE_ID)
        .agg(pl.col(c.FISCAL_YEAR).first())
    )


def _missing(blocks: Blocks, form: Form) -> pl.DataFrame:
    """file_id, missing: printed labels of required columns that some table of the workbook lacks."""
    wanted = pl.DataFrame(
        [(f.name, f.printed) for f in form.activity if f.required in ("required", "ended")],
        schema={c.FIELD: pl.String, c.MISSING: pl.String},
        orient="row",
    )
    tables = blocks.pages.drop_nulls(c.HEADER_ROW).select(PAGE_KEY)
    return (
        tables.join(wanted, how="cross")
        .join(blocks.activity_columns, on=[*PAGE_KEY, c.FIELD], how="anti")
        .group_by(c.FILE_ID)
        .agg(pl.col(c.MISSING).unique(maintain_order=True).str.join("; "))
    )
