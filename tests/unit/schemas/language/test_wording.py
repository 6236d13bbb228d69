"""Values and messages as a Spanish reader expects them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.language.wording import amount_text, count_text, message, percent_text

AMOUNTS = st.decimals(min_value=-(10**11), max_value=10**11, places=2).map(float)


def said(expression: pl.Expr) -> str:
    text: str = pl.select(expression).item()
    return text


@pytest.mark.parametrize(("number", "text"), [(62, "62"), (1250, "1250"), (2.5, "2.5"), (-3, "-3"), (-0.0, "0")])
def test_a_count(number: float, text: str) -> None:
    assert said(count_text(pl.lit(float(number)))) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (697403, "697,403"),
        (697403.25, "697,403.25"),
        (0.5, "0.50"),
        (999, "999"),
        (1000, "1,000"),
        (-1234567.8, "-1,234,567.80"),
        (999.999, "1,000"),
        (0, "0"),
    ],
)
def test_an_amount(number: float, text: str) -> None:
    assert said(amount_text(pl.lit(float(number)))) == text


@given(AMOUNTS)
def test_an_amount_reads_back(number: float) -> None:
    assert float(said(amount_text(pl.lit(number))).replace(",", "")) == pytest.approx(number, abs=0.005)


@pytest.mark.parametrize(
    ("ratio", "beside", "text"),
    [
        (0.75, None, "75 %"),
        (0.629, None, "63 %"),
        (1.25, 0.5, "125 %"),
        (0.5434, 0.5433, "54.34 %"),
        (0.5, 0.5, "50.0 %"),
    ],
)
def test_a_percentage_has_decimals_only_where_it_needs_them(ratio: float, beside: float | None, text: str) -> None:
    other = pl.lit(beside) if beside is not None else None
    assert said(percent_text(pl.lit(ratio), beside=other)) == text


def test_a_message_is_filled_and_a_missing_value_reads_as_nothing() -> None:
    told = message("«{field}» dice {found}.", field=pl.lit("META {x} ANUAL"), found=pl.lit(None, pl.String))
    assert said(told) == "«META {x} ANUAL» dice ."
