"""Values and messages in the words of a Spanish reader, as polars expressions."""

from __future__ import annotations

from string import Formatter

import polars as pl


def count_text(number: pl.Expr) -> pl.Expr:
    """62, 1250, 2.5: as the unit would write it, without thousands separators."""
    whole = number == number.floor()
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.round(4).cast(pl.String))
    )


def amount_text(number: pl.Expr) -> pl.Expr:
    """697,403 or 697,403.25: pesos with thousands separators, cents where there are any."""
    cents = number.abs().round(2)
    whole = cents.floor().cast(pl.Int64, strict=False)
    grouped = whole.cast(pl.String).str.reverse().str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_prefix(",")
    decimals = ((cents - whole) * 100).round(0).cast(pl.Int64, strict=False)
    tail = pl.when(decimals == 0).then(pl.lit("")).otherwise(pl.lit(".") + decimals.cast(pl.String).str.zfill(2))
    return pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit("")) + grouped + tail


def percent_text(ratio: pl.Expr, beside: pl.Expr | None = None) -> pl.Expr:
    """75 %: a ratio in whole points; with decimals only where it would read the same as ``beside`` without them."""
    points = (ratio * 100).round(0)
    plain = points.cast(pl.Int64, strict=False).cast(pl.String)
    if beside is None:
        return plain + " %"
    fine = (ratio * 100).round(2).cast(pl.String)
    same = points == (beside * 100).round(0)
    return pl.when(same.fill_null(value=False)).then(fine).otherwise(plain) + " %"


def message(template: str, **values: pl.Expr) -> pl.Expr:
    """``template`` with its {placeholders} filled from ``values``; a missing value reads as nothing."""
    parts: list[pl.Expr] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            parts.append(pl.lit(literal))
        if name:
            parts.append(values[name].cast(pl.String).fill_null(""))
    return pl.concat_str(parts)
