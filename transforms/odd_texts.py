"""Cells of the form whose text is not only text: characters that do not show, or the beginning of a formula."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.language.texts import RUNS, UNSEEN
from transforms.rows.header_cells import SECOND
from transforms.rows.text_rows import TextRows

ODD_TEXTS = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.SHEET: pl.String,
    c.ROW: pl.Int32,
    c.COL: pl.Int32,
    c.BLOCK: pl.String,
    c.FIELD: pl.String,
    c.TEXT: pl.String,
}
CELL = (c.FILE_ID, c.SHEET_NO, c.ROW, c.COL)


def odd_texts(
    cells: pl.DataFrame, texts: pl.DataFrame, rows: TextRows, sheets: pl.DataFrame, form: Form
) -> pl.DataFrame:
    """One row per such cell: columns of ODD_TEXTS. Each distinct text is looked at once."""
    unseen, runs = pl.col(c.TEXT).str.contains(UNSEEN), pl.col(c.TEXT).str.contains(RUNS)
    odd = texts.filter(unseen | runs).select(c.TEXT_ID, c.TEXT, unseen.alias("unseen"))
    if odd.is_empty():
        return pl.DataFrame(schema=ODD_TEXTS)
    found = cells.join(odd, on=c.TEXT_ID, how="inner").select(*CELL, c.TEXT_ID, c.TEXT, "unseen")
    placed = pl.concat([_placed(found, rows.activities, "activity"), _placed(found, rows.budget, "budget")])
    placed = pl.concat([placed, *_in_header(found, rows.header)])
    numbers = [f.name for f in form.activity + form.budget if f.numeric]
    return (
        placed.filter(pl.col("unseen") | ~pl.col(c.FIELD).is_in(numbers))
        .join(sheets, on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
        .select(pl.col(name).cast(dtype) for name, dtype in ODD_TEXTS.items())
    )


def _placed(found: pl.DataFrame, cells: pl.DataFrame, block: str) -> pl.DataFrame:
    """Odd cells that stand in a place of the form."""
    places = cells.select(*CELL, c.FIELD).unique()
    return found.join(places, on=CELL, how="inner").with_columns(pl.lit(block).alias(c.BLOCK))


def _in_header(found: pl.DataFrame, header: pl.DataFrame) -> list[pl.DataFrame]:
    """Odd values of header fields, and odd names in the cell after a code."""
    name = f"{SECOND}_{c.TEXT_ID}"
    row = [c.FILE_ID, c.SHEET_NO, c.ROW]
    named = header.drop_nulls(name).select(*row, c.FIELD, pl.col(name).alias(c.TEXT_ID))
    seconds = found.join(named, on=[*row, c.TEXT_ID], how="inner").with_columns(pl.lit("header").alias(c.BLOCK))
    first = _placed(found, header, "header")
    return [first, seconds.select(first.columns).join(first.select(CELL), on=CELL, how="anti")]
