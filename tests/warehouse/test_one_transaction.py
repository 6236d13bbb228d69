"""A consolidation is one transaction: all of it or nothing, and one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from judged_batches import (
    IN_TIME,
    QUIET,
    RULES,
    TOO_LATE,
    UNITS,
    activity,
    beginning,
    book,
    consolidate,
    judged,
    quarantined,
    totals,
    window,
)
from sqlalchemy import func, select

from warehouse.connect import Warehouse, WarehouseError, open_warehouse
from warehouse.consolidation import ControlError, ControlTotals
from warehouse.queries import published as queries
from warehouse.queries.runs import outcome_of
from warehouse.schema import tables

BOOK = book(
    "06",
    [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0))],
    quarantined=[quarantined("06", 30)],
    verdict="observado",
)
EMPTY = dict.fromkeys(tables.metadata.tables, 0)


def test_what_was_loaded_and_published_is_there(warehouse: Warehouse) -> None:
    published = consolidate(warehouse, BOOK)
    assert (published.year, published.quarter, published.version, published.new) == (2024, 3, 1, True)
    assert counts(warehouse) == {
        "unit": len(UNITS),
        "run": 1,
        "submission": 1,
        "judgement": 1,
        "judgement_unit": 1,
        "header_value": 1,
        "budget_line": 2,
        "activity": 1,
        "activity_quarter": 4,
        "form_page": 1,
        "quarantined_row": 1,
        "extra_value": 0,
        "finding": 0,
        "known_finding": 0,
        "snapshot": 1,
        "snapshot_unit": 3,
        "waiver": 0,
        "snapshot_waiver": 0,
        "answer": 0,
        "snapshot_answer": 0,
        "change": 0,
        "snapshot_part": 12,
        "closing": 0,
        "closing_exception": 0,
        "withdrawal": 0,
        "message": 0,
        "message_receipt": 0,
    }


def test_an_exception_in_the_middle_leaves_nothing(warehouse: Warehouse) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted(warehouse, KeyboardInterrupt())
    assert counts(warehouse) == EMPTY


def test_a_runs_outcome_is_known_by_its_key_and_its_start(warehouse: Warehouse) -> None:
    with suppress(RuntimeError), beginning(warehouse) as first:
        first.load(judged(BOOK), [BOOK.receipt])
        raise RuntimeError
    assert outcome_of(warehouse, first.run_id, first.started) is None
    with beginning(warehouse) as second:
        second.load(judged(BOOK), [BOOK.receipt])
        second.publish(totals([BOOK], 1), QUIET)
    assert second.run_id == first.run_id
    assert outcome_of(warehouse, first.run_id, first.started) is None
    assert outcome_of(warehouse, second.run_id, second.started) == ("published", 1)


def test_after_an_interrupted_run_the_next_ends_as_if_it_had_never_been(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError, match="killed"):
        _interrupted(warehouse, RuntimeError("killed"))
    assert consolidate(warehouse, BOOK).version == 1
    assert counts(warehouse)["judgement"] == 1


RIGHT = totals([BOOK], 1)


@pytest.mark.parametrize(
    ("control", "complaint"),
    [
        (replace(RIGHT, seen=2), "workbooks seen 2 is not accepted .* 1"),
        (replace(RIGHT, rows_found=3), r"rows found 3 is not accepted \+ quarantined 2"),
        (replace(RIGHT, rows_found=3, rows_accepted=2), "rows accepted 2 is not stored as activities 1"),
        (
            replace(RIGHT, rows_found=1, rows_quarantined=0),
            "rows quarantined 0 is not stored in quarantine 1",
        ),
    ],
)
def test_totals_that_do_not_add_up_publish_nothing(
    warehouse: Warehouse, control: ControlTotals, complaint: str
) -> None:
    with pytest.raises(ControlError, match=complaint):
        _publish(warehouse, control)
    assert counts(warehouse) == EMPTY


def test_the_run_keeps_its_control_totals(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOOK)
    consolidate(warehouse, BOOK)
    named = (tables.run.c[name] for name in ("outcome", "seen", "observed", "unchanged", *tables.ROWS))
    with warehouse.engine.connect() as connection:
        rows = connection.execute(select(*named).order_by(tables.run.c.id))
        assert [tuple(row) for row in rows] == [
            ("published", 1, 1, 0, 2, 1, 1),
            ("unchanged", 1, 0, 1, 0, 0, 0),
        ]


def test_a_run_that_does_not_publish_keeps_its_judgements(warehouse: Warehouse) -> None:
    with beginning(warehouse) as run:
        run.load(judged(BOOK), [BOOK.receipt])
    found = counts(warehouse)
    assert (found["judgement"], found["snapshot"]) == (1, 0)


def test_a_second_consolidation_at_once_is_refused(warehouse: Warehouse, upgraded_url: str) -> None:
    with beginning(warehouse) as run, open_warehouse(upgraded_url) as other:
        run.load(judged(BOOK), [BOOK.receipt])
        with (
            pytest.raises(WarehouseError, match=r"another consolidation is in progress.*POA_LOCK_TIMEOUT"),
            beginning(other, lock_timeout=0),
        ):
            pass
        run.publish(totals([BOOK], 1), QUIET)
    assert consolidate(warehouse, BOOK).version == 1


def test_readers_go_on_while_a_consolidation_writes(warehouse: Warehouse, upgraded_url: str) -> None:
    consolidate(warehouse, BOOK)
    with beginning(warehouse, quarter=4) as run:
        run.load(judged(BOOK), [BOOK.receipt])
        with open_warehouse(upgraded_url) as reader:
            assert queries.view(reader, "v_avance_unidad").height == 1


def test_many_batches_go_into_the_one_transaction(warehouse: Warehouse) -> None:
    units = [f"{n:02}" for n in range(1, 31)]
    books = [book(code, [activity(code, 1, (1, 1, 1, 1), (1, 1, 1, 0))]) for code in units]
    with beginning(warehouse) as run:
        for start in range(0, 30, 7):
            batch = books[start : start + 7]
            run.load(judged(*batch), [one.receipt for one in batch])
        run.publish(totals(books, 30), QUIET)
    assert queries.view(warehouse, "v_avance_unidad")["ur"].to_list() == units


def test_receipts_of_other_files_are_refused(warehouse: Warehouse) -> None:
    other = book("07", [activity("07", 1, (1, 1, 1, 1), (1, 1, 1, 0))])
    with pytest.raises(ValueError, match="receipts are not those"), beginning(warehouse) as run:
        run.load(judged(BOOK, other), [other.receipt, BOOK.receipt])


def test_a_submission_keeps_its_first_receipt(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOOK.received(TOO_LATE))
    consolidate(warehouse, BOOK.received(IN_TIME), provenance=replace(RULES, rules="r2"))
    assert _stamp(warehouse) == {"06": (TOO_LATE.replace(tzinfo=None, hour=11), False)}


@pytest.mark.parametrize(("hour", "on_time"), [(6, True), (7, False)])
def test_the_last_day_ends_at_midnight_of_the_office(warehouse: Warehouse, hour: int, on_time: bool) -> None:
    # Mazatlán is seven hours behind UTC: 06:59 UTC of the 16th is 23:59 of the 15th, the last day.
    assert window(3).closes.day == 15
    consolidate(warehouse, BOOK.received(IN_TIME.replace(day=16, hour=hour, minute=59)))
    assert _stamp(warehouse)["06"][1] is on_time


def test_a_window_of_another_quarter_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match="the window is of 2024 T2"), beginning(warehouse, window=window(2)):
        pass


def _publish(warehouse: Warehouse, control: ControlTotals) -> None:
    with beginning(warehouse) as run:
        run.load(judged(BOOK), [BOOK.receipt])
        run.publish(control, QUIET)


def _interrupted(warehouse: Warehouse, by: BaseException) -> None:
    with beginning(warehouse) as run:
        run.load(judged(BOOK), [BOOK.receipt])
        run.publish(totals([BOOK], 1), QUIET)
        raise by


def counts(warehouse: Warehouse) -> Mapping[str, int]:
    with warehouse.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }


def _stamp(warehouse: Warehouse) -> dict[str, tuple[object, object]]:
    frame = queries.view(warehouse, "v_entregas").filter(estado="observado")
    return {ur: (received, on_time) for ur, received, on_time in frame.select("ur", "recibida_en", "oportuna").rows()}
