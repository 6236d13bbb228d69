"""Texts made comparable: what only differs in case, accents, spaces or punctuation is the same."""

from __future__ import annotations

import re

import polars as pl

# Characters that do not show: control characters (line breaks and tabs apart), those without width, and those that turn
# the direction of writing.
UNSEEN = (
    r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}-\x{9F}\x{AD}"
    r"\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2069}\x{FEFF}]"
)
# What a spreadsheet would run where it opens the text from a list; a hyphen before a space or a letter is a bullet.
RUNS = r"^(?:\t|\s*(?:[=+@]|-[0-9(=+@]))\s*\S"
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


def shown(text: str) -> str:
    """The text with each character that does not show as its code: "Informe[U+200B]"."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


_UNSEEN = re.compile(re.sub(r"\\x\{(\w+)\}", lambda code: f"\\u{code[1]:0>4}", UNSEEN))
