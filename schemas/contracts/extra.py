"""What a unit wrote beyond the core of the form: fields that have no column of their own in the warehouse, and columns
that the form does not have. Next year's form adds a field, and its values are kept here.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from config.form import Block, Form
from schemas.contracts import columns as c
from schemas.contracts.addresses import cell_address
from schemas.contracts.core import extra_fields
from schemas.contracts.evidence import Evidence
from schemas.contracts.frames import EXTRA, conform, empty

PAGE = [c.FILE_ID, c.SHEET_NO, c.PAGE]
PLACE = [c.FILE_ID, c.SHEET_NO, c.ROW]


def core(header: pl.DataFrame) -> pl.DataFrame:
    """``header`` (field, …) without the fields that are extra values."""
    return header.filter(pl.col(c.FIELD).is_in(c.HEADER_FIELDS))


def extra_values(evidence: Evidence, accepted: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per filled cell beyond the core: the columns of EXTRA, in reading order.

    ``accepted`` are the rows of activities that are not quarantined; a quarantined row keeps its fields itself, and
    only what stands in no field of it is here.
    """
    parts = [
        *_of_header(evidence, form),
        *_of_lines(evidence.budget, evidence.budget_columns, form, "budget"),
        *_of_lines(accepted, evidence.activity_columns, form, "activity"),
        *_of_unknown(evidence),
    ]
    if not parts:
        return empty(EXTRA)
    found = pl.concat([part.select(_OF_PART) for part in parts], how="vertical_relaxed").drop_nulls(c.VALUE)
    placed = found.sort(*PLACE, c.COL, maintain_order=True).with_columns(
        cell_address(pl.col(c.COL), pl.col(c.ROW), found[c.COL].unique()).alias(c.CELL)
    )
    return conform(placed, EXTRA)


_OF_PART = (c.FILE_ID, c.SHEET_NO, c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, c.LABEL, c.VALUE, c.SHEET, c.ROW, c.COL)
NO_UNIT, NO_ACTIVITY = pl.lit(None, pl.String).alias(c.UNIT_CODE), pl.lit(None, pl.Int64).alias(c.ACTIVITY_NO)


def _of_header(evidence: Evidence, form: Form) -> Iterator[pl.DataFrame]:
    told = {field.name: form.told("header", field.name) for field in extra_fields(form, "header")}
    if told:
        yield evidence.header.filter(pl.col(c.FIELD).is_in(list(told))).with_columns(
            *(NO_UNIT, NO_ACTIVITY),
            pl.col(c.FIELD).replace_strict(told, return_dtype=pl.String).alias(c.LABEL),
            pl.concat_str(c.CODE, c.TEXT, separator=" ", ignore_nulls=True).replace("", None).alias(c.VALUE),
        )


def _of_lines(lines: pl.DataFrame, columns: pl.DataFrame, form: Form, block: Block) -> Iterator[pl.DataFrame]:
    """Values of budget lines or activities, wide, with the column that each stands in on its page."""
    for field in extra_fields(form, block):
        where = columns.filter(pl.col(c.FIELD) == field.name).select(*PAGE, c.COL)
        yield lines.join(where, on=PAGE, how="left", maintain_order="left").with_columns(
            pl.col(c.ACTIVITY_NO) if block == "activity" else NO_ACTIVITY,
            pl.lit(field.name).alias(c.FIELD),
            pl.lit(form.told(block, field.name)).alias(c.LABEL),
            pl.col(c.written(field.name)).alias(c.VALUE),
        )


def _of_unknown(evidence: Evidence) -> Iterator[pl.DataFrame]:
    if evidence.unknown_cells.is_empty():
        return
    sheets = evidence.pages.select(c.FILE_ID, c.SHEET_NO, c.SHEET).unique()
    lines = evidence.budget.select(*PLACE, c.UNIT_CODE, NO_ACTIVITY)
    rows = pl.concat([evidence.rows.select(*PLACE, c.UNIT_CODE, c.ACTIVITY_NO), lines])
    rows = rows.unique(PLACE, keep="first", maintain_order=True)
    yield (
        evidence.unknown_cells.join(sheets, on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
        .join(rows, on=PLACE, how="left", maintain_order="left")
        .with_columns(
            pl.lit(None, pl.String).alias(c.FIELD),
            pl.col(c.TEXT).str.replace_all(r"\s+", " ").str.strip_chars().alias(c.LABEL),
        )
    )
