"""The law of tolerance by interval: rounding true values never raises a finding, a real change always does."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.language.tolerance import differs, half_of_last_digit, outside, ratio_range, stored_decimals

AMOUNTS = st.decimals(min_value=0, max_value=10**10, places=4)
DIGITS = st.integers(min_value=0, max_value=4)


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def evaluate(**expressions: pl.Expr) -> dict[str, object]:
    return pl.select(**expressions).row(0, named=True)


def half(digits: int) -> float:
    value = evaluate(x=half_of_last_digit(pl.lit(digits)))["x"]
    assert isinstance(value, float)
    return value


@given(st.lists(AMOUNTS, min_size=1, max_size=15), DIGITS, DIGITS)
def test_a_sum_of_rounded_terms_agrees_with_its_rounded_total(
    terms: list[Decimal], digits: int, total_digits: int
) -> None:
    written = [float(rounded(term, digits)) for term in terms]
    total = float(rounded(sum(terms, Decimal(0)), total_digits))
    slack = half(digits) * len(terms) + half(total_digits)
    assert evaluate(x=differs(pl.lit(total), pl.lit(sum(written)), pl.lit(slack)))["x"] is False


@given(st.lists(AMOUNTS, min_size=1, max_size=15), DIGITS, st.decimals(min_value="0.01", max_value=1000, places=2))
def test_a_sum_off_by_more_than_the_whole_slack_is_told(terms: list[Decimal], digits: int, beyond: Decimal) -> None:
    written = [rounded(term, digits) for term in terms]
    slack = half(digits) * len(terms) + half(digits)
    total = float(sum(written, Decimal(0))) + slack + float(beyond)
    found = evaluate(x=differs(pl.lit(total), pl.lit(float(sum(written, Decimal(0)))), pl.lit(slack)))["x"]
    assert found is True


@given(
    st.decimals(min_value=1, max_value=10**7, places=2),
    st.decimals(min_value=0, max_value=2, places=6),
    DIGITS,
    st.integers(min_value=2, max_value=6),
)
def test_a_rounded_percentage_agrees_with_its_rounded_amounts(
    whole: Decimal, ratio: Decimal, digits: int, ratio_digits: int
) -> None:
    part = whole * ratio
    low, high = ratio_range(
        pl.lit(float(rounded(part, digits))),
        pl.lit(half(digits)),
        pl.lit(float(rounded(whole, digits))),
        pl.lit(half(digits)),
    )
    reported = float(rounded(ratio, ratio_digits))
    assert evaluate(x=outside(pl.lit(reported), pl.lit(half(ratio_digits)), low, high))["x"] is False


@given(st.integers(min_value=0, max_value=10**9), DIGITS)
def test_stored_decimals_counts_what_is_written(whole: int, digits: int) -> None:
    number = float(Decimal(whole).scaleb(-digits))
    shown = f"{Decimal(whole).scaleb(-digits):f}"
    decimals = len(shown.rpartition(".")[2].rstrip("0")) if "." in shown else 0
    assert evaluate(x=stored_decimals(pl.lit(number)))["x"] == decimals


def test_of_a_stored_number_ten_digits_count() -> None:
    numbers = pl.DataFrame({"x": [1 / 3, 0.8333333333333334, 69740.0, 1e-7]})
    assert numbers.select(stored_decimals(pl.col("x"))).to_series().to_list() == [10, 10, 0, 7]


def test_the_founding_rounding_passes_and_a_peso_more_does_not() -> None:
    ten_tenths, slack = pl.lit(10 * 69740.0), pl.lit(10 * 0.5 + 0.5)
    assert evaluate(x=differs(pl.lit(697403.0), ten_tenths, slack))["x"] is False
    assert evaluate(x=differs(pl.lit(697406.0), ten_tenths, slack))["x"] is True
