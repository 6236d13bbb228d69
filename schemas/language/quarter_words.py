"""The many names of a quarter in a label, told in one way."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

# What any quarter label holds, in normal words; only such texts are looked at more closely.
TRACE = r"trim|\b[tq] ?[1-4]\b|\b[1-4] ?t\b|\b(?:ene|abr|jul|oct)[a-z]* (?:a )?(?:mar|jun|sep|set|dic)"
ORDINALS = (
    ("1", "1er", "1ro", "1ero", "1o", "i", "primer", "primero"),
    ("2", "2o", "2do", "2ndo", "ii", "segundo"),
    ("3", "3er", "3ro", "3ero", "3o", "iii", "tercer", "tercero"),
    ("4", "4o", "4to", "iv", "cuarto"),
)
MONTHS = (("ene", "mar"), ("abr", "jun"), ("jul", "sep|set"), ("oct", "dic"))
# Long enough to be known with a slip in them.
LONG_WORDS = ("trimestre", "primer", "segundo", "tercer", "cuarto")
_QUARTERS = {word: number for number, words in enumerate(ORDINALS, 1) for word in words}
_ORDINAL = "|".join(sorted(_QUARTERS, key=len, reverse=True))
_TRIM = r"trim(?:estre|est|es|s)?"
_NAMED = re.compile(rf"\b(?:({_ORDINAL}) {_TRIM}|{_TRIM} ({_ORDINAL})|[tq] ?([1-4])|([1-4]) ?t)\b")
_SPANS = [
    re.compile(rf"\b{first}[a-z]* (?:a )?(?:{last})[a-z]*\b(?: (?:de )?20[0-9][0-9]\b)?") for first, last in MONTHS
]


def normalised_quarters(words: str) -> str:
    """Normal words with each quarter as "trim 1": "1er trimestre", "t1", "trim i" and "ene mar" all name the first."""
    for number, span in enumerate(_SPANS, 1):
        words = span.sub(f"trim {number}", words)
    return _NAMED.sub(lambda found: f"trim {_QUARTERS[next(word for word in found.groups() if word)]}", words)


def corrected_quarters(words: str) -> str:
    """Normal words in which a quarter's words may have a slip each, told as by told_quarters()."""
    mended = words
    for word in words.split():
        near = process.extractOne(word, LONG_WORDS, scorer=OSA.distance, score_cutoff=1)
        if near and near[1]:
            mended = re.sub(rf"\b{word}\b", near[0], mended)
    return normalised_quarters(mended) if mended != words else words
