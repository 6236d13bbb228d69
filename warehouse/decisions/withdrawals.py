"""Submissions taken back: kept for ever, but speaking for no UR until the same bytes are received again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, Select, func, insert, select, update

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from schemas.contracts.submission import Submission
from warehouse.database.bulk import read_frame
from warehouse.database.keys import Keys
from warehouse.schema.decision_tables import withdrawal
from warehouse.schema.tables import submission
from warehouse.submissions.registry import naive_utc

# The submissions of a quarter as they were first received; `received_at` is UTC, `withdrawn` whether it is taken back.
SUBMISSIONS: Final[Contract] = {
    "id": pl.Int64,
    **dict.fromkeys((c.FILE, c.SHA256, c.SENDER), pl.String),
    c.BYTES: pl.Int64,
    c.RECEIVED_AT: pl.Datetime,
    "withdrawn": pl.Boolean,
}


@dataclass(frozen=True)
class Decision:
    """Who decided it, and why."""

    author: str
    reason: str


def withdrawn_submissions(before_run: int | None = None) -> Select[*tuple[Any, ...]]:
    """The submissions that are withdrawn; with ``before_run`` those that were before that run."""
    taken = withdrawal.c
    if before_run is None:
        return select(taken.submission_id).where(taken.readmitted_at.is_(None))
    readmitted = taken.readmitted_at.is_not(None) & (func.coalesce(taken.readmitted_run_id, 0) < before_run)
    return select(taken.submission_id).where(taken.run_id < before_run, ~readmitted)


def submissions(connection: Connection, window: Window) -> pl.DataFrame:
    """SUBMISSIONS of the quarter, the first received first."""
    named = [submission.c[name] for name in SUBMISSIONS if name != "withdrawn"]
    rows = select(*named, submission.c.id.in_(withdrawn_submissions()))
    wanted = rows.where(submission.c.year == window.year, submission.c.quarter == window.quarter)
    return read_frame(connection, wanted.order_by(submission.c.received_at, submission.c.id), SUBMISSIONS)


def withdraw(
    connection: Connection,
    keys: Keys,
    taken: Sequence[int],
    by: Decision,
    *,
    run_id: int,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Takes the submissions back."""
    shared = {
        "run_id": run_id,
        "author": by.author,
        "reason": by.reason,
        "withdrawn_at": naive_utc(now),
        "withdrawn_on": now.astimezone(zone).date(),
    }
    first = keys.take(withdrawal, len(taken))
    rows = [{"id": first + i, "submission_id": key, **shared} for i, key in enumerate(taken)]
    connection.execute(insert(withdrawal), rows)


def readmit(
    connection: Connection, window: Window, receipts: Iterable[Submission], zone: ZoneInfo, *, run_id: int
) -> None:
    """Lets those speak again whose bytes were received later than they were taken back.

    Their receipt stays the first one, and with it whether they came in time.
    """
    back = select(withdrawal.c.id, withdrawal.c.withdrawn_at, submission.c.sha256, submission.c.sender).join(submission)
    of_quarter = (submission.c.year == window.year, submission.c.quarter == window.quarter)
    rows = connection.execute(back.where(*of_quarter, withdrawal.c.readmitted_at.is_(None))).all()
    received = {receipt.key: receipt for receipt in sorted(receipts, key=lambda one: one.received_at)} if rows else {}
    for row in rows:
        receipt = received.get((row.sha256, row.sender))
        if receipt is not None and naive_utc(receipt.received_at) > row.withdrawn_at:
            again = {
                "readmitted_at": naive_utc(receipt.received_at),
                "readmitted_on": receipt.received_at.astimezone(zone).date(),
                "readmitted_run_id": run_id,
            }
            connection.execute(update(withdrawal).where(withdrawal.c.id == row.id).values(**again))
