"""Reading stored judgements back."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import polars as pl
import pytest
from judged_batches import (
    IN_TIME,
    TOO_LATE,
    activity,
    book,
    consolidate,
    extra,
    finding,
    judged,
    quarantined,
    rejected,
)
from polars.testing import assert_frame_equal

from schemas.contracts import columns as c
from schemas.contracts.frames import CONTRACTS
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError
from warehouse.queries import published

BOOK = book(
    "06-y-63",
    [
        activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 7), **{c.JUSTIFICATION: "Se cumplió"}),
        activity("63", 1, (1, 1, 1, 1), (1, None, 1, 0), amount=None),
    ],
    derived=["63"],
    sender="06",
    verdict="observado",
    findings=[finding("R08", "06", **{c.ACTIVITY_NO: 1, c.ROW: 21, c.COL: 9, c.POINTS: 4.2}), finding("A07")],
    quarantined=[quarantined("06", 30)],
    extra=[extra("06", 1, "Tepic"), extra(None, None, "F-1", **{c.FIELD: "folio"})],
)
ROTTEN = rejected("roto", "07")
NOBODYS = rejected("anónimo", None)
STRANGER = rejected("ur98", "98")


def test_a_judgement_comes_back_as_it_was_judged(warehouse: Warehouse) -> None:
    other = book("07", [activity("07", 1, (1, 1, 1, 1), (1, 1, 1, 0))])
    consolidate(warehouse, other, BOOK)
    stored = published.judged(warehouse, 2)
    wanted = judged(BOOK)
    not_due = wanted.activities.with_columns(pl.lit(None, pl.Float64).alias(c.ACHIEVED[3]))
    for name, frame in vars(replace(wanted, activities=not_due)).items():
        assert_frame_equal(getattr(stored, name), frame)


def test_a_rejected_judgement_has_empty_frames_of_the_contract(warehouse: Warehouse) -> None:
    consolidate(warehouse, NOBODYS)
    stored = published.judged(warehouse, 1)
    assert {f.name: getattr(stored, f.name).schema for f in fields(stored)} == CONTRACTS
    assert stored.files[c.SENDER].to_list() == [None]
    assert stored.activities.is_empty()
    assert stored.findings[c.RULE].to_list() == ["A01"]


def test_an_unknown_judgement_is_said_so(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="holds no judgement 7"):
        published.judged(warehouse, 7)


def test_workbooks_spoken_for_and_rejected_ones_that_nobody_answers_for(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOOK.received(TOO_LATE), ROTTEN, NOBODYS, STRANGER)
    frame = published.reported_workbooks(warehouse, 2024, 3)
    assert frame.select(c.FILE, c.SENDER, c.VERDICT, "on_time", c.QUALITY).rows() == [
        ("anónimo.xlsx", None, "rechazado", True, 0.0),
        ("06-y-63.xlsx", "06", "observado", False, 95.5),
        ("roto.xlsx", "07", "rechazado", True, 0.0),
        ("ur98.xlsx", "98", "rechazado", True, 0.0),
    ]
    assert frame["received_at"].max() == TOO_LATE
    assert published.judged(warehouse, frame["judgement_id"][1]).units[c.UNIT_CODE].to_list() == ["06", "63"]


def test_an_old_version_has_its_own_workbooks(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOOK, NOBODYS)
    after = book("07", [activity("07", 1, (1, 1, 1, 1), (1, 1, 1, 0))], received_at=IN_TIME + timedelta(days=1))
    consolidate(warehouse, BOOK, after, STRANGER)
    assert published.reported_workbooks(warehouse, 2024, 3, version=1)[c.FILE].to_list() == [
        "anónimo.xlsx",
        "06-y-63.xlsx",
    ]
    assert set(published.reported_workbooks(warehouse, 2024, 3)[c.FILE]) == {
        "anónimo.xlsx",
        "06-y-63.xlsx",
        "07.xlsx",
        "ur98.xlsx",
    }


@pytest.mark.parametrize(("version", "said"), [(None, "nothing was published"), (2, "no version 2 was published")])
def test_a_quarter_or_version_that_was_not_published(warehouse: Warehouse, version: int | None, said: str) -> None:
    consolidate(warehouse, BOOK, quarter=3 if version else 4)
    with pytest.raises(WarehouseError, match=f"{said} for 2024 T3; run poa consolidate"):
        published.reported_workbooks(warehouse, 2024, 3, version)


def test_text_that_a_database_refuses_is_mended(warehouse: Warehouse) -> None:
    row = activity(
        "06", 10**12, (3, 3, 3, 3), (3, float("nan"), 3, 0), **{c.ROW: 21, c.PURPOSE: "fin\x00al 'x' %s ? :y"}
    )
    consolidate(warehouse, book("x", [row]))
    stored = published.judged(warehouse, 1).activities
    assert stored[c.PURPOSE].to_list() == ["fin\N{REPLACEMENT CHARACTER}al 'x' %s ? :y"]
    assert stored[c.ACHIEVED[1]].to_list() == [None]
    assert stored[c.ACTIVITY_NO].to_list() == [10**12]
