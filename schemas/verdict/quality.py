"""The quality index, 0-100: the share of the cells that the form asks for which carry no finding.

A cell with findings loses the weight of the gravest of them (policy's [quality]); so the index decomposes to cells,
and correcting one gives back the points it lost.
"""

from __future__ import annotations

import polars as pl

from config.policy import Policy
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected

LOST = "lost"  # weight of the cell's gravest finding


def asked_cells(evidence: Evidence, context: Context) -> pl.DataFrame:
    """file_id, unit_code, asked: cells asked of each UR's rows; unit_code null: header and budget lines."""
    form = context.form
    per_row = sum(field.required != "optional" for field in form.activity)
    per_line = 1 + sum(field.required != "optional" for field in form.budget)
    rows = evidence.rows.lazy().group_by(c.FILE_ID, c.UNIT_CODE).agg((pl.len() * per_row).cast(pl.Int64).alias(c.ASKED))
    lines = evidence.budget.lazy().group_by(c.FILE_ID).agg((pl.len() * per_line).cast(pl.Int64).alias("lines"))
    shared = (
        evidence.workbooks.lazy()
        .select(c.FILE_ID)
        .join(lines, on=c.FILE_ID, how="left", maintain_order="left")
        .select(
            c.FILE_ID,
            pl.lit(None, pl.String).alias(c.UNIT_CODE),
            (pl.col("lines").fill_null(0) + len(form.header)).alias(c.ASKED),
        )
    )
    return collected(pl.concat([rows, shared]))


def with_points(findings: pl.DataFrame, asked: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """``findings`` with ``lost`` (0-1) and ``points``: what the workbook's index gains when the cell is corrected.

    ``asked``: file_id, asked. Of several findings on one cell the gravest counts and the others give nothing; nor do
    waived ones, and those about no cell or field, such as a late delivery.
    """
    weights = policy.quality.model_dump()
    weight = pl.col(c.SEVERITY).replace_strict(weights, return_dtype=pl.Float64)
    cell = [c.FILE_ID, c.WAIVED, c.SHEET, c.ROW, c.COL]
    first = (pl.int_range(pl.len()).over(cell) == 0) | pl.col(c.COL).is_null()
    nowhere = pl.col(c.COL).is_null() & pl.col(c.FIELD).is_null() & (pl.col(c.SEVERITY) != "archivo")
    return collected(
        findings.lazy()
        .join(asked.lazy().select(c.FILE_ID, c.ASKED), on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.when(first & ~nowhere & ~pl.col(c.WAIVED)).then(weight).otherwise(0.0).alias(LOST))
        .with_columns((pl.col(LOST) / pl.max_horizontal(pl.col(c.ASKED), 1) * 100).round(2).alias(c.POINTS))
        .drop(c.ASKED)
    )


def index(asked: pl.Expr, lost: pl.Expr) -> pl.Expr:
    """The index 0-100, one decimal."""
    share = 1 - lost.fill_null(0) / pl.max_horizontal(asked, 1)
    return (share.clip(0, 1) * 100).round(1)
