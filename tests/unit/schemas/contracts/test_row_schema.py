"""Row checks through pandera: every breach of every check, by position."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.contracts.row_schema import breaches

TABLES = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=30)


@given(TABLES)
def test_every_breach_is_found_where_it_is(table: list[tuple[bool, bool, bool]]) -> None:
    held = pl.DataFrame(table, schema=dict.fromkeys(("R01||a", "R02||b", "R05||c"), pl.Boolean), orient="row")
    expected = {
        name: [position for position, keeps in enumerate(held[name]) if not keeps]
        for name in held.columns
        if not held[name].all()
    }
    assert breaches(held) == expected
