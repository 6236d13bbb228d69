"""Codes that nest: "ER1-2.1.1" lies under "ER1-2.1", which lies under "ER1"; compared segment by segment."""

from __future__ import annotations

import polars as pl

# Letters and numbers at the start of an axis, before its text: "ER1-2.1 Fortalecimiento …". Words alone are no code.
LEADING_CODE = r"^\s*([A-Za-z]{0,3}\d+(?:\s*[-–.]\s*\d+)*)(?:[\s.:,;–-]|$)"


def leading_code(text: pl.Expr) -> pl.Expr:
    """The code that an axis begins with; null where it begins with none."""
    return text.str.extract(LEADING_CODE)


def compact(code: pl.Expr) -> pl.Expr:
    """A code in capitals, without spaces and without a last point."""
    return code.str.to_uppercase().str.replace_all(r"\s", "").str.strip_chars_end(".")


def under(inner: pl.Expr, outer: pl.Expr) -> pl.Expr:
    """Whether a code is another or lies under it, by whole segments: 2.10 is not under 2.1. Null where one is null."""
    low, high = (compact(code).str.replace_all("[-–.]+", ".") for code in (inner, outer))
    return (low == high) | low.str.starts_with(high + ".")


def letters(code: pl.Expr) -> pl.Expr:
    """The letters that a code begins with, "" where it begins with a number."""
    return compact(code).str.extract(r"^([A-Z]*)")
