"""Field 16 read: what is written comes back, and what cannot be read is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_basis import roman, write_basis

from schemas.language.legal_basis import SUFFIXES, Article, Numeral, read_basis, roman_value


def said(text: str) -> list[tuple[int, list[int]]]:
    """Articles with their fractions, without suffixes."""
    return [(a.number.number, [f.number for f in a.fractions]) for a in read_basis(text).articles]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Art. 11 Fraccs. I-VII, XIX", [(11, [1, 2, 3, 4, 5, 6, 7, 19])]),
        ("Art. 11 Fraccs. I - VII; XIX", [(11, [1, 2, 3, 4, 5, 6, 7, 19])]),
        ("Art. 25, fracción I, II y III", [(25, [1, 2, 3])]),
        ("Artículo 11 fracc. XVIII", [(11, [18])]),
        ("ARTICULO 11 FRACCION XVIII", [(11, [18])]),
        ("Art.11,Fracc.XVIII.", [(11, [18])]),
        ("Arts. 11 y 12", [(11, []), (12, [])]),
        ("Arts. 11 al 13", [(11, []), (12, []), (13, [])]),
        ("Art 11 Fracs I al VII", [(11, [1, 2, 3, 4, 5, 6, 7])]),
        ("Art. 11 Fracc. I a la III", [(11, [1, 2, 3])]),
        ("Art. 64 Fracc. V y Art. 65 Fraccs. I, II", [(64, [5]), (65, [1, 2])]),
        ("Arts. 11 fracc. I y 12 fracc. II", [(11, [1]), (12, [2])]),
        ("Art. 11 Fracción 3", [(11, [3])]),
        ("Art. 5o. fracc. I", [(5, [1])]),
        ("art. 11-XVIII", [(11, [18])]),
        ("Art. 11 Fracc. I, incisos a) y b), segundo párrafo", [(11, [1])]),
        ("Reglamento Interior, artículo 11 fracción I de la SSPC", [(11, [1])]),
        ("11", [(11, [])]),
    ],
)
def test_many_ways_of_writing_are_read_whole(text: str, expected: list[tuple[int, list[int]]]) -> None:
    assert said(text) == expected
    assert read_basis(text).unread is None


def test_a_suffix_makes_a_fraction_of_its_own() -> None:
    [article] = read_basis("Art. 11 Bis Fraccs. IV y IV Bis").articles
    assert article == Article(Numeral(11, "bis"), (Numeral(4), Numeral(4, "bis")))


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("Art. 11 Fracc. IIII", "Fracc. IIII"),
        ("Art. 11 Fraccs. I, VX", "VX"),
        ("Art. 11 Fraccs. VII-I", "Fraccs. VII-I"),
        ("Art. 11 Fracc.", "Fracc."),
        ("Art. 11 Fracc. XVIII según anexo", "según anexo"),
        ("Fracc. XVIII", "Fracc. XVIII"),
        ("Art. once", "Art. once"),
        ("No aplica", "No aplica"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_is_named(text: str, unread: str) -> None:
    assert read_basis(text).unread == unread


numerals = st.builds(Numeral, st.integers(1, 120), st.sampled_from(["", *SUFFIXES]))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    fractions = draw(st.sets(numerals, max_size=12))
    rank = {suffix: place for place, suffix in enumerate(["", *SUFFIXES])}
    return Article(draw(numerals), tuple(sorted(fractions, key=lambda n: (n.number, rank[n.suffix]))))


@given(st.lists(articles(), min_size=1, max_size=4))
def test_what_is_written_is_read_back(given_articles: list[Article]) -> None:
    basis = read_basis(write_basis(given_articles))
    assert basis.articles == tuple(given_articles)
    assert basis.unread is None


@given(st.text(max_size=60))
def test_any_text_is_read_or_told(text: str) -> None:
    basis = read_basis(text)
    assert basis.articles or basis.unread is not None


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(number: int) -> None:
    assert roman_value(roman(number)) == number
