"""What was said to units by mail: one row a message, and the receipts that it acknowledged."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from schemas.contracts import columns as c
from warehouse.schema.decision_tables import metadata

__all__ = ["FAILED", "OUTBOX", "SENDING", "SENT", "message", "message_receipt", "metadata"]

# `sending` is written before a message is handed over: where a killed run left it, nobody knows whether it arrived.
SENDING: Final = "sending"
SENT: Final = "sent"
FAILED: Final = "failed"
# The channel of what lies in a folder; any other is a server's.
OUTBOX: Final = "outbox"

# `content` is a SHA-256 over what the message is about and says, and makes its Message-ID; `told` one over the findings
# that it reports, null where it reports none; `submission_id` the workbook that it is about. Instants are UTC.
message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column(c.UNIT_CODE, Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column(c.QUARTER, Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("told", Text),
    Column("submission_id", Integer, ForeignKey("submission.id")),
    Column("recipient", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_tried_at", DateTime, nullable=False),
    Column("sent_at", DateTime),
    Column("reason", Text),
    UniqueConstraint("content"),
    Index(None, "year", c.QUARTER),
)

# A submission whose receipt the message acknowledged.
message_receipt = Table(
    "message_receipt",
    metadata,
    Column("message_id", Integer, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("submission_id", Integer, ForeignKey("submission.id"), primary_key=True, autoincrement=False),
)
