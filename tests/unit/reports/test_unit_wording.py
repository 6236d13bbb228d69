"""Numbers, dates and texts as a Spanish reader of the office reads them."""

from __future__ import annotations

import pytest

from reports import wording

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.2, "4.2 puntos"), (1.0, "1 punto"), (0.04, "menos de 0.1 puntos"), (12.0, "12 puntos")],
)
def test_points(value, text):
    assert wording.points(value).replace(SPACE, " ") == text


@pytest.mark.parametrize(
    ("value", "text"), [(100.0, "100"), (99.97, "99.9"), (92.4, "92.4"), (97.0, "97.0"), (None, "—")]
)
def test_only_a_perfect_index_reads_100(value, text):
    assert wording.index(value) == text


@pytest.mark.parametrize(("value", "text"), [(69740, "69,740"), (3.5, "3.5"), (10.0, "10"), (0, "0"), (None, "—")])
def test_figure(value, text):
    assert wording.figure(value) == text


def test_dates_in_words():
    assert wording.day_phrase("2024-10-14T09:30:00") == "14 de octubre de 2024"
    assert wording.day_phrase("mediados de octubre") == "mediados de octubre"
    assert wording.quarter_phrase(2024, 3) == "tercer trimestre de 2024"


def test_what_a_cell_hides_shows():
    assert wording.visible("a\x07b\u202ec\n") == "a␇b�c\n"


def test_long_texts_are_cut_at_a_word():
    assert wording.clipped("uno dos tres cuatro", 12) == "uno dos…"
    assert wording.clipped("x" * 50, 10) == "x" * 9 + "…"


def test_lists_in_words():
    assert [wording.listing(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a y b",
        "a, b y c",
    ]
