"""Which quarters a sentence names: "en el segundo y tercer trimestre" names 2 and 3."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.language.quarter_words import MONTHS, ORDINALS

_NUMBERS = {word: number for number, words in enumerate(ORDINALS, 1) for word in words}
_COUNTS = {"dos": 2, "tres": 3, "cuatro": 4, "2": 2, "3": 3, "4": 4}
_ORDINAL = rf"(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_COUNT = rf"({'|'.join(_COUNTS)})"
_TRIM = r"trim(?:estres?)?\b"
_JOIN = r"(?: (?:y|e|o|al?)(?: el| al)? | )"
# "primer y segundo trimestre", "del 1er al 3er trimestre"; "trimestres 1 y 2", "trimestre ii".
_BEFORE = re.compile(rf"\b({_ORDINAL}(?:(?: {_TRIM})?{_JOIN}{_ORDINAL})*) {_TRIM}")
_AFTER = re.compile(rf"\btrim(?:estre)?s ({_ORDINAL}(?:{_JOIN}{_ORDINAL})+)\b|\b{_TRIM} (i{{1,3}}|iv)\b")
# A number after "trimestre" counts something else unless the phrase ends there.
_ENDING = re.compile(rf"\b{_TRIM} ([1-4])(?= del? |$)")
# "los dos primeros trimestres", "primeros tres trimestres": all up to that one.
_FIRST = re.compile(rf"\b(?:{_COUNT} primer(?:o|a)s|primer(?:o|a)s {_COUNT}) trim(?:estre)?s\b")
_FIRST_END, _LAST_END = "(?:ro|il|io|ubre)?", "(?:zo|io|t|tiembre|iembre)?"
_SPANS = [re.compile(rf"\b{first}{_FIRST_END} (?:al? )?(?:{last}){_LAST_END}\b") for first, last in MONTHS]
# "en 2 trimestres" counts them.
_COUNTED = re.compile(r"^[1-4] trimestres$")
# Words of what is yet to come: a later quarter may then well be named.
_AHEAD = re.compile(r"\b(?:re)?program|\bdifer|\bpospu|\bpospon|\bpara (?:el|la)\b|\bproxim|\bpendiente|[aei]ran?\b")


def quarters_named(words: str) -> frozenset[int]:
    """Quarters (1-4) that comparable() words name."""
    named: set[int] = set()
    for found in _BEFORE.finditer(words):
        named |= set() if _COUNTED.match(found[0]) else _listed(found[1])
    for found in _AFTER.finditer(words):
        named |= _listed(found[1] or found[2])
    for found in _FIRST.finditer(words):
        named |= set(range(1, _COUNTS[found[1] or found[2]] + 1))
    named |= {int(found[1]) for found in _ENDING.finditer(words)}
    named |= {number for number, span in enumerate(_SPANS, 1) if span.search(words)}
    return frozenset(named)


def _listed(words: str) -> set[int]:
    """The quarters of a list; those between too where it is a range."""
    numbers = [_NUMBERS[word] for word in words.split() if word in _NUMBERS]
    ranged = re.search(r" al? ", words)
    return set(range(min(numbers), max(numbers) + 1)) if ranged else set(numbers)


def names_other_quarter(words: str, quarter: int) -> bool:
    """Whether the words name quarters and not this one; a later one in a sentence of what is to come is no mistake."""
    named = quarters_named(words)
    if not named or quarter in named:
        return False
    return min(named) < quarter or not _AHEAD.search(words)


def quarter_list(quarters: Iterable[int]) -> str:
    """ "1er. y 2o. trimestre"."""
    names = [("1er.", "2o.", "3er.", "4o.")[quarter - 1] for quarter in sorted(quarters)]
    return f"{', '.join(names[:-1])} y {names[-1]} trimestre" if len(names) > 1 else f"{names[0]} trimestre"
