"""What a row proves about the columns it was read by: its types, and the form's own check digits.

The check digits: Σ planned = annual target; Σ achieved = total; total ÷ annual target = reported progress.
"""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.language.texts import BARE_NUMBER
from schemas.language.tolerance import differs, outside
from transforms.typed.values import settled_column

FAULTS = "faults"  # cells that cannot be what their column wants
HOLES = "holes"  # required cells that are empty
PROOFS = "proofs"  # check digits that hold
PROVABLE = "provable"  # check digits that can be worked out


def with_check_digits(rows: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Wide typed rows with FAULTS, HOLES, PROOFS and PROVABLE (counts)."""
    digits = _check_digits(rows)
    return rows.with_columns(
        pl.sum_horizontal(_faults(form)).alias(FAULTS),
        pl.sum_horizontal(_holes(form)).alias(HOLES),
        digits.select(pl.sum_horizontal(pl.all().fill_null(value=False).cast(pl.Int64)).alias(PROOFS)).to_series(),
        digits.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int64)).alias(PROVABLE)).to_series(),
    )


def sound() -> pl.Expr:
    """Whether a row's cells can all be what their columns want."""
    return (pl.col(FAULTS) == 0) & (pl.col(HOLES) == 0)


def check_digits_hold() -> pl.Expr:
    """Whether a sound row's check digits all hold, two at least."""
    return sound() & (pl.col(PROOFS) == pl.col(PROVABLE)) & (pl.col(PROVABLE) > 1)


def _faults(form: Form) -> list[pl.Expr]:
    faults = []
    for field in form.activity:
        value, written = pl.col(field.name), pl.col(c.written(field.name))
        if field.numeric:
            fault = value.is_null() & written.is_not_null()
        elif field.name == c.UNIT_CODE:
            fault = ~value.str.contains(r"^[0-9]{1,4}\b")
        else:
            fault = value.str.contains(BARE_NUMBER)
        faults.append(fault.fill_null(value=False).cast(pl.Int64))
    return faults


def _holes(form: Form) -> list[pl.Expr]:
    required = [field.name for field in form.activity if field.required == "required"]
    return [pl.col(c.written(name)).is_null().cast(pl.Int64) for name in required]


def _check_digits(rows: pl.DataFrame) -> pl.DataFrame:
    """A column per check digit: true, false, or null where a figure that it needs is missing."""
    exact = pl.lit(0.0)
    annual, total = pl.col(c.ANNUAL_TARGET), pl.col(c.ACHIEVED_TOTAL)
    some = pl.any_horizontal(pl.col(c.ACHIEVED).is_not_null())
    progress = c.REPORTED_PROGRESS, c.half(c.REPORTED_PROGRESS), c.written(c.REPORTED_PROGRESS)
    known = rows.select(
        annual,
        total,
        *progress,
        pl.sum_horizontal(c.PLANNED, ignore_nulls=False).alias("planned"),
        pl.when(some).then(pl.sum_horizontal(c.ACHIEVED)).alias("achieved"),
        pl.when(annual > 0).then(total / annual).alias("ratio"),
    )
    ratio = pl.col("ratio")
    known = known.with_columns(settled_column(known, c.REPORTED_PROGRESS, ratio))
    return known.select(
        (~differs(annual, pl.col("planned"), exact)).alias("planned"),
        (~differs(total, pl.col("achieved"), exact)).alias("achieved"),
        (~outside(pl.col(progress[0]), pl.col(progress[1]), ratio, ratio)).alias("ratio"),
    )
