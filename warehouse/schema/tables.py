"""The tables of what was received and judged, the same on SQLite and PostgreSQL; ``migrations/`` builds them.

Keys are integers that the one writer of a transaction allots (``keys.py``). Amounts are pesos, progress a
ratio 0-1, quality an index 0-100, quarters 1-4; instants are UTC without zone unless the name says otherwise.
Every fact and finding carries the sheet and row that it was read from.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from schemas.contracts import columns as c
from warehouse.schema.metadata import key, maybe, parent, wanted
from warehouse.schema.metadata import metadata as metadata

PROVENANCE: Final = ("rules_sha256", "form_sha256", "policy_sha256", "catalogs_sha256")
COUNTS: Final = ("seen", "accepted", "observed", "rejected", "unchanged", "skipped")
ROWS: Final = (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)

# A responsible unit as the catalogue had it from `valid_from` until `valid_to` (null: still).
unit = Table(
    "unit",
    metadata,
    key(),
    *wanted(Text, c.CODE, c.NAME),
    *maybe(Text, "parent", "contact"),
    *wanted(DateTime, "valid_from"),
    *maybe(DateTime, "valid_to"),
    UniqueConstraint(c.CODE, "valid_from"),
)

# One run and its control totals; `outcome` is published, unchanged, kept (stored, not published), or, of a quarter that
# it closed or opened again, closed or opened.
run = Table(
    "run",
    metadata,
    key(),
    *wanted(DateTime, "started"),
    *maybe(DateTime, "finished"),
    *wanted(Integer, "year", c.QUARTER),
    *wanted(Text, "command"),
    *maybe(Text, "outcome"),
    *maybe(Integer, *COUNTS, *ROWS),
)

# One workbook's bytes received for a quarter; immutable. `received_local` is the instant on the office's
# clocks; `sender` is the UR that its folder or file name tells, '' where neither does.
submission = Table(
    "submission",
    metadata,
    key(),
    *wanted(Integer, "year", c.QUARTER),
    *wanted(Text, c.SHA256, c.FILE),
    *wanted(Integer, c.BYTES),
    *wanted(Text, c.SENDER),
    *wanted(DateTime, "received_at", "received_local"),
    *wanted(Boolean, "on_time"),
    UniqueConstraint("year", c.QUARTER, c.SHA256, c.SENDER),
)

# A submission read under stated rules, form, policy and catalogues. `sender` is the principal UR read in it,
# else the submission's. `last_run_id` is the last run that came to this judgement: the highest is the latest
# one. `asked` counts the cells that the form asks for; null where it was judged before that was kept.
judgement = Table(
    "judgement",
    metadata,
    key(),
    parent("submission"),
    *wanted(Text, *PROVENANCE),
    parent("run"),
    parent("run", name="last_run_id"),
    *wanted(Text, c.SENDER),
    *maybe(Text, c.FORM),
    *maybe(Integer, c.FISCAL_YEAR),
    *wanted(Text, c.VERDICT),
    *maybe(Double, c.QUALITY),
    *maybe(Integer, c.ASKED),
    *wanted(Integer, *ROWS),
    UniqueConstraint("submission_id", *PROVENANCE, name="uq_judgement_submission_id_provenance"),
)

# What a judgement says of one UR, its quarter's history apart; `level` is principal or derived.
judgement_unit = Table(
    "judgement_unit",
    metadata,
    key(),
    parent("judgement"),
    *wanted(Text, c.UNIT_CODE),
    *maybe(Text, c.UNIT_NAME),
    *wanted(Text, c.LEVEL, c.VERDICT),
    *maybe(Double, c.QUALITY),
    *maybe(Integer, c.ASKED),
    *wanted(Integer, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED, c.FINDINGS),
    UniqueConstraint("judgement_id", c.UNIT_CODE),
)

header_value = Table(
    "header_value",
    metadata,
    key(),
    parent("judgement"),
    *wanted(Text, c.FIELD),
    *maybe(Text, c.CODE, c.TEXT, c.SHEET),
    *maybe(Integer, c.ROW, c.COL),
    UniqueConstraint("judgement_id", c.FIELD),
)

# `level` is programme, principal or derived; the programme has no unit_code. `columns` (JSON) names the column of each
# value, `assigned_amount__half` is half of the range that the amount stands for.
budget_line = Table(
    "budget_line",
    metadata,
    key(),
    parent("judgement"),
    *wanted(Integer, c.LINE),
    *wanted(Text, c.LEVEL),
    *maybe(Text, c.UNIT_CODE, c.UNIT_NAME),
    *maybe(Double, c.ASSIGNED_AMOUNT, c.half(c.ASSIGNED_AMOUNT), *c.EXERCISED, c.REPORTED_PROGRESS),
    *maybe(Text, c.COMMENTS, c.SHEET),
    *maybe(Integer, c.ROW),
    *maybe(Text, c.COLUMNS),
    UniqueConstraint("judgement_id", c.LINE),
)

# An accepted activity; its calendar lies in activity_quarter. `measure` is measure_unit in its canonical spelling,
# `reading` how its figures add up over quarters: sum, last, average or maximum.
activity = Table(
    "activity",
    metadata,
    key(),
    parent("judgement"),
    *wanted(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *maybe(Text, c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE),
    *maybe(Double, c.ASSIGNED_AMOUNT),
    *maybe(Text, c.MEASURE_UNIT, c.MEASURE),
    Column(c.READING, Text, nullable=False, server_default="sum"),
    *maybe(Double, c.ANNUAL_TARGET, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS),
    *maybe(Text, c.PURPOSE, c.JUSTIFICATION),
    *wanted(Text, c.SHEET),
    *wanted(Integer, c.PAGE, c.ROW),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE, c.ROW),
)

# `achieved` of a quarter after the reported one is null: not due, whatever the unit wrote.
activity_quarter = Table(
    "activity_quarter",
    metadata,
    parent("activity", primary_key=True, autoincrement=False),
    Column(c.QUARTER, Integer, primary_key=True, autoincrement=False),
    *maybe(Double, "planned", "achieved"),
    sqlite_with_rowid=False,  # the widest table: stored once, by its key, instead of twice
)

# A printed page with a table of activities; `columns` (JSON) names the column of each value of its rows.
form_page = Table(
    "form_page",
    metadata,
    key(),
    parent("judgement"),
    *wanted(Text, c.SHEET),
    *wanted(Integer, c.PAGE),
    *maybe(Integer, c.TOP_ROW, c.BOTTOM_ROW),
    *maybe(Text, c.COLUMNS),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE),
)

quarantined_row = Table(
    "quarantined_row",
    metadata,
    key(),
    parent("judgement"),
    *maybe(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *wanted(Text, c.SHEET),
    *wanted(Integer, c.PAGE, c.ROW),
    *maybe(Text, c.RULES, c.CELLS, c.PROPOSAL),
    UniqueConstraint("judgement_id", c.SHEET, c.PAGE, c.ROW),
)

# A filled cell beyond the core of the form; `field` is null where its column is none of the form's, and `label` is then
# the text over it, or null.
extra_value = Table(
    "extra_value",
    metadata,
    key(),
    parent("judgement", index=True),
    *maybe(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *maybe(Text, c.FIELD, c.LABEL),
    *wanted(Text, c.VALUE, c.SHEET),
    *wanted(Integer, c.ROW, c.COL),
    *wanted(Text, c.CELL),
)

# What a unit answered in the sheet of observations that came back with a workbook, beside what that sheet says of the
# finding answered. It is kept whether or not that finding still stands.
answer = Table(
    "answer",
    metadata,
    key(),
    parent("judgement", index=True),
    *wanted(Text, c.RULE),
    *maybe(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *maybe(Text, c.LABEL, c.SHEET, c.CELL),
    *wanted(Text, c.ANSWER),
)

# A finding without unit_code is about the whole workbook, one without cell about the whole file. Those of history
# scope belong to the version that told them, `snapshot_id`; the others (null) to their judgement, whatever the version.
# `waived` is as it was judged: which findings a version waives is told by snapshot_waiver.
finding = Table(
    "finding",
    metadata,
    key(),
    parent("judgement", index=True),
    parent("snapshot", nullable=True),
    *wanted(Text, c.RULE, c.SEVERITY),
    *maybe(Text, c.UNIT_CODE),
    *maybe(BigInteger, c.ACTIVITY_NO),
    *maybe(Text, c.SHEET),
    *maybe(Integer, c.ROW, c.COL),
    *maybe(Text, c.CELL, c.FIELD, c.LABEL, c.VALUE, c.EXPECTED),
    *maybe(Double, c.DIFFERENCE),
    *wanted(Text, c.MESSAGE),
    *maybe(Double, c.POINTS),
    *wanted(Boolean, c.WAIVED),
    # Partial, for nearly all findings have none.
    Index(
        "ix_finding_snapshot_id",
        "snapshot_id",
        sqlite_where=text("snapshot_id IS NOT NULL"),
        postgresql_where=text("snapshot_id IS NOT NULL"),
    ),
)
