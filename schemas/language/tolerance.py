"""Tolerance by interval: what was written stands for a range, and an identity fails only outside every range.

A written amount or percentage stands for itself ± half of its last written digit; of a stored number at most ten
significant digits count. Counts are exact: their half-width is 0.
"""

from __future__ import annotations

import polars as pl

SIGNIFICANT_DIGITS = 10
# Binary floats cannot hold most decimals; sums of them are off by parts in 10^15. This is slack for that alone: more
# would hide a unit in counts of thousands of millions, and cents in amounts of as many.
FLOAT_SLACK = 1e-14
# A percentage is written to whole points at the coarsest, and a stored 0.5 shows as 50 %.
COARSEST_PERCENT = 0.005


def half_of_last_digit(decimals: pl.Expr) -> pl.Expr:
    """Half a unit of the last of ``decimals`` (0 or more): 0.5 for 69740, 0.005 for 69740.25."""
    return pl.lit(0.5) * pl.lit(10.0).pow(-decimals.cast(pl.Float64))


def stored_decimals(number: pl.Expr) -> pl.Expr:
    """Decimals that a stored number is written with, counting at most SIGNIFICANT_DIGITS of its digits."""
    digits = number.abs().round_sig_figs(SIGNIFICANT_DIGITS).cast(pl.String)
    fraction = digits.str.extract(r"\.(\d+)$").str.strip_chars_end("0").str.len_chars().fill_null(0)
    exponent = digits.str.extract(r"e-(\d+)$").cast(pl.Int64, strict=False).fill_null(0)
    return fraction.cast(pl.Int64) + exponent


def differs(found: pl.Expr, expected: pl.Expr, slack: pl.Expr) -> pl.Expr:
    """Whether no values within the ranges agree; ``slack`` is the sum of the half-widths. Null where any is null."""
    return (found - expected).abs() > slack + float_slack(found, expected)


def float_slack(*terms: pl.Expr) -> pl.Expr:
    """What binary arithmetic may be off by at the size of ``terms``."""
    return pl.max_horizontal(*(term.abs() for term in terms), pl.lit(1.0)) * FLOAT_SLACK


def ratio_range(part: pl.Expr, part_half: pl.Expr, whole: pl.Expr, whole_half: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Lowest and highest part ÷ whole (whole above 0) within their ranges."""
    low = (part - part_half) / pl.when(part - part_half >= 0).then(whole + whole_half).otherwise(whole - whole_half)
    high = (part + part_half) / pl.when(part + part_half >= 0).then(whole - whole_half).otherwise(whole + whole_half)
    return low, high


def outside(found: pl.Expr, found_half: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Whether the range of ``found`` misses [low, high]; null where any is null."""
    slack = float_slack(found, low, high)
    return (found + found_half < low - slack) | (found - found_half > high + slack)
