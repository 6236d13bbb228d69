"""What a version tells its workbooks beside each other and the past, and since when it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from judged_batches import (
    IN_TIME,
    RULES,
    TOO_LATE,
    activity,
    beginning,
    book,
    consolidate,
    finding,
    judged,
    rejected,
    revised_by_policy,
    totals,
)

from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, Judged, conform
from schemas.contracts.history_inputs import History
from warehouse.connect import Warehouse
from warehouse.consolidation import Judge
from warehouse.history import apply
from warehouse.queries import published as queries
from warehouse.submissions import stored

THREE = (3, 3, 3, 3)
LATER = IN_TIME + timedelta(days=1)
OWN_06 = book("06", [activity("06", 1, THREE, THREE)], findings=[finding("R05", "06", **{c.FIELD: "annual_target"})])
OWN_07 = book("07", [activity("07", 1, THREE, THREE)], received_at=TOO_LATE)


def late(judged: Judged, history: History) -> pl.DataFrame:
    """T05: as the rule tells it, in fewer words."""
    rows = history.receipts.filter(~pl.col(c.ON_TIME)).join(judged.files, on=c.FILE_ID, how="semi")
    return conform(
        rows.select(
            c.FILE_ID,
            pl.lit("T05").alias(c.RULE),
            pl.lit("aviso").alias(c.SEVERITY),
            pl.col(c.RECEIVED_AT).dt.strftime("%d/%m/%Y").alias(c.VALUE),
            pl.lit("El libro llegó tarde").alias(c.MESSAGE),
            pl.lit(value=False).alias(c.WAIVED),
        ),
        FINDINGS,
    )


def restated(judged: Judged, history: History) -> pl.DataFrame:
    """T01: achieved figures of the first quarter that an earlier workbook had otherwise."""
    name = c.ACHIEVED[0]
    before = history.activities.select(c.UNIT_CODE, c.ACTIVITY_NO, pl.col(name).alias("before")).unique()
    rows = judged.activities.join(before, on=[c.UNIT_CODE, c.ACTIVITY_NO]).filter(pl.col(name) != pl.col("before"))
    return conform(
        rows.with_columns(
            pl.lit("T01").alias(c.RULE),
            pl.lit("aviso").alias(c.SEVERITY),
            pl.lit(name).alias(c.FIELD),
            pl.col(name).cast(pl.String).alias(c.VALUE),
            pl.lit("Cambió lo realizado").alias(c.MESSAGE),
            pl.lit(value=False).alias(c.WAIVED),
        ),
        FINDINGS,
    )


def both(judged: Judged, history: History) -> pl.DataFrame:
    return pl.concat([late(judged, history), restated(judged, history)])


LATENESS, ALL = Judge(late, revised_by_policy), Judge(both, revised_by_policy)


def told(warehouse: Warehouse, *columns: str, **which: int) -> list[tuple[object, ...]]:
    return queries.view(warehouse, "v_observaciones", **which).select(columns or ("ur", "regla")).rows()


def test_a_late_workbook_is_told_and_its_units_are_observed(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_07, judge=LATENESS)
    assert told(warehouse, "ur", "regla", "valor") == [("07", "T05", "05/11/2024")]
    row = queries.view(warehouse, "v_entregas").filter(ur="07")
    assert row.select("estado", "observaciones", "dispensadas").rows() == [("observado", 0, 0)]


def test_what_history_does_not_touch_stays_as_it_was_judged(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06, OWN_07, judge=LATENESS)
    row = queries.view(warehouse, "v_entregas").filter(ur="06")
    assert row.select("estado", "calidad", "observaciones").rows() == [("aceptado", 97.5, 1)]


def test_the_same_again_publishes_nothing(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    first = consolidate(warehouse, OWN_06, OWN_07, judge=LATENESS)
    monkeypatch.setattr(apply, "_part", None)  # nor is anything judged again
    again = consolidate(warehouse, OWN_06, OWN_07, judge=LATENESS)
    assert (again.version, again.new, again.digest) == (1, False, first.digest)


def test_other_rules_that_tell_the_same_publish_nothing(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_07, judge=LATENESS)
    with beginning(warehouse, provenance=replace(RULES, rules="r2")) as run:
        again = run.publish(totals([], 0), LATENESS)
    assert (again.version, again.new) == (1, False)


def test_other_findings_of_history_are_another_version(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, OWN_07)
    with beginning(warehouse, provenance=replace(RULES, rules="r2")) as run:
        second = run.publish(totals([], 0), LATENESS)
    assert (second.version, second.new) == (2, True)
    assert second.digest != first.digest
    assert told(warehouse, version=1) == []
    assert told(warehouse) == [("07", "T05")]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_however_many_are_judged_at_once_the_digest_is_the_same(
    warehouse: Warehouse, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored.portions, "__defaults__", (size,))
    monkeypatch.setattr(apply, "MANY", size)
    consolidate(warehouse, OWN_06, quarter=1, judge=ALL)
    changed = activity("06", 1, THREE, (2, 3, 3, 0))
    books = [book("06-b", [changed], received_at=TOO_LATE), OWN_07, book("63", [activity("63", 1, THREE, THREE)])]
    digest = consolidate(warehouse, *books, quarter=3, judge=ALL).digest
    assert told(warehouse, quarter=3) == [("06", "T05"), ("06", "T01"), ("07", "T05")]
    assert digest == DIGESTS.setdefault("split", digest)


DIGESTS: dict[str, str] = {}


def test_earlier_quarters_are_those_of_the_same_year(warehouse: Warehouse) -> None:
    seen: list[History] = []

    def spying(judged: Judged, history: History) -> pl.DataFrame:
        seen.append(history)
        return pl.DataFrame(schema=FINDINGS)

    spy = Judge(spying, revised_by_policy)
    consolidate(warehouse, OWN_06, year=2023, quarter=4)
    consolidate(warehouse, OWN_06, rejected("roto", "07"), quarter=1)
    consolidate(warehouse, OWN_06, quarter=2, judge=spy)
    [history] = seen
    assert history.earlier.select(c.QUARTER, c.UNIT_CODE, c.FILE).rows() == [(1, "06", "06.xlsx")]
    assert history.activities.select(c.QUARTER, c.UNIT_CODE, *c.ACHIEVED).rows() == [(1, "06", 3, None, None, None)]
    assert history.budget.rows() == [(1, "06", 500.0)]
    assert history.findings.rows() == [(1, "R05", "06", None, "annual_target")]
    assert history.receipts[c.REPEATS].to_list() == [1]
    assert history.deliveries.select(c.UNIT_CODE, c.SENDER, c.IS_CURRENT).rows() == [("06", "06", True)]
    assert history.programmes[c.UNITS_SUM].to_list() == [500.0]


def test_a_first_quarter_reads_no_activities(warehouse: Warehouse) -> None:
    rows: list[int] = []

    def counting(judged: Judged, _: History) -> pl.DataFrame:
        rows.append(judged.activities.height)
        return pl.DataFrame(schema=FINDINGS)

    consolidate(warehouse, OWN_06, judge=Judge(counting, revised_by_policy))
    assert rows == [0]


def test_a_finding_is_known_since_the_workbook_that_first_told_it(warehouse: Warehouse) -> None:
    said = finding("R05", "06", **{c.FIELD: "annual_target"})
    other = finding("R07", "06", **{c.FIELD: "reported_progress"})
    consolidate(warehouse, book("a", [activity("06", 1, THREE, THREE)], findings=[said]), quarter=1)
    # Two of the same sender in one run: the later one inherits what the one between knew.
    second = book("b", [activity("06", 1, THREE, THREE)], findings=[said])
    third = book("c", [activity("06", 1, THREE, THREE)], findings=[said, other], received_at=LATER)
    consolidate(warehouse, second, third, quarter=2)
    received = IN_TIME.replace(tzinfo=None, hour=11)
    assert told(warehouse, "regla", "conocida_trimestre", "conocida_desde", quarter=2) == [
        ("R05", 1, received),
        ("R07", 2, received + timedelta(days=1)),
    ]


def test_what_was_healed_in_between_is_new_again(warehouse: Warehouse) -> None:
    said = finding("R05", "06", **{c.FIELD: "annual_target"})
    rows = [activity("06", 1, THREE, THREE)]
    for quarter, findings in ((1, [said]), (2, []), (3, [said])):
        consolidate(warehouse, book(f"q{quarter}", rows, findings=findings), quarter=quarter)
    assert told(warehouse, "conocida_trimestre", quarter=3) == [(3,)]


def test_history_findings_are_known_since_too(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_07, quarter=3, judge=LATENESS)
    again = book("07-b", [activity("07", 1, THREE, (3, 3, 2, 0))], received_at=TOO_LATE + timedelta(days=1))
    consolidate(warehouse, OWN_07, again, quarter=3, judge=LATENESS)
    since = TOO_LATE.replace(tzinfo=None, hour=11)
    assert told(warehouse, "regla", "conocida_desde", quarter=3) == [("T05", since)]


def test_a_judgement_as_its_version_has_it(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_07, judge=LATENESS)
    published = queries.as_published(warehouse, 1)
    assert published.told[c.RULE].to_list() == ["T05"]
    assert published.units.rows() == [("07", "observado", 100.0, 0, 0)]
    assert published.judged.units[c.VERDICT].to_list() == ["aceptado"]


def test_a_workbook_judged_before_asked_cells_were_kept_keeps_its_quality(warehouse: Warehouse) -> None:
    old = judged(OWN_07)
    nulled = replace(
        old,
        files=old.files.with_columns(pl.lit(None, pl.Int64).alias(c.ASKED)),
        units=old.units.with_columns(pl.lit(None, pl.Int64).alias(c.ASKED)),
    )
    with beginning(warehouse) as run:
        run.load(nulled, [OWN_07.receipt])
        run.publish(totals([OWN_07], 1), LATENESS)
    row = queries.view(warehouse, "v_entregas").filter(ur="07")
    assert row.select("estado", "calidad").rows() == [("observado", 97.5)]
