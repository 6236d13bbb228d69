"""A current workbook that answers for no UR, for others deliver all of its: it is told so, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from judged_batches import (
    IN_TIME,
    RULES,
    Book,
    activity,
    beginning,
    book,
    consolidate,
    finding,
    revised_by_policy,
    totals,
)
from test_closing import LATER, LONG, RECEIPT, TOO_LATE, close, opened, withdraw

from config.policy import load_policy
from flows.outputs.reporting import judged_in_version
from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, Judged, conform
from schemas.contracts.history_inputs import History
from warehouse.connect import Warehouse
from warehouse.consolidation import Judge
from warehouse.integrity import verification
from warehouse.queries import published as queries

THREE = (3, 3, 3, 3)
OWN_63 = book("63-propio", [activity("63", 1, THREE, THREE)])
OWN_07 = book("07", [activity("07", 1, THREE, THREE)])


def of_parent(name: str, *units: str, received_at=IN_TIME) -> Book:
    """The parent's workbook, which delivers ``units`` and nothing of its own."""
    rows = [activity(unit, 1, THREE, THREE) for unit in units]
    whole = book(name, [activity("06", 1, THREE, THREE), *rows], derived=units, findings=[finding("R05", units[0])])
    return replace(whole, activities=rows, units=whole.units[1:], budget=[], findings=whole.findings).received(
        received_at
    )


def twice(judged: Judged, history: History) -> pl.DataFrame:
    """A10 for those that are set aside, in fewer words."""
    rows = history.deliveries.filter(~pl.col(c.IS_CURRENT)).join(judged.files, on=c.FILE_ID, how="semi")
    said = {c.RULE: "A10", c.SEVERITY: "aviso", c.FIELD: c.UNIT_NAME, c.MESSAGE: "Cuenta otro libro", c.WAIVED: False}
    return conform(
        rows.select(c.FILE_ID, pl.col(c.UNIT_CODE).alias(c.VALUE), *(pl.lit(v).alias(k) for k, v in said.items())),
        FINDINGS,
    )


TELLING = Judge(twice, revised_by_policy)
ASIDE = of_parent("06-con-63", "63")


def told(warehouse: Warehouse, **which: int) -> list[tuple[object, ...]]:
    return queries.view(warehouse, "v_observaciones", **which).select("ur", "regla", "valor").rows()


def test_it_is_told_under_its_sender_and_nothing_else_of_it_is_shown(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_63, OWN_07, judge=TELLING)
    before = queries.view(warehouse, "v_entregas").drop("version")
    second = consolidate(warehouse, OWN_63, OWN_07, ASIDE, judge=TELLING)
    assert (second.version, second.new) == (2, True)
    assert told(warehouse) == [("06", "A10", "63")]
    assert queries.view(warehouse, "v_entregas").drop("version").equals(before)
    assert queries.view(warehouse, "v_avance_actividad")["ur"].to_list() == ["07", "63"]


def test_the_old_version_says_what_it_said(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_63, judge=TELLING)
    consolidate(warehouse, OWN_63, ASIDE, judge=TELLING)
    assert told(warehouse, version=1) == []
    with queries.reading(warehouse) as connection:
        for version in verification.versions(connection):
            assert verification.verify_version(connection, version, {}, pytest.fail) == 0


def test_it_gets_a_report_of_its_own_after_those_that_count(warehouse: Warehouse) -> None:
    own_06 = book("z-06", [activity("06", 1, THREE, THREE)], received_at=IN_TIME - timedelta(days=1))
    consolidate(warehouse, own_06, OWN_63, ASIDE, judge=TELLING)
    sent = queries.reported_workbooks(warehouse, 2024, 3)
    assert sent.select(c.FILE, c.SENDER, queries.SET_ASIDE).rows() == [
        ("z-06.xlsx", "06", False),
        ("06-con-63.xlsx", "06", True),
        ("63-propio.xlsx", "63", False),
    ]
    published = queries.as_published(warehouse, sent["judgement_id"][1])
    assert published.told.select(c.RULE, c.VALUE).rows() == [("A10", "63")]
    assert published.units.is_empty()
    report = judged_in_version(published, load_policy(), date(2024, 10, 15))
    assert sorted(report.findings[c.RULE]) == ["A10", "R05"]
    assert report.files[c.VERDICT].to_list() == ["observado"]
    keys = queries.fingerprints_of_reports(warehouse, 2024, 3, sent["judgement_id"].to_list())
    assert len(set(keys.values())) == 3


def test_the_same_again_publishes_nothing(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, OWN_63, ASIDE, judge=TELLING)
    assert consolidate(warehouse, OWN_63, ASIDE, judge=TELLING).version == 1
    with beginning(warehouse, provenance=replace(RULES, rules="r2")) as run:
        again = run.publish(totals([], 0), TELLING)
    assert (again.version, again.new, again.digest) == (1, False, first.digest)


def test_once_the_other_is_taken_back_it_answers(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_63, ASIDE, judge=TELLING)
    withdraw(warehouse, OWN_63)
    assert told(warehouse) == [("63", "R05", None)]
    assert not queries.reported_workbooks(warehouse, 2024, 3)[queries.SET_ASIDE].any()


def test_what_its_next_workbook_is_told_again_is_known_since_then(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_63, ASIDE, judge=TELLING)
    next_one = of_parent("06-con-63-bis", "63", received_at=IN_TIME + timedelta(days=2))
    consolidate(warehouse, OWN_63, ASIDE, next_one, judge=TELLING)
    rows = queries.view(warehouse, "v_observaciones")
    assert rows.select("ur", "regla", pl.col("conocida_desde").dt.date()).rows() == [("06", "A10", date(2024, 10, 5))]


def test_a_closed_quarter_keeps_what_it_told_those_set_aside(warehouse: Warehouse) -> None:
    """An exception for another UR opens nothing of them; one for theirs tells them anew."""
    consolidate(warehouse, OWN_63, OWN_07, ASIDE, judge=TELLING)
    close(warehouse)
    opened(warehouse, "07", RECEIPT)
    late_07 = book("07-b", [activity("07", 1, THREE, (3, 3, 1, 0))], received_at=TOO_LATE)
    third = consolidate(warehouse, late_07, moment=TOO_LATE)  # under a judge that tells nothing
    assert (third.version, told(warehouse)) == (2, [("06", "A10", "63")])
    opened(warehouse, "63", LONG)
    own_again = book("63-bis", [activity("63", 1, THREE, (3, 3, 2, 0))], received_at=TOO_LATE)
    fourth = consolidate(warehouse, own_again, moment=LATER)
    assert (fourth.version, told(warehouse)) == (3, [])
