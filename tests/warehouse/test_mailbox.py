"""The ledger of messages on both databases: intended, settled, tried again; and one sender at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from judged_batches import activity, book, consolidate

from warehouse.connect import Warehouse, open_warehouse
from warehouse.database.engine import WarehouseError
from warehouse.mail.message_log import (
    Message,
    acknowledged,
    messages,
    received_submissions,
    record_attempt,
    record_outcome,
)
from warehouse.mail.send_lock import sending_alone

NOW = datetime(2024, 10, 10, 18, tzinfo=UTC)
ENTRY = Message("report", "06", 2024, 3, "ab" * 32, "f" * 64, 1, (1,), "ur06@example.gob.mx")


@pytest.fixture
def filled(warehouse: Warehouse) -> Warehouse:
    consolidate(warehouse, book("one", [activity("06", 1, (1, 1, 1, 1), (1, 1, 1, None))], sender="06"))
    return warehouse


def test_a_message_is_recorded_before_it_goes_and_after(filled: Warehouse) -> None:
    record_attempt(filled, ENTRY, "smtp", NOW)
    assert messages(filled, 2024, 3).select("state", "attempts", "sent_at").rows() == [("sending", 1, None)]
    record_outcome(filled, ENTRY.content, NOW)
    [row] = messages(filled, 2024, 3).iter_rows(named=True)
    assert (row["state"], row["sent_at"]) == ("sent", datetime(2024, 10, 10, 18))
    assert acknowledged(filled, [row["id"]]) == {1}


def test_one_that_failed_is_tried_again_as_itself(filled: Warehouse) -> None:
    record_attempt(filled, ENTRY, "smtp", NOW)
    record_outcome(filled, ENTRY.content, NOW, "550 no such mailbox")
    [row] = messages(filled, 2024, 3).iter_rows(named=True)
    assert (row["state"], row["reason"]) == ("failed", "550 no such mailbox")
    assert acknowledged(filled, [row["id"]]) == set()
    record_attempt(filled, replace(ENTRY, recipient="otra@example.gob.mx"), "outbox", NOW)
    [again] = messages(filled, 2024, 3).iter_rows(named=True)
    assert (again["id"], again["attempts"], again["state"], again["reason"]) == (row["id"], 2, "sending", None)
    assert (again["recipient"], again["channel"]) == ("otra@example.gob.mx", "outbox")


def test_a_reminder_is_about_no_submission(filled: Warehouse) -> None:
    record_attempt(filled, replace(ENTRY, kind="opening", told=None, submission_id=None, receipts=()), "smtp", NOW)
    assert messages(filled, 2024, 3)["submission_id"].to_list() == [None]
    assert messages(filled, 2024, 2).is_empty()


def test_receipts_are_of_what_was_not_taken_back(filled: Warehouse) -> None:
    [row] = received_submissions(filled, 2024, 3).iter_rows(named=True)
    assert (row["sender"], row["verdict"], row["latest"], row["on_time"]) == ("06", "aceptado", True, True)


def test_only_one_sends_at_a_time(filled: Warehouse, upgraded_url: str) -> None:
    with open_warehouse(upgraded_url) as other:
        with sending_alone(filled, wait=0.01):
            record_attempt(other, ENTRY, "smtp", NOW)  # others may write meanwhile
            with pytest.raises(WarehouseError, match="another poa send or poa remind"), sending_alone(other, wait=0.01):
                pass
        with sending_alone(other, wait=0.01):
            assert messages(other, 2024, 3).height == 1
