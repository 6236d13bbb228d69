"""Whatever a column can hold is written byte for byte as the standard library writes it, which digests have been over
since the first: a release of orjson that writes anything else fails here, and not in a warehouse.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, select

from schemas.contracts import columns as c
from warehouse.schema import tables as t
from warehouse.snapshots.json_rows import Values, as_json, reals_of

INTEGERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# Most are as amounts are; the rest is every real there is.
REALS = st.floats() | st.decimals(-(10**7), 10**7, places=2).map(float) | st.floats(1e-5, 1e17)
ROWS = st.lists(st.tuples(*(kind | st.none() for kind in (TEXTS, INTEGERS, st.booleans(), REALS, REALS))), max_size=5)


def standard(rows: list[Values]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=str).encode()


@given(ROWS)
def test_any_rows(rows: list[Values]) -> None:
    assert as_json(rows, [3, 4]) == standard(rows)


@given(st.integers(-14, 53), st.integers(-3, 3), st.sampled_from([1, -1]))
def test_reals_beside_a_power_of_two_where_the_shortest_notation_is_a_close_call(
    power: int, step: int, sign: int
) -> None:
    rows = [(sign * 2.0**power * (1 + step * 2.0**-53),)]
    assert as_json(rows, [0]) == standard(rows)


@pytest.mark.parametrize(
    "value",
    [
        *(1e16, 1e-5, 1e-4, 9999999999999998.0, 0.0, -0.0, 5e-324, float("inf"), float("nan"), 1 / 3),
        *(date(2024, 10, 5), datetime(2024, 10, 5, 13, 30), Decimal("1.10"), b"\xff"),
        *('a "b" \\ \n\t\r\b\f\x00\x1f\x7f\u2028 ñ 😀', "", True, None, 2**63 - 1),
    ],
    ids=repr,
)
def test_values_that_libraries_write_each_in_its_own_way(value: Any) -> None:
    rows = [("06", value), ("07", None)]
    assert as_json(rows, [1]) == as_json(rows) == standard(rows)


def test_reals_are_found_by_the_columns_type() -> None:
    finding = t.finding.c
    assert reals_of(select(finding.rule, finding.difference, finding.row, finding.points, column("about"))) == [1, 3]
    assert reals_of(select(*(t.activity_quarter.c[name] for name in (c.QUARTER, "planned", "achieved")))) == [1, 2]
