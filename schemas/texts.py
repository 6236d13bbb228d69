"""Texts made comparable: what only differs in case, accents, spaces or punctuation is the same."""

from __future__ import annotations

import polars as pl

BARE_NUMBER = r"^[-+$\s]*[0-9][0-9,.\s]*%?$"  # a text that is nothing but a number


def comparable(text: pl.Expr) -> pl.Expr:
    """Lower case letters and digits in single spaces, without accents."""
    plain = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return plain.str.replace_all(r"[^a-z0-9%]+", " ").str.strip_chars()


def stem(text: pl.Expr) -> pl.Expr:
    """``comparable`` text with each word of four letters or more brought to one form for singular and plural."""
    words = comparable(text)
    singular = words.str.replace_all(r"\b([a-z]{3,}?)(?:es|s|e)\b", "$1")
    return singular.str.replace_all(r"\b([a-z]{2,})z\b", "${1}c")
