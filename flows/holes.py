"""Holes in what was read: rows where the form wants a value and none stands, and what the unit sees in them instead."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from config.form import Field
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from workbooks.reading.broken_cells import broken_cells

ROW_PLACE = (c.FILE_ID, c.SHEET_NO, c.ROW)


def broken_cells_in_gaps(paths: Sequence[Path], evidence: Evidence, context: Context) -> pl.DataFrame:
    """The broken cells (see broken_cells()) in rows and budget lines of the workbooks that have a hole in one.

    Only such workbooks are opened again, and nothing outside their rows can change by it.
    """
    lines = pl.concat(
        [
            rows.select(*ROW_PLACE, _hole(fields, context.quarter))
            for rows, fields in ((evidence.rows, context.form.activity), (evidence.budget, context.form.budget))
        ]
    )
    suspects = lines.filter("hole").get_column(c.FILE_ID).unique().sort()
    broken = broken_cells({file_id: paths[file_id] for file_id in suspects})
    return broken.join(lines, on=ROW_PLACE, how="semi")


def _hole(fields: Sequence[Field], quarter: int) -> pl.Expr:
    empty = [pl.col(c.written(field.name)).is_null() for field in fields if _wanted(field, quarter)]
    return pl.any_horizontal(pl.lit(value=False), *empty).alias("hole")


def _wanted(field: Field, quarter: int) -> bool:
    """Whether the form wants something here by the end of ``quarter``; numbers always."""
    due = field.quarter is None or field.required != "ended" or field.quarter <= quarter
    return due and (field.numeric or field.required in ("required", "recommended"))
