"""The tables, the same on SQLite and PostgreSQL; ``migrations/`` builds them.

Keys are integers that the one writer of a transaction allots (``keys.py``). Amounts are pesos, progress a
ratio 0-1, quality an index 0-100, quarters 1-4; instants are UTC without zone unless the name says otherwise.
Every fact and finding carries the sheet and row that it was read from.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from schemas import columns as c

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

PROVENANCE: Final = ("rules_sha256", "form_sha256", "policy_sha256", "catalogs_sha256")
COUNTS: Final = ("seen", "accepted", "observed", "rejected", "unchanged", "skipped")
ROWS: Final = (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)

AnyColumn: TypeAlias = "Column[Any]"


def _key() -> AnyColumn:
    return Column("id", Integer, primary_key=True, autoincrement=False)


def _parent(table: str, *, name: str | None = None, **options: Any) -> AnyColumn:
    options.setdefault("nullable", False)
    return Column(name or f"{table}_id", Integer, ForeignKey(f"{table}.id"), **options)


def _wanted(kind: type[TypeEngine[Any]], *names: str) -> list[AnyColumn]:
    return [Column(name, kind, nullable=False) for name in names]


def _maybe(kind: type[TypeEngine[Any]], *names: str) -> list[AnyColumn]:
    return [Column(name, kind) for name in names]


# A responsible unit as the catalogue had it from `valid_from` until `valid_to` (null: still).
unit = Table(
    "unit",
    metadata,
    _key(),
    *_wanted(Text, c.CODE, c.NAME),
    *_maybe(Text, "parent", "contact"),
    *_wanted(DateTime, "valid_from"),
    *_maybe(DateTime, "valid_to"),
    UniqueConstraint(c.CODE, "valid_from"),
)

# One run and its control totals; `outcome` is published, unchanged, kept (stored, not published), or, of a quarter that
# it closed or opened again, closed or opened.
run = Table(
    "run",
    metadata,
    _key(),
    *_wanted(DateTime, "started"),
    *_maybe(DateTime, "finished"),
    *_wanted(Integer, "year", c.QUARTER),
    *_wanted(Text, "command"),
    *_maybe(Text, "outcome"),
    *_maybe(Integer, *COUNTS, *ROWS),
)

# One workbook's bytes received for a quarter; immutable. `received_local` is the instant on the office's
# clocks; `sender` is the UR that its folder or file name tells, '' where neither does.
submission = Table(
    "submission",
    metadata,
    _key(),
    *_wanted(Integer, "year", c.QUARTER),
    *_wanted(Text, c.SHA256, c.FILE),
    *_wanted(Integer, c.BYTES),
    *_wanted(Text, c.SENDER),
    *_wanted(DateTime, "received_at", "received_local"),
    *_wanted(Boolean, "on_time"),
    UniqueConstraint("year", c.QUARTER, c.SHA256, c.SENDER),
)

# A submission read under stated rules, form, policy and catalogues. `sender` is the principal UR read in it,
# else the submission's. `last_run_id` is the last run that came to this judgement: the highest is the latest
# one. `asked` counts the cells that the form asks for; null where it was judged before that was kept.
judgement = Table(
    "judgement",
    metadata,
    _key(),
    _parent("submission"),
    *_wanted(Text, *PROVENANCE),
    _parent("run"),
    _parent("run", name="last_run_id"),
    *_wanted(Text, c.SENDER),
    *_maybe(Text, c.FORM),
    *_maybe(Integer, c.FISCAL_YEAR),
    *_wanted(Text, c.VERDICT),
    *_maybe(Double, c.QUALITY),
    *_maybe(Integer, c.ASKED),
    *_wanted(Integer, *ROWS),
    UniqueConstraint("submission_id", *PROVENANCE, name="uq_judgement_submission_id_provenance"),
)

# What a judgement says of one UR, its quarter's history apart; `level` is principal or derived.
judgement_unit = Table(
    "judgement_unit",
    metadata,
    _key(),
    _parent("judgement"),
    *_wanted(Text, c.UNIT_CODE),
    *_maybe(Text, c.UNIT_NAME),
    *_wanted(Text, c.LEVEL, c.VERDICT),
    *_maybe(Double, c.QUALITY),
    *_maybe(Integer, c.ASKED),
    *_wanted(Integer, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED, c.FINDINGS),
    UniqueConstraint("judgement_id", c.UNIT_CODE),
)

header_value = Table(
    "header_value",
    metadata,
    _key(),
    _parent("judgement"),
    *_wanted(Text, c.FIELD),
    *_maybe(Text, c.CODE, c.TEXT, c.SHEET),
    *_maybe(Integer, c.ROW, c.COL),
    UniqueConstraint("judgement_id", c.FIELD),
)

# `level` is programme, principal or derived; the programme has no unit_code. `columns` (JSON) names the column of each
# value, `assigned_amount__half` is half of the range that the amount stands for.
budget_line = Table(
    "budget_line",
    metadata,
    _key(),
    _parent("judgement"),
    *_wanted(Integer, c.LINE),
    *_wanted(Text, c.LEVEL),
    *_maybe(Text, c.UNIT_CODE, c.UNIT_NAME),
    *_maybe(Double, c.ASSIGNED_AMOUNT, c.half(c.ASSIGNED_AMOUNT), *c.EXERCISED, c.REPORTED_PROGRESS),
    *_maybe(Text, c.COMMENTS, c.SHEET),
    *_maybe(Integer, c.ROW),
    *_maybe(Text, c.COLUMNS),
    UniqueConstraint("judgement_id", c.LINE),
)

# An accepted activity; its calendar lies in activity_quarter. `measure` is measure_unit in its canonical spelling,
# `reading` how its figures add up over quarters: sum, last, average or maximum.
activity = Table(
    "activity",
    metadata,
    _key(),
    _parent("judgement"),
    *_wanted(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_maybe(Text, c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE),
    *_maybe(Double, c.ASSIGNED_AMOUNT),
    *_maybe(Text, c.MEASURE_UNIT, c.MEASURE),
    Column(c.READING, Text, nullable=False, server_default="sum"),
    *_maybe(Double, c.ANNUAL_TARGET, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS),
    *_maybe(Text, c.PURPOSE, c.JUSTIFICATION),
    *_wanted(Text, c.SHEET),
    *_wanted(Integer, c.PAGE, c.ROW),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE, c.ROW),
)

# `achieved` of a quarter after the reported one is null: not due, whatever the unit wrote.
activity_quarter = Table(
    "activity_quarter",
    metadata,
    _parent("activity", primary_key=True, autoincrement=False),
    Column(c.QUARTER, Integer, primary_key=True, autoincrement=False),
    *_maybe(Double, "planned", "achieved"),
    sqlite_with_rowid=False,  # the widest table: stored once, by its key, instead of twice
)

# A printed page with a table of activities; `columns` (JSON) names the column of each value of its rows.
form_page = Table(
    "form_page",
    metadata,
    _key(),
    _parent("judgement"),
    *_wanted(Text, c.SHEET),
    *_wanted(Integer, c.PAGE),
    *_maybe(Integer, c.TOP_ROW, c.BOTTOM_ROW),
    *_maybe(Text, c.COLUMNS),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE),
)

quarantined_row = Table(
    "quarantined_row",
    metadata,
    _key(),
    _parent("judgement"),
    *_maybe(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_wanted(Text, c.SHEET),
    *_wanted(Integer, c.PAGE, c.ROW),
    *_maybe(Text, c.RULES, c.CELLS, c.PROPOSAL),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE, c.ROW),
)

# A filled cell beyond the core of the form; `field` is null where its column is none of the form's, and `label` is then
# the text over it, or null.
extra_value = Table(
    "extra_value",
    metadata,
    _key(),
    _parent("judgement", index=True),
    *_maybe(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_maybe(Text, c.FIELD, c.LABEL),
    *_wanted(Text, c.VALUE, c.SHEET),
    *_wanted(Integer, c.ROW, c.COL),
    *_wanted(Text, c.CELL),
)

# What a unit answered in the sheet of observations that came back with a workbook, beside what that sheet says of the
# finding answered. It is kept whether or not that finding still stands.
answer = Table(
    "answer",
    metadata,
    _key(),
    _parent("judgement", index=True),
    *_wanted(Text, c.RULE),
    *_maybe(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_maybe(Text, c.LABEL, c.SHEET, c.CELL),
    *_wanted(Text, c.ANSWER),
)

# A finding without unit_code is about the whole workbook, one without cell about the whole file. Those of history
# scope belong to the version that told them, `snapshot_id`; the others (null) to their judgement, whatever the version.
# `waived` is as it was judged: which findings a version waives is told by snapshot_waiver.
finding = Table(
    "finding",
    metadata,
    _key(),
    _parent("judgement", index=True),
    _parent("snapshot", nullable=True),
    *_wanted(Text, c.RULE, c.SEVERITY),
    *_maybe(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_maybe(Text, c.SHEET),
    *_maybe(Integer, c.ROW, c.COL),
    *_maybe(Text, c.CELL, c.FIELD, c.LABEL, c.VALUE, c.EXPECTED),
    *_maybe(Double, c.DIFFERENCE),
    *_wanted(Text, c.MESSAGE),
    *_maybe(Double, c.POINTS),
    *_wanted(Boolean, c.WAIVED),
    # Partial, for nearly all findings have none.
    Index(
        "ix_finding_snapshot_id",
        "snapshot_id",
        sqlite_where=text("snapshot_id IS NOT NULL"),
        postgresql_where=text("snapshot_id IS NOT NULL"),
    ),
)

# The submission that first told what a finding says again, where another workbook did so before its own.
known_finding = Table(
    "known_finding",
    metadata,
    _parent("finding", primary_key=True, autoincrement=False),
    _parent("submission"),
)

# A published version of a quarter, with the traffic light's bounds of then; `state` is preliminar or definitivo.
# `basis` is a SHA-256 over all that the version was last made of: the same again needs no comparing. The provenance is
# what it was published under; null where it was published before that was kept.
snapshot = Table(
    "snapshot",
    metadata,
    _key(),
    *_wanted(Integer, "year", c.QUARTER, "version"),
    Column("state", Text, nullable=False, default="preliminar", server_default="preliminar"),
    *_wanted(DateTime, "published_at"),
    _parent("run"),
    *_wanted(Text, "digest"),
    *_wanted(Double, "green", "amber", "blue"),
    *_maybe(Text, "basis", *PROVENANCE),
    UniqueConstraint("year", c.QUARTER, "version"),
)

# Short hashes of the rows that a version is proven by, in their order: `rows` (JSON) is a list of key and hashes, the
# key being a UR or the start of a workbook's hash; `part` counts the digest's parts of a section from 0.
snapshot_part = Table(
    "snapshot_part",
    metadata,
    _parent("snapshot", primary_key=True, autoincrement=False),
    Column("section", Text, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    *_wanted(Text, "rows"),
)

# Who speaks for a UR: `status` is aceptado, observado, rechazado or faltante (then without judgement). Status, quality
# and counts are those of this version, its history findings and waivers included; `findings` leaves out the waived.
snapshot_unit = Table(
    "snapshot_unit",
    metadata,
    _key(),
    _parent("snapshot"),
    *_wanted(Text, c.UNIT_CODE, c.UNIT_NAME, "status"),
    _parent("judgement", nullable=True),
    *_maybe(Double, c.QUALITY),
    *_maybe(Integer, c.FINDINGS, c.FINDINGS_WAIVED),
    UniqueConstraint("snapshot_id", c.UNIT_CODE),
    Index(None, "judgement_id"),
)

# A finding that need not be answered, from the quarter in which it was granted to the last one that ends by `until`.
# It holds for as long as the finding is of the same UR (of the workbook's sender where it names none), activity, field
# and value; sheet and cell are where it stood then. `granted_at` is UTC.
waiver = Table(
    "waiver",
    metadata,
    _key(),
    *_wanted(Integer, "year", c.QUARTER),
    *_wanted(Text, c.RULE, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_maybe(Text, c.FIELD, c.VALUE, c.SHEET, c.CELL),
    *_wanted(Text, "reason", "author"),
    *_wanted(DateTime, "granted_at"),
    *_wanted(Date, "until"),
)

# A finding that a version lists as waived, and why.
snapshot_waiver = Table(
    "snapshot_waiver",
    metadata,
    _parent("snapshot", primary_key=True, autoincrement=False),
    _parent("finding", primary_key=True, autoincrement=False),
    _parent("waiver"),
)

# What a unit answered to a finding that a version lists: the last answer that came by then to what it says again.
snapshot_answer = Table(
    "snapshot_answer",
    metadata,
    _parent("snapshot", primary_key=True, autoincrement=False),
    _parent("finding", primary_key=True, autoincrement=False),
    _parent("answer"),
)

# A value that a version says otherwise than the one it is held against: the version before it, or the current one of
# the last quarter before when it was published. `submission_id` is where the value after comes from; null: it is gone.
change = Table(
    "change",
    metadata,
    _key(),
    _parent("snapshot", index=True),
    Column("against_id", Integer, ForeignKey("snapshot.id"), nullable=False),
    *_wanted(Text, c.UNIT_CODE),
    *_maybe(BigInteger, c.ACTIVITY_NO),
    *_wanted(Text, c.FIELD, c.LABEL),
    *_maybe(Text, "before", "after"),
    _parent("submission", nullable=True),
)
