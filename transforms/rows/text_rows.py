"""The text stage: what the unit wrote in each field of each row, before any type is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.locate.column_map import ROW_KEY as ROW_KEY
from transforms.locate.labels import LINE, SECTION, SIGNATURE, TITLE
from transforms.locate.pages import END_ROW
from transforms.rows.budget_cells import budget_cells
from transforms.rows.filled_down import filled_down
from transforms.rows.header_cells import header_cells
from transforms.rows.row_kinds import table_rows

VALUES = (c.TEXT_ID, c.NUMBER, c.DATE)
HEADER_CELLS = 3  # label, code and name


@dataclass(frozen=True)
class TextRows:
    """Cells by field, long: ``header`` see header_cells(); ``budget`` and ``activities`` have ROW_KEY, field, col and
    VALUES, ``budget`` also level.
    """

    header: pl.DataFrame
    budget: pl.DataFrame
    activities: pl.DataFrame


def text_rows(cells: pl.DataFrame, blocks: Blocks, form: Form) -> TextRows:
    """Everything that stands in a place of the form."""
    return TextRows(
        header=header_cells(cells, blocks, form),
        budget=budget_cells(cells, blocks),
        activities=activity_cells(cells, blocks, form),
    )


def activity_cells(cells: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """Cells of the rows under the column labels of a page, in a column that has a field.

    The signatures end the table; a row below them with more cells than the form has signatures is no part of them.
    """
    bounds = blocks.pages.lazy().select(*PAGE_KEY, c.DATA_ROW, c.BOTTOM_ROW, END_ROW).drop_nulls(c.DATA_ROW)
    columns = blocks.activity_columns.lazy().join(bounds, on=PAGE_KEY, how="inner")
    found = collected(
        cells.lazy()
        .join(columns, on=[c.FILE_ID, c.SHEET_NO, c.COL], how="inner")
        .filter(pl.col(c.ROW).is_between(pl.col(c.DATA_ROW), pl.col(END_ROW)))
    ).lazy()
    signed = pl.col(c.ROW) > pl.col(c.BOTTOM_ROW)
    below = found.filter(signed)
    wide = below.group_by(ROW_KEY).len().filter(pl.col("len") > len(form.signature))
    rows = collected(pl.concat([found.filter(~signed), below.join(wide, on=ROW_KEY, how="semi")])).lazy()
    repeated = _repeated_labels(rows, blocks.labels.lazy(), form)
    own = rows.join(repeated, on=ROW_KEY, how="anti", maintain_order="left").select(*ROW_KEY, c.FIELD, c.COL, *VALUES)
    return filled_down(table_rows(collected(own), blocks), blocks, form)


def _repeated_labels(rows: pl.LazyFrame, labels: pl.LazyFrame, form: Form) -> pl.LazyFrame:
    """ROW_KEY of the rows that print the form again: nothing but labels, or a label of header or budget for a UR, in a
    row of no more cells than a header field takes, or without an activity's number than a budget line takes.
    """
    of_line = (pl.len() <= len(form.budget) + 2) & (pl.col(c.FIELD) != c.ACTIVITY_NO).all()
    again = labels.filter(pl.col(c.ROW) >= pl.col(c.DATA_ROW))
    heading = pl.col(c.ROLE).is_in([TITLE, SECTION, LINE, SIGNATURE]) | (pl.col(c.BLOCK) == "header")
    cells = again.group_by(*ROW_KEY, c.COL).agg(heading.any().fill_null(value=False).alias("heading"))
    return (
        rows.join(again.select(ROW_KEY).unique(), on=ROW_KEY, how="semi")
        .join(cells, on=[*ROW_KEY, c.COL], how="left")
        .sort(*ROW_KEY, c.COL)
        .group_by(ROW_KEY)
        .agg(
            pl.col("heading").first() & (pl.col(c.FIELD).first() == c.UNIT_CODE),
            pl.col("heading").is_not_null().all().alias("all"),
            ((pl.len() <= HEADER_CELLS) | of_line).alias("short"),
        )
        .filter(pl.col("all") | (pl.col("heading") & pl.col("short")))
        .select(ROW_KEY)
    )
