"""Printed pages of the form: where each begins, where its table of activities stands, where it ends."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.labels import FIELD, GROUP, SIGNATURE, TITLE
from transforms.locate.places import CELL_AT, ROW_AT, cell_at, row_at, same_sheet

SHEET = (c.FILE_ID, c.SHEET_NO)
# Fewer column labels than this in a row may be chance; no form of the kind has fewer columns.
LEAST_LABELS = 3
# The column labels of a table take at most this many rows.
LABEL_ROWS = 5
# A title's row holds no more cells than this; an activity's text may read like a title, but it does not stand alone.
TITLE_CELLS = 4


def pages(cells: pl.DataFrame, anchors: pl.DataFrame) -> pl.DataFrame:
    """One row per page that carries anything of the form, in reading order.

    Columns: file_id, sheet_no, page (from 0 in its sheet), top_row, header_row and data_row (null where the page has
    no table of activities), bottom_row (last row of the table, above the signatures), end_row (last of the page).
    """
    with_filled = collected(_with_filled(cells.lazy(), anchors.lazy())).lazy()
    tops = collected(_tops(cells.lazy(), with_filled)).lazy()
    labelled = collected(_on_page(with_filled, tops)).lazy()
    found = tops.join(_tables(labelled), on=[*SHEET, c.PAGE], how="left")
    ends = (
        labelled.filter(pl.col(c.ROLE) == SIGNATURE)
        .join(found, on=[*SHEET, c.PAGE], how="inner", suffix="_page")
        .filter(pl.col(c.ROW) >= pl.col(c.DATA_ROW))
        .group_by(*SHEET, c.PAGE)
        .agg((pl.col(c.ROW).min() - 1).alias(SIGNED_AT))
    )
    return collected(
        found.join(ends, on=[*SHEET, c.PAGE], how="left")
        .with_columns(pl.min_horizontal(END_ROW, SIGNED_AT).alias(c.BOTTOM_ROW))
        .drop(SIGNED_AT)
        .sort(*SHEET, c.PAGE)
    )


SIGNED_AT, LABELS_AT, TOP_AT, END_ROW, FILLED = "signed_at", "labels_at", "top_at", "end_row", "filled"


def on_page(frame: pl.DataFrame, tops: pl.DataFrame) -> pl.DataFrame:
    """``frame`` (file_id, sheet_no, row, …) with the page each row of it stands on; rows off every page are dropped."""
    return collected(_on_page(frame.lazy(), tops.lazy()))


def _on_page(frame: pl.LazyFrame, tops: pl.LazyFrame) -> pl.LazyFrame:
    starts = tops.select(row_at(c.TOP_ROW).alias(TOP_AT), c.PAGE).sort(TOP_AT)
    return (
        frame.with_columns(row_at())
        .sort(ROW_AT)
        .join_asof(starts, left_on=ROW_AT, right_on=TOP_AT, coalesce=False)
        .filter(same_sheet(pl.col(ROW_AT), pl.col(TOP_AT)))
        .drop(ROW_AT, TOP_AT)
    )


def _with_filled(cells: pl.LazyFrame, anchors: pl.LazyFrame) -> pl.LazyFrame:
    """``anchors`` with ``filled``: how many cells the row of each has."""
    # Cells come in reading order: a run of the same row is shorter to find than a group.
    runs = cells.select(row_at().rle().alias("run")).unnest("run")
    filled = runs.group_by(pl.col("value").alias(ROW_AT)).agg(pl.col("len").sum().alias(FILLED))
    return anchors.with_columns(row_at()).join(filled, on=ROW_AT, how="left", maintain_order="left").drop(ROW_AT)


def _tops(cells: pl.LazyFrame, anchors: pl.LazyFrame) -> pl.LazyFrame:
    """A page begins with each title that labels of the form follow (so no activity's text begins one), and with the
    sheet where they come before any title.
    """
    last = cells.group_by(*SHEET).agg(pl.col(c.ROW).max().alias(END_ROW))
    alone = pl.col(FILLED) <= TITLE_CELLS
    titles = anchors.filter((pl.col(c.ROLE) == TITLE) & alone).select(*SHEET, pl.col(c.ROW).alias(c.TOP_ROW))
    sheets = anchors.select(*SHEET, pl.lit(1, pl.Int32).alias(c.TOP_ROW)).unique()
    tops = _numbered(pl.concat([titles, sheets]).unique())
    followed = (
        _on_page(anchors.filter(pl.col(c.ROLE) == FIELD), tops)
        .group_by(*SHEET, c.PAGE)
        .agg(pl.col(c.NAME).n_unique())
        .filter(pl.col(c.NAME) >= LEAST_LABELS)
    )
    next_top = pl.col(c.TOP_ROW).shift(-1).over(*SHEET)
    return (
        _numbered(tops.join(followed, on=[*SHEET, c.PAGE], how="semi"))
        .join(last, on=SHEET, how="left", maintain_order="left")
        .with_columns((next_top - 1).fill_null(pl.col(END_ROW)).alias(END_ROW))
    )


def _numbered(tops: pl.LazyFrame) -> pl.LazyFrame:
    """Tops in reading order with ``page``, counted from 0 in each sheet."""
    return tops.sort(*SHEET, c.TOP_ROW).with_columns(pl.int_range(pl.len()).over(*SHEET).alias(c.PAGE))


def _tables(labelled: pl.LazyFrame) -> pl.LazyFrame:
    """Per page, the rows of the activities' column labels: header_row (group headers may stand above the labels), and
    data_row just below the last of them.
    """
    page = [*SHEET, c.PAGE]
    of_table = (pl.col(c.BLOCK) == "activity") & pl.col(c.ROLE).is_in([FIELD, GROUP])
    # Labels fill their row; a cell or two of an activity may read like labels too.
    named = labelled.filter(of_table).with_columns(row_at(), cell_at())
    mostly = pl.col(c.COL).n_unique().over(ROW_AT) * 2 >= pl.col(FILLED)
    ours = named.filter(mostly)
    # A label with one meaning only: "1er. TRIM" stands over the budget's quarters too, so it starts no table.
    telling = ours.filter((pl.col(c.ROLE) == FIELD) & (pl.len().over(CELL_AT) == 1))
    starts = (
        telling.group_by(*page, c.ROW)
        .agg(pl.col(c.NAME).n_unique().alias(c.NAME))
        .filter(pl.col(c.NAME) >= LEAST_LABELS)
        .group_by(page)
        .agg(pl.col(c.ROW).min().alias(LABELS_AT))
    )
    heads = ours.join(starts, on=page, how="inner").filter(
        pl.when(pl.col(c.ROLE) == GROUP)
        .then(pl.col(c.ROW) > pl.col(LABELS_AT) - LABEL_ROWS)
        .otherwise(pl.col(c.ROW) == pl.col(LABELS_AT))
    )
    starts = heads.group_by(page).agg(pl.col(c.ROW).min().alias(c.HEADER_ROW))
    return (
        ours.join(starts, on=page, how="inner")
        .filter(pl.col(c.ROW).is_between(pl.col(c.HEADER_ROW), pl.col(c.HEADER_ROW) + LABEL_ROWS - 1))
        .group_by(*page, c.HEADER_ROW, c.ROW)
        .agg(pl.col(c.COL).n_unique())
        .filter(pl.col(c.COL) > 1)
        .group_by(*page, c.HEADER_ROW)
        .agg((pl.col(c.ROW).max() + 1).alias(c.DATA_ROW))
    )
