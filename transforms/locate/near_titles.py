"""The form's title at the beginning of a text, as printed or with a slip."""

from __future__ import annotations

import polars as pl
from rapidfuzz.distance import OSA

SLIPS = 2  # letters left out, doubled, swapped or replaced; a title without one of its words is more than that away


def is_title(words: pl.Series, title: str) -> pl.Series:
    """Whether each text begins with the form's title, both in the words of normal()."""
    # A slip spoils a word or two, so the others tell which few texts are worth comparing letter by letter.
    exact = words.str.starts_with(title)
    parts = [words.str.contains(part, literal=True).cast(pl.UInt8) for part in title.split()]
    doubtful = ~exact & (sum(parts[1:], start=parts[0]) >= max(len(parts) - 2, 1))
    near = [given for given in words.filter(doubtful).unique() if begins_with(given, title)]
    return exact | words.is_in(near) if near else exact


def begins_with(words: str, title: str) -> bool:
    """Whether ``words`` begin with ``title`` but for a slip."""
    lengths = range(max(len(title) - SLIPS, 1), len(title) + SLIPS + 1)
    return any(OSA.distance(words[:length], title, score_cutoff=SLIPS) <= SLIPS for length in lengths)
