"""The tables of what was published: a quarter's versions, who speaks in them, what each waives and knows of before."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from schemas.contracts import columns as c
from warehouse.schema.metadata import key, maybe, parent, wanted
from warehouse.schema.tables import PROVENANCE
from warehouse.schema.tables import metadata as metadata

# A published version of a quarter, with the traffic light's bounds of then; `state` is preliminar or definitivo.
# `basis` is a SHA-256 over all that the version was last made of: the same again needs no comparing. The provenance is
# what it was published under; null where it was published before that was kept. `digest_columns` is the number of the
# list of columns that the digest covers.
snapshot = Table(
    "snapshot",
    metadata,
    key(),
    *wanted(Integer, "year", c.QUARTER, "version"),
    Column("state", Text, nullable=False, default="preliminar", server_default="preliminar"),
    *wanted(DateTime, "published_at"),
    parent("run"),
    *wanted(Text, "digest"),
    Column("digest_columns", Integer, nullable=False, server_default="1"),
    *wanted(Double, "green", "amber", "blue"),
    *maybe(Text, "basis", *PROVENANCE),
    UniqueConstraint("year", c.QUARTER, "version"),
)

# Short hashes of the rows that a version is proven by, in their order: `rows` (JSON) is a list of key and hashes, the
# key being a UR or the start of a workbook's hash; `part` counts the digest's parts of a section from 0.
snapshot_part = Table(
    "snapshot_part",
    metadata,
    parent("snapshot", primary_key=True, autoincrement=False),
    Column("section", Text, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    *wanted(Text, "rows"),
)

# Who speaks for a UR: `status` is aceptado, observado, rechazado or faltante (then without judgement). Status, quality
# and counts are those of this version, its history findings and waivers included; `findings` leaves out the waived.
snapshot_unit = Table(
    "snapshot_unit",
    metadata,
    key(),
    parent("snapshot"),
    *wanted(Text, c.UNIT_CODE, c.UNIT_NAME, "status"),
    parent("judgement", nullable=True),
    *maybe(Double, c.QUALITY),
    *maybe(Integer, c.FINDINGS, c.FINDINGS_WAIVED),
    UniqueConstraint("snapshot_id", c.UNIT_CODE),
    Index(None, "judgement_id"),
)

# The submission that first told what a finding says again, where another workbook did so before its own.
known_finding = Table(
    "known_finding",
    metadata,
    parent("finding", primary_key=True, autoincrement=False),
    parent("submission"),
)

# A finding that need not be answered, from the quarter in which it was granted to the last one that ends by `until`.
# It holds for as long as the finding is of the same UR (of the workbook's sender where it names none), activity, field
# and value; sheet and cell are where it stood then. `granted_at` is UTC.
waiver = Table(
    "waiver",
    metadata,
    key(),
    *wanted(Integer, "year", c.QUARTER),
    *wanted(Text, c.RULE, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *maybe(Text, c.FIELD, c.VALUE, c.SHEET, c.CELL),
    *wanted(Text, "reason", "author"),
    *wanted(DateTime, "granted_at"),
    *wanted(Date, "until"),
)

# A finding that a version lists as waived, and why.
snapshot_waiver = Table(
    "snapshot_waiver",
    metadata,
    parent("snapshot", primary_key=True, autoincrement=False),
    parent("finding", primary_key=True, autoincrement=False),
    parent("waiver"),
)

# What a unit answered to a finding that a version lists: the last answer that came by then to what it says again.
snapshot_answer = Table(
    "snapshot_answer",
    metadata,
    parent("snapshot", primary_key=True, autoincrement=False),
    parent("finding", primary_key=True, autoincrement=False),
    parent("answer"),
)

# A value that a version says otherwise than the one it is held against: the version before it, or the current one of
# the last quarter before when it was published. `submission_id` is where the value after comes from; null: it is gone.
change = Table(
    "change",
    metadata,
    key(),
    parent("snapshot", index=True),
    Column("against_id", Integer, ForeignKey("snapshot.id"), nullable=False),
    *wanted(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *wanted(Text, c.FIELD, c.LABEL),
    *maybe(Text, "before", "after"),
    parent("submission", nullable=True),
)
