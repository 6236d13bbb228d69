"""Quarters that a sentence names."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.language.quarters_named import names_other_quarter, quarter_list, quarters_named
from schemas.language.texts import comparable


def plain(text: str) -> str:
    return str(pl.select(comparable(pl.lit(text))).item())


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("en el primer trimestre", {1}),
        ("en el 1er. trimestre", {1}),
        ("2° trimestre", {2}),
        ("trimestre II", {2}),
        ("trimestre 3 de 2024", {3}),
        ("trimestres 1 y 2", {1, 2}),
        ("en el segundo y tercer trimestre", {2, 3}),
        ("del primer al tercer trimestre", {1, 2, 3}),
        ("en el primer trimestre y en el segundo trimestre", {1, 2}),
        ("estos dos primeros trimestres", {1, 2}),
        ("los primeros tres trimestres", {1, 2, 3}),
        ("de enero a marzo", {1}),
        ("julio-septiembre", {3}),
        ("cada trimestre", set()),
        ("en 2 trimestres", set()),
        ("en este trimestre 2 informes", set()),
        ("la 4T", set()),
        ("energía marina", set()),
        ("primer semestre", set()),
    ],
)
def test_quarters_in_many_words(text: str, quarters: set[int]) -> None:
    assert quarters_named(plain(text)) == quarters


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Se atendió en el primer trimestre", True),
        ("Se atendió en el segundo y tercer trimestre", False),
        ("Se concluirá en el cuarto trimestre", False),
        ("Meta del cuarto trimestre cumplida", True),
        ("Meta cumplida", False),
    ],
)
def test_another_quarter_than_the_third(text: str, other: bool) -> None:
    assert names_other_quarter(plain(text), 3) is other


def test_quarters_in_words() -> None:
    assert quarter_list([3]) == "3er. trimestre"
    assert quarter_list([2, 1]) == "1er. y 2o. trimestre"
