"""The ledger of messages: what units were told already, what is being sent, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import delete, insert, select, update

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from warehouse.connect import Warehouse
from warehouse.database.bulk import read_frame
from warehouse.database.engine import writing
from warehouse.database.keys import Keys
from warehouse.decisions.withdrawals import withdrawn_submissions
from warehouse.queries.published import reading
from warehouse.schema.message import FAILED, OUTBOX, SENDING, SENT, message, message_receipt
from warehouse.schema.tables import judgement, submission
from warehouse.submissions.current import RECEIVED_LOCAL, SUBMISSION_ID
from warehouse.submissions.registry import JUDGEMENT_ID, naive_utc

WAIT: Final = 60.0  # seconds
BUSY: Final = "another process is writing; what was sent so far is recorded, send again when it has ended"

# Messages of a quarter, in the order in which they were first tried; instants are UTC.
MESSAGES: Final[Contract] = {
    "id": pl.Int64,
    **dict.fromkeys(("kind", c.UNIT_CODE, "content", "told"), pl.String),
    SUBMISSION_ID: pl.Int64,
    **dict.fromkeys(("recipient", "channel", "state"), pl.String),
    "attempts": pl.Int64,
    "sent_at": pl.Datetime,
    "reason": pl.String,
}
# Every judgement of a quarter's submissions that were not taken back, with its receipt on the office's clocks; `latest`
# is the one in force of its submission.
RECEIVED: Final[Contract] = {
    JUDGEMENT_ID: pl.Int64,
    SUBMISSION_ID: pl.Int64,
    **dict.fromkeys((c.SENDER, c.VERDICT, c.FILE, c.SHA256), pl.String),
    c.BYTES: pl.Int64,
    RECEIVED_LOCAL: pl.Datetime,
    c.ON_TIME: pl.Boolean,
}


@dataclass(frozen=True)
class Message:
    """A message as the ledger knows it: what it is, about what and to whom."""

    kind: str
    unit: str
    year: int
    quarter: int
    content: str
    told: str | None
    submission_id: int | None
    receipts: tuple[int, ...]
    recipient: str


def messages(warehouse: Warehouse, year: int, quarter: int) -> pl.DataFrame:
    """MESSAGES of the quarter, whatever became of them."""
    rows = select(*(message.c[name] for name in MESSAGES)).where(message.c.year == year, message.c.quarter == quarter)
    with reading(warehouse) as connection:
        return read_frame(connection, rows.order_by(message.c.id), MESSAGES)


def acknowledged(warehouse: Warehouse, year: int, quarter: int, *, outbox: bool = True) -> set[int]:
    """The quarter's submissions whose receipt a sent message acknowledged; without ``outbox``, one sent by a server."""
    sent = select(message.c.id).where(message.c.year == year, message.c.quarter == quarter, message.c.state == SENT)
    if not outbox:
        sent = sent.where(message.c.channel != OUTBOX)
    rows = select(message_receipt.c.submission_id).where(message_receipt.c.message_id.in_(sent))
    with reading(warehouse) as connection:
        return set(connection.execute(rows).scalars())


def received_submissions(warehouse: Warehouse, year: int, quarter: int) -> pl.DataFrame:
    """RECEIVED of the quarter and `latest`, the first received first; a sender that is not known is null."""
    of_judgement = (judgement.c.id, judgement.c.submission_id, judgement.c.sender, judgement.c.verdict)
    of_submission = [submission.c[name] for name in (c.FILE, c.SHA256, c.BYTES, RECEIVED_LOCAL, c.ON_TIME)]
    rows = select(*of_judgement, *of_submission, judgement.c.last_run_id).join(submission)
    rows = rows.where(
        submission.c.year == year, submission.c.quarter == quarter, submission.c.id.not_in(withdrawn_submissions())
    )
    schema: Contract = {**RECEIVED, "last_run_id": pl.Int64}
    with reading(warehouse) as connection:
        frame = read_frame(connection, rows.order_by(judgement.c.last_run_id, judgement.c.id), schema)
    last = pl.int_range(pl.len()).over(SUBMISSION_ID) == pl.len().over(SUBMISSION_ID) - 1
    return (
        frame.with_columns(last.alias("latest"), pl.col(c.SENDER).replace("", None))
        .drop("last_run_id")
        .sort(RECEIVED_LOCAL, SUBMISSION_ID, JUDGEMENT_ID)
    )


def record_attempt(warehouse: Warehouse, entry: Message, channel: str, moment: datetime) -> None:
    """Records, before it is handed over, that the message is being sent; one tried before is tried once more."""
    values = {
        c.UNIT_CODE: entry.unit,
        "told": entry.told,
        SUBMISSION_ID: entry.submission_id,
        "recipient": entry.recipient,
        "channel": channel,
        "state": SENDING,
        "sent_at": None,
        "reason": None,
    }
    with writing(warehouse.engine, WAIT, BUSY) as connection:
        found = select(message.c.id).where(message.c.content == entry.content)
        key = connection.execute(found).scalar()
        if key is None:
            key = Keys(connection).take(message)
            named = {"id": key, "kind": entry.kind, "year": entry.year, c.QUARTER: entry.quarter}
            first = {"content": entry.content, "attempts": 1, "first_tried_at": naive_utc(moment)}
            connection.execute(insert(message).values(**named, **first, **values))
        else:
            again = update(message).where(message.c.id == key)
            connection.execute(again.values(attempts=message.c.attempts + 1, **values))
            connection.execute(delete(message_receipt).where(message_receipt.c.message_id == key))
        rows: list[dict[str, Any]] = [{"message_id": key, SUBMISSION_ID: one} for one in entry.receipts]
        if rows:
            connection.execute(insert(message_receipt), rows)


def record_outcome(warehouse: Warehouse, content: str, moment: datetime, reason: str | None = None) -> None:
    """Records what became of a message that was intended: sent, or failed for ``reason``."""
    told = {"state": FAILED, "reason": reason} if reason else {"state": SENT, "sent_at": naive_utc(moment)}
    with writing(warehouse.engine, WAIT, BUSY) as connection:
        connection.execute(update(message).where(message.c.content == content).values(**told))
