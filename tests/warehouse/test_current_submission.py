"""Which submission is current for a UR is decided alike in a warehouse, beside one, and without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from judged_batches import IN_TIME, Book, activity, book, consolidate, judged, window

from schemas.contracts import columns as c
from schemas.contracts.history_inputs import alone
from warehouse.connect import open_warehouse
from warehouse.history.inputs import deliveries
from warehouse.submissions.current import DELIVERED, candidate_submissions, current_submissions
from warehouse.what_if import what_if_history

Q = (3, 3, 3, 3)


@dataclass(frozen=True)
class Sent:
    """A workbook: who sent it, if known, its principal UR, and the URs derived of it."""

    sender: str | None
    principal: str
    derived: tuple[str, ...]


UNITS = ("06", "07", "63")
SENT = st.builds(
    Sent,
    st.sampled_from((None, "", *UNITS)),
    st.sampled_from(UNITS),
    st.sets(st.sampled_from(UNITS), max_size=2).map(lambda units: tuple(sorted(units))),
)


def books(every: Sequence[Sent]) -> list[Book]:
    """The workbooks, received one a minute."""
    made = []
    for number, sent in enumerate(every):
        derived = [unit for unit in sent.derived if unit != sent.principal]
        rows = [activity(unit, 1, Q, Q) for unit in (sent.principal, *derived)]
        one = book(f"libro {number}", rows, derived=derived, received_at=IN_TIME + timedelta(minutes=number))
        made.append(replace(one, file=one.file | {c.SENDER: sent.sender}))
    return made


def of_deliveries(deliveries: pl.DataFrame) -> dict[str, str]:
    return dict(deliveries.filter(c.IS_CURRENT).select(c.UNIT_CODE, c.FILE).iter_rows())


def delivering(delivered: pl.DataFrame) -> set[tuple[str, str]]:
    return set(delivered.select(c.UNIT_CODE, c.FILE).iter_rows())


def of_unknown(every: Sequence[Sent]) -> set[tuple[str, str]]:
    """Each UR of each workbook whose sender is not known."""
    return {
        (unit, f"libro {number}.xlsx")
        for number, sent in enumerate(every)
        if not sent.sender
        for unit in (sent.principal, *sent.derived)
    }


def in_warehouse(url: str) -> tuple[dict[str, str], pl.DataFrame]:
    """The current submission of each UR, and the DELIVERIES."""
    with open_warehouse(url) as warehouse, warehouse.engine.connect() as connection:
        found = candidate_submissions(connection, 2024, 3).not_withdrawn
        chosen = current_submissions(found, {}).filter(pl.col("status").is_in(DELIVERED))
        named = chosen.join(found.workbooks, on="judgement_id", how="left")
        return dict(named.select(c.UNIT_CODE, c.FILE).iter_rows()), deliveries(found, chosen)


@given(st.lists(SENT, min_size=1, max_size=5), st.integers(0, 5))
@example([Sent(None, "06", ()), Sent(None, "63", ("06",))], 1)
@example([Sent(None, "06", ()), Sent(None, "63", ("06",))], 0)
@example([Sent("06", "63", ()), Sent("06", "06", ("63",))], 1)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_is_current_however_it_is_asked(
    tmp_path_factory: object, upgraded_sqlite: Path, every: list[Sent], stored: int
) -> None:
    workbooks = books(every)
    folder = Path(tmp_path_factory.mktemp("current"))  # type: ignore[attr-defined]
    urls = [f"sqlite:///{folder / name}" for name in ("whole.db", "first.db")]
    for name in ("whole.db", "first.db"):
        (folder / name).write_bytes(upgraded_sqlite.read_bytes())
    with open_warehouse(urls[0]) as whole:
        consolidate(whole, *workbooks)
    with open_warehouse(urls[1]) as first:
        consolidate(first, *workbooks[:stored])
    expected, stored_deliveries = in_warehouse(urls[0])
    assert set(expected) == {unit for sent in every for unit in (sent.principal, *sent.derived)}
    every_one = delivering(stored_deliveries)
    assert every_one >= of_unknown(every)
    found = [stored_deliveries, alone(judged(*workbooks), IN_TIME.date()).deliveries]
    if workbooks[stored:]:
        found.append(what_if_history(urls[1], judged(*workbooks[stored:]), window(3))[0].deliveries)
    for one in found:
        assert (of_deliveries(one), delivering(one)) == (expected, every_one)
