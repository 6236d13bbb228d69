"""Cells that hold a label of the form, with what the label may mean."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.places import CELL_AT, cell_at

PLACE = (c.FILE_ID, c.SHEET_NO, c.ROW, c.COL)


def anchors(cells: pl.DataFrame, labels: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """One row per (cell, meaning): PLACE, ``last_row`` and ``last_col`` of its merged area, the columns of LABELS."""
    found = cells.lazy().select(*PLACE, c.TEXT_ID).join(labels.lazy(), on=c.TEXT_ID, how="inner")
    return collected(_spread(found, merges.lazy()))


def spread(found: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """``found`` (PLACE, …) with ``last_row`` and ``last_col`` of the merged area that begins there, or of the cell."""
    return collected(_spread(found.lazy(), merges.lazy()))


def _spread(found: pl.LazyFrame, merges: pl.LazyFrame) -> pl.LazyFrame:
    areas = merges.select(cell_at(), c.LAST_ROW, c.LAST_COL)
    joined = found.with_columns(cell_at()).join(areas, on=CELL_AT, how="left").drop(CELL_AT)
    return joined.with_columns(pl.col(c.LAST_ROW).fill_null(pl.col(c.ROW)), pl.col(c.LAST_COL).fill_null(pl.col(c.COL)))
