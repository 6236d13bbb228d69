"""Spreadsheet addresses such as "H31" out of row and column numbers."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl


def cell_address(col: pl.Expr, row: pl.Expr, columns: Iterable[int | None]) -> pl.Expr:
    """Address out of column and row, both from 1; null where either is. ``columns`` are the numbers that occur."""
    letters = {number: column_letters(number) for number in columns if number is not None}
    named = col.replace_strict(letters, default=None, return_dtype=pl.String) if letters else pl.lit(None, pl.String)
    return named + row.cast(pl.String)


def column_letters(number: int) -> str:
    """Letters of a column counted from 1: 1 is A, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
