"""Rows of a table that are no activities of their own: notes, bands, column numbers, and lines that go on."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY, ROW_KEY
from transforms.rows.cell_words import MORE

LEAST_NUMBERS = 5  # columns numbered one after the other
WIDE = 2  # a lone cell merged over more columns beyond its own than this is no cell of the table
GOING_ON = (c.DESCRIPTION, c.PURPOSE, c.JUSTIFICATION)
# What ends a sentence, and what begins a note: neither goes on in the row below.
ENDED = r"[.:;!?]\s*$"
NOTE = r"(?i)^\s*(?:nota|fuente|observaci|elabor|\*)"
LOWER = r"^\s*\p{Ll}"
CODE_ALONE = r"^\s*[0-9]{1,4}[\s.]*$"
SPREAD, HEAD, WORDS = "spread", "head", "words"


def table_rows(rows: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """``rows`` (cells: ROW_KEY, field, col, text_id, number, …) without those that are no rows of the form; a text that
    goes on in the row below has the rest as ``more``. A row with a description and a number is not looked at.
    """
    odd = rows.join(_told(rows), on=ROW_KEY, how="anti")
    if odd.is_empty():
        return rows
    spread = blocks.merges.select(
        c.FILE_ID, c.SHEET_NO, c.ROW, c.COL, (pl.col(c.LAST_COL) - pl.col(c.COL)).alias(SPREAD)
    )
    odd = (
        odd.join(spread, on=[c.FILE_ID, c.SHEET_NO, c.ROW, c.COL], how="left")
        .join(blocks.texts.select(c.TEXT_ID, pl.col(c.TEXT).alias(WORDS)), on=c.TEXT_ID, how="left")
        .sort(*ROW_KEY, c.COL)
    )
    apart = pl.concat([_notes(odd), _column_numbers(odd)])
    kept = rows.join(apart, on=ROW_KEY, how="anti", maintain_order="left")
    return _with_more(kept, odd.join(apart, on=ROW_KEY, how="anti"), blocks.texts)


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """The cells that hold the activities' numbers."""
    return rows.filter(pl.col(c.FIELD) == c.ACTIVITY_NO)


def _told(rows: pl.DataFrame) -> pl.DataFrame:
    described = rows.filter((pl.col(c.FIELD) == c.DESCRIPTION) & pl.col(c.TEXT_ID).is_not_null())
    return described.select(ROW_KEY).join(numbered(rows).select(ROW_KEY), on=ROW_KEY, how="semi")


def _notes(odd: pl.DataFrame) -> pl.DataFrame:
    """ROW_KEY of rows with one cell that spans columns, or that stands where a UR's code should and is none."""
    named = (pl.col(c.FIELD) == c.UNIT_CODE) & ~pl.col(WORDS).str.contains(CODE_ALONE)
    note = (pl.col(SPREAD) >= WIDE).fill_null(value=False) | named.fill_null(value=False)
    return (
        odd.group_by(ROW_KEY)
        .agg(pl.len(), note.first().alias("note"))
        .filter((pl.col("len") == 1) & "note")
        .select(ROW_KEY)
    )


def _column_numbers(odd: pl.DataFrame) -> pl.DataFrame:
    """ROW_KEY of rows that count the columns: 1, 2, 3 and so on."""
    step = pl.col(c.NUMBER) - pl.col(c.COL)
    return (
        odd.group_by(ROW_KEY)
        .agg(pl.len(), pl.col(c.NUMBER).null_count().alias("others"), step.n_unique().alias("steps"))
        .filter((pl.col("len") >= LEAST_NUMBERS) & (pl.col("others") == 0) & (pl.col("steps") == 1))
        .select(ROW_KEY)
    )


def _with_more(rows: pl.DataFrame, odd: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with the lines that go on put to the rows that they continue."""
    wordy = pl.col(c.FIELD).is_in(GOING_ON) & pl.col(c.TEXT_ID).is_not_null() & ~pl.col(WORDS).str.contains(NOTE)
    lines = odd.filter(wordy.fill_null(value=False).all().over(ROW_KEY))
    if lines.is_empty():
        return rows
    heads = lines.select(ROW_KEY).unique().sort(ROW_KEY).with_columns(
        (pl.col(c.ROW) - pl.int_range(pl.len()).over(PAGE_KEY)).alias("run")
    ).with_columns((pl.col(c.ROW).min().over(*PAGE_KEY, "run") - 1).cast(pl.Int32).alias(HEAD))  # fmt: skip
    begun = (
        rows.join(_told(rows), on=ROW_KEY, how="semi")
        .join(texts.select(c.TEXT_ID, pl.col(c.TEXT).alias("begun")), on=c.TEXT_ID, how="inner")
        .select(*PAGE_KEY, pl.col(c.ROW).alias(HEAD), c.FIELD, "begun")
    )
    open_ = ~pl.col("begun").str.contains(ENDED) | pl.col(WORDS).str.contains(LOWER)
    more = (
        lines.join(heads, on=ROW_KEY, how="inner")
        .join(begun, on=[*PAGE_KEY, HEAD, c.FIELD], how="left")
        .filter(open_.fill_null(value=False).all().over(ROW_KEY))
        .sort(*ROW_KEY)
    )
    rest = more.group_by(*PAGE_KEY, HEAD, c.FIELD, maintain_order=True).agg(pl.col(c.TEXT_ID).alias(MORE))
    return rows.join(more.select(ROW_KEY).unique(), on=ROW_KEY, how="anti", maintain_order="left").join(
        rest.rename({HEAD: c.ROW}), on=[*ROW_KEY, c.FIELD], how="left", maintain_order="left"
    )
