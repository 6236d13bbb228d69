"""Field 16 read: "Art. 11 Fraccs. I-VII, XIX" is article 11, fractions 1 to 7 and 19."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

SUFFIXES = ("bis", "ter", "quater", "quinquies")
_VALUES = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}
LONGEST_RUN = 200  # no article has more fractions: a longer run is a slip

_ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b"
_SUFFIX = rf"(?:[\s-]*\b(?:{'|'.join(SUFFIXES)})\b)?"
_ARABIC = r"\d{1,4}(?:[oº°]\b\.?|[º°]\.?)?"
_RANGE = r"\s*(?:[-–—]|\bal?\b|\bhasta\b)\s*(?:la\s+)?"
_AND = r"(?:\s*[,;/]\s*(?:y\s+)?|\s+[ye]\s+)(?:la\s+|el\s+)?"
_JOIN = rf"(?:{_RANGE}|{_AND})"


def _list_of(number: str) -> str:
    return rf"{number}{_SUFFIX}(?:{_JOIN}{number}{_SUFFIX})*"


_FLAGS = re.IGNORECASE
_ARTICLES = re.compile(rf"(?:\bart(?:[ií]culos?|s)?\b\.?\s*)?({_list_of(_ARABIC)})(?!\w)", _FLAGS)
_FRACTION_WORD = r"\bfra?c{0,2}(?:i[oó]n(?:es)?|s)?\b\.?\s*"
_FRACTIONS = re.compile(
    rf"(?:{_FRACTION_WORD})?({_list_of(_ROMAN)})(?!\w)|{_FRACTION_WORD}({_list_of(_ARABIC)})(?!\w)", _FLAGS
)
_ITEM = re.compile(rf"({_RANGE})?({_ROMAN}|\d+)[oº°]?{_SUFFIX}", _FLAGS)
_WORDS = re.compile(r"[\s-]")
# What stands between and beside, and says no more of the article: subparagraphs, paragraphs, the regulation's name.
_LETTERS = rf"[a-zñ]\b\)?(?:{_JOIN}[a-zñ]\b\)?)*"
_ORDINAL = r"(?:primer|segund|tercer|cuart|quint|sext|s[eé]ptim|[uú]ltim)[oa]?s?"
_ASIDE = re.compile(
    rf"inc(?:isos?|s)?\b\.?\s*{_LETTERS}|[a-zñ]\)|{_ORDINAL}\s+p[aá]rrafos?\b"
    rf"|p[aá]rr(?:afos?|s)?\b\.?\s*(?:{_ORDINAL}|\d+)"
    r"|dem[aá]s\b[^\d]*"
    r"|(?:del?\b|de\s+la\b|r\.\s*i\.|reglamento\b|ley\b)[^\d]*?(?=\bart|\bfra|$)",
    _FLAGS,
)
_BETWEEN = re.compile(r"(?:[\s.,;:/()-]|\b[ye]\b)*", _FLAGS)
_BEFORE = re.compile(r"[^\d]*?(?=\bart(?:[ií]culos?|s)?\b)", _FLAGS)


class Numeral(NamedTuple):
    """An article's or a fraction's number, with its suffix ("bis"), "" where it has none."""

    number: int
    suffix: str = ""


@dataclass(frozen=True)
class Article:
    """An article and its fractions, in order; none where the whole article is meant."""

    number: Numeral
    fractions: tuple[Numeral, ...] = ()


@dataclass(frozen=True)
class LegalBasis:
    """The articles read, and the part from which on the text could not be; None where all of it could."""

    articles: tuple[Article, ...]
    unread: str | None = None


@lru_cache(maxsize=8192)
def read_basis(text: str) -> LegalBasis:
    """What field 16 says."""
    plain = " ".join(text.split())
    start = _BEFORE.match(plain)
    at = _BETWEEN.match(plain, start.end() if start else 0).end()  # type: ignore[union-attr]
    articles: list[Article] = []
    while at < len(plain):
        end = _read_part(plain, at, articles)
        if end is None:
            return LegalBasis(tuple(articles), plain[at:])
        at = _BETWEEN.match(plain, end).end()  # type: ignore[union-attr]
    return LegalBasis(tuple(articles), None if articles else plain)


def _read_part(plain: str, at: int, articles: list[Article]) -> int | None:
    """Adds what stands at ``at`` to ``articles``; returns where it ends, None where it cannot be read."""
    if articles and (found := _FRACTIONS.match(plain, at)):
        fractions = _numerals(found[1] or found[2])
        if fractions is None:
            return None
        last = articles[-1]
        articles[-1] = replace(last, fractions=_ordered((*last.fractions, *fractions)))
        return found.end()
    if found := _ARTICLES.match(plain, at):
        numbers = _numerals(found[1])
        if numbers is None:
            return None
        articles += [Article(number) for number in numbers]
        return found.end()
    aside = _ASIDE.match(plain, at) if articles else None
    return aside.end() if aside and aside.end() > at else None


def _numerals(words: str) -> list[Numeral] | None:
    """The numerals of a list, its ranges counted out; None where a range does not rise."""
    found: list[Numeral] = []
    for item in _ITEM.finditer(words):
        number = int(item[2]) if item[2].isdigit() else roman_value(item[2])
        last = _WORDS.split(item[0])[-1].lower()
        suffix = last if last in SUFFIXES else ""
        if item[1] and found:
            first = found[-1].number
            if not first < number <= first + LONGEST_RUN and not (suffix and number == first):
                return None
            found += [Numeral(each) for each in range(first + 1, number + 1)]
        elif not suffix:
            found.append(Numeral(number))
        if suffix:
            found.append(Numeral(number, suffix))
    return found


def _ordered(numerals: Iterable[Numeral]) -> tuple[Numeral, ...]:
    return tuple(sorted(set(numerals), key=lambda n: (n.number, SUFFIXES.index(n.suffix) if n.suffix else -1)))


def roman_value(letters: str) -> int:
    """The number of a well-formed Roman numeral, in either case."""
    values = [_VALUES[letter] for letter in letters.upper()]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
