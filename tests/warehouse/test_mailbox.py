"""The ledger of messages on both databases: intended, settled, tried again; and one sender at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from judged_batches import activity, book, consolidate
from sqlalchemy import event

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
    assert acknowledged(filled, 2024, 3) == {1}


def test_one_that_failed_is_tried_again_as_itself(filled: Warehouse) -> None:
    record_attempt(filled, ENTRY, "smtp", NOW)
    record_outcome(filled, ENTRY.content, NOW, "550 no such mailbox")
    [row] = messages(filled, 2024, 3).iter_rows(named=True)
    assert (row["state"], row["reason"]) == ("failed", "550 no such mailbox")
    assert acknowledged(filled, 2024, 3) == set()
    record_attempt(filled, replace(ENTRY, recipient="otra@example.gob.mx"), "outbox", NOW)
    [again] = messages(filled, 2024, 3).iter_rows(named=True)
    assert (again["id"], again["attempts"], again["state"], again["reason"]) == (row["id"], 2, "sending", None)
    assert (again["recipient"], again["channel"]) == ("otra@example.gob.mx", "outbox")


def test_a_quarters_messages_acknowledge_its_submissions(filled: Warehouse) -> None:
    record_attempt(filled, ENTRY, "outbox", NOW)
    assert acknowledged(filled, 2024, 3) == set()  # not sent yet
    record_outcome(filled, ENTRY.content, NOW)
    assert acknowledged(filled, 2024, 3) == {1}
    assert acknowledged(filled, 2024, 3, outbox=False) == set()
    assert acknowledged(filled, 2024, 2) == acknowledged(filled, 2023, 3) == set()
    earlier = replace(ENTRY, quarter=2, content="cd" * 32)
    record_attempt(filled, earlier, "smtp", NOW)
    record_outcome(filled, earlier.content, NOW)
    assert (acknowledged(filled, 2024, 2), acknowledged(filled, 2024, 3, outbox=False)) == ({1}, set())


def test_acknowledged_submissions_are_found_without_reading_other_quarters(upgraded_sqlite: Path) -> None:
    asked: list[tuple[str, Any]] = []
    with open_warehouse(f"sqlite:///{upgraded_sqlite}") as warehouse:
        event.listen(warehouse.engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        acknowledged(warehouse, 2024, 3)
        [(statement, parameters)] = [one for one in asked if one[0].startswith("SELECT")]
        with warehouse.engine.connect() as connection:
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert [step for step in steps if step.startswith("SCAN")] == []


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


def test_a_lock_file_that_cannot_be_opened_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "poa.db.sending").mkdir()
    with (
        open_warehouse(f"sqlite:///{tmp_path / 'poa.db'}") as warehouse,
        pytest.raises(WarehouseError, match=r"the lock file .*poa\.db\.sending cannot be opened .*may write it"),
        sending_alone(warehouse, wait=0.01),
    ):
        pass
