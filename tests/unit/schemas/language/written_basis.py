"""Field 16 written as the form writes it, to be read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.language.legal_basis import Article, Numeral

_STEPS = (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X")
_DIGITS = (*_STEPS, (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def write_basis(articles: Iterable[Article]) -> str:
    """Field 16 as the form writes it: "Art. 11 Fraccs. I-VII, XIX; Art. 12"."""
    return "; ".join(_written(article) for article in articles)


def _written(article: Article) -> str:
    number = f"Art. {article.number.number}{_shown_suffix(article.number)}"
    if not article.fractions:
        return number
    word = "Fracc." if len(article.fractions) == 1 else "Fraccs."
    return f"{number} {word} {', '.join(_runs(article.fractions))}"


def _runs(fractions: tuple[Numeral, ...]) -> Iterator[str]:
    """Three fractions or more that follow each other as a range."""
    rest = list(fractions)
    while rest:
        run = 1
        while run < len(rest) and rest[run] == Numeral(rest[0].number + run) and not rest[0].suffix:
            run += 1
        taken, rest = (rest[:run], rest[run:]) if run > 2 else (rest[:1], rest[1:])
        shown = [f"{roman(each.number)}{_shown_suffix(each)}" for each in taken]
        yield f"{shown[0]}-{shown[-1]}" if len(shown) > 1 else shown[0]


def _shown_suffix(numeral: Numeral) -> str:
    return f" {numeral.suffix.capitalize()}" if numeral.suffix else ""


def roman(number: int) -> str:
    """A number from 1 to 3999 in Roman numerals."""
    text = ""
    for value, letters in _DIGITS:
        while number >= value:
            text, number = text + letters, number - value
    return text
