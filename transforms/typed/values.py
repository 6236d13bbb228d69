"""Cells to values: numbers, dates and codes out of what was written, null where it is none of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from schemas.language.tolerance import COARSEST_PERCENT, half_of_last_digit, outside, stored_decimals

Range: TypeAlias = tuple[pl.Expr, pl.Expr]  # lowest and highest
SIDES = ("lowest", "highest")

# 69,740 · $ 69,740.00 · 1 234 · 75% · -3
NUMBER_PATTERN = r"^([-+]?)\$?((?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?)(%?)$"
EXCEL_EPOCH = pl.date(1899, 12, 30)
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
# 15-mar-24 · 15 de marzo de 2024 · 15/mar/2024 · 5 set. 2024 · 1o. de abril del 2024 · Tepic, a 15 de marzo de 2024
DATE_WORDS = (
    r"(?i)^(?:.*[^0-9])?([0-9]{1,2})(?:[ºo°]|ro|er)?\.?(?:\s*de\s+|[-/. ]+)([a-záé]{3})[a-z]*\.?"
    r"(?:\s+del?\s+|[-/., ]+)([0-9]{4}|[0-9]{2})\.?$"
)
# 15/03/2024 · 15-3-24 (day first, as in Mexico), and 2024-03-15 · 2024/3/15; a time of day after it is not read
DATE_NUMBERS = r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})(?: [0-9:]+)?$"
DATE_ISO = r"^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T].*)?$"


def clean_texts(texts: pl.DataFrame) -> pl.DataFrame:
    """Each distinct text with ``clean``: spaces and line breaks made one space, those without width none."""
    visible = pl.col(c.TEXT).str.replace_all(r"[\x{200B}-\x{200D}\x{2060}\x{FEFF}]", "")
    return texts.with_columns(visible.str.replace_all(r"\s+", " ").str.strip_chars().alias(c.CLEAN))


def number_text(number: pl.Expr) -> pl.Expr:
    """A stored number as its cell would show it: no decimals on whole numbers, at most ten digits."""
    whole = (number == number.floor()) & (number.abs() < 1e15)
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.round_sig_figs(10).cast(pl.String))
    )


def parsed_numbers(clean: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Value and half-width of a number written as text, null where it is not one. A percent sign divides by 100."""
    bare = clean.str.replace_all(r"\$\s+", "$").str.replace(r"\s+%$", "%")
    parts = bare.str.extract_groups(NUMBER_PATTERN)
    percent = parts.struct.field("4") == "%"
    size = parts.struct.field("2").str.replace_all("[, ]", "").cast(pl.Float64, strict=False)
    sign = pl.when(parts.struct.field("1") == "-").then(-1.0).otherwise(1.0)
    scale = pl.when(percent).then(100.0).otherwise(1.0)
    decimals = parts.struct.field("3").str.len_chars().fill_null(0)
    return sign * size / scale, half_of_last_digit(decimals) / scale


def stored_half(number: pl.Expr) -> pl.Expr:
    """Half-width of a number stored as such."""
    return half_of_last_digit(stored_decimals(number))


def settled_column(rows: pl.DataFrame, field: str, truth: pl.Expr, shares: Sequence[Range] = ()) -> list[pl.Expr]:
    """The percentages of the column ``field`` of ``rows`` as ratios: columns for it and its half-width (see in_points).

    The ranges are worked out first and ``points`` after them: in one expression each would be worked out many times.
    """
    value, half, written = pl.col(field), pl.col(c.half(field)), pl.col(c.written(field))
    bounds = {
        f"{side}{nth}": bound for nth, share in enumerate(shares) for side, bound in zip(SIDES, share, strict=True)
    }
    known = rows.lazy().select(value, half, written, truth.alias("truth"), **bounds)
    ranges = [(pl.col(f"{SIDES[0]}{nth}"), pl.col(f"{SIDES[1]}{nth}")) for nth in range(len(shares))]
    meant = known.select(in_points(value, half, written, pl.col("truth"), ranges).alias("points"))
    points = collected(meant).to_series()
    ratio, width = as_ratio(value, half, pl.lit(points))
    return [ratio.alias(field), width.alias(c.half(field))]


def in_points(value: pl.Expr, half: pl.Expr, written: pl.Expr, truth: pl.Expr, shares: Sequence[Range]) -> pl.Expr:
    """Whether a percentage is meant in points (75) and not as a ratio (0.75): a percent sign in what was ``written``
    settles it, else the one of both that is the ratio it reports on: ``truth``, or in one of the ranges ``shares``.

    Where neither is, 1 or less is a ratio, and above it the nearer to ``truth``; without truth, above 1.5 is points.
    One is whole, never a point: a stored 100 % cannot be told from it.
    """
    width = pl.min_horizontal(half, pl.lit(COARSEST_PERCENT))
    ranges = shares or ((truth, truth),)
    ratio, points = _within(value, width, ranges), _within(value / 100, half / 100, ranges)
    nearer = (value / 100 - truth).abs() < (value - truth).abs()
    signed = written.str.contains("%", literal=True).fill_null(value=False)
    return ~signed & ~ratio & (value != 1) & (points | ((value > 1) & nearer.fill_null(value > 1.5)))


def as_ratio(value: pl.Expr, half: pl.Expr, points: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """A percentage and its half-width as ratios; ``points`` says which of them are in points."""
    width = pl.when(points).then(half / 100).otherwise(half)
    return pl.when(points).then(value / 100).otherwise(value), pl.min_horizontal(width, pl.lit(COARSEST_PERCENT))


def _within(value: pl.Expr, half: pl.Expr, ranges: Sequence[Range]) -> pl.Expr:
    """Whether the range of ``value`` meets one of ``ranges``; false where that is not known."""
    return pl.any_horizontal((~outside(value, half, low, high)).fill_null(value=False) for low, high in ranges)


def parsed_date(clean: pl.Expr, number: pl.Expr, date: pl.Expr) -> pl.Expr:
    """A date cell, a serial number of the year 2000 or later, or a date in words or numbers; else null."""
    words, numbers, iso = (clean.str.extract_groups(p) for p in (DATE_WORDS, DATE_NUMBERS, DATE_ISO))
    month = (
        words.struct.field("2")
        .str.to_lowercase()
        .replace("set", "sep")
        .replace_strict(MONTHS, range(1, 13), default=None, return_dtype=pl.Int64)
    )
    serial = pl.when(number.is_between(36526, 73050)).then(EXCEL_EPOCH + pl.duration(days=number.cast(pl.Int64)))
    return pl.coalesce(
        date,
        serial,
        _date(words.struct.field("3"), month, words.struct.field("1")),
        _date(numbers.struct.field("3"), _integer(numbers.struct.field("2")), numbers.struct.field("1")),
        _date(iso.struct.field("1"), _integer(iso.struct.field("2")), iso.struct.field("3")),
    )


def unit_code(clean: pl.Expr) -> pl.Expr:
    """A UR code of two digits or more ("6" and "6.0" are "06", "06 UNIDAD …" is "06"); anything else stays as it is."""
    digits = clean.str.extract(r"^([0-9]{1,4})(?:\.0+)?(?:(?:\s|\s*[-–.:]+)\s*\p{L}.*)?$")
    return pl.when(digits.is_not_null()).then(digits.str.zfill(2)).otherwise(clean)


def split_code(clean: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Code and name out of "06 UNIDAD DE …", "06 - UNIDAD", "06. UNIDAD", "06"; each is null where there is none."""
    parts = clean.str.extract_groups(r"^([0-9]{1,4})(?:(?:\s*[-–.:]+\s*|\s+)(\S*\p{L}.*)|(\p{L}.*))?$")
    code, apart, joined = (parts.struct.field(group) for group in ("1", "2", "3"))
    return code.str.zfill(2), pl.when(code.is_null()).then(clean).otherwise(pl.coalesce(apart, joined))


def _integer(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False)


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    full = pl.when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)
    iso = pl.concat_str([full, month.cast(pl.String).str.zfill(2), day.str.zfill(2)], separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)
