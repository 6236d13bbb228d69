"""What the office decides about a quarter: its closing, exceptions to it, and submissions taken back."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Date, DateTime, Integer, Table, Text, UniqueConstraint

from schemas.contracts import columns as c
from warehouse.schema.metadata import key, parent
from warehouse.schema.snapshot_tables import metadata

__all__ = ["DEFINITIVE", "PRELIMINARY", "closing", "closing_exception", "metadata", "withdrawal"]

PRELIMINARY: Final = "preliminar"
DEFINITIVE: Final = "definitivo"


def _by() -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in ("author", "reason")]


# A quarter that is closed: what comes later is kept, not published. `closed_at` is UTC.
closing = Table(
    "closing",
    metadata,
    key(),
    Column("year", Integer, nullable=False),
    Column(c.QUARTER, Integer, nullable=False),
    parent("run"),
    *_by(),
    Column("closed_at", DateTime, nullable=False),
    UniqueConstraint("year", c.QUARTER),
)

# What opens a closed quarter again: for one UR, or for all (null), to what is received or decided up to `until`. Its
# run is null where it was granted before that was kept.
closing_exception = Table(
    "closing_exception",
    metadata,
    key(),
    Column("year", Integer, nullable=False),
    Column(c.QUARTER, Integer, nullable=False),
    Column(c.UNIT_CODE, Text),
    *_by(),
    Column("granted_at", DateTime, nullable=False),
    Column("until", Date, nullable=False),
    Column("run_id", Integer),
)

# A submission taken back, until the same bytes are received again later than that. Instants are UTC, days the office's;
# the run that readmitted it is null where that was before it was kept.
withdrawal = Table(
    "withdrawal",
    metadata,
    key(),
    parent("submission"),
    parent("run"),
    *_by(),
    Column("withdrawn_at", DateTime, nullable=False),
    Column("withdrawn_on", Date, nullable=False),
    Column("readmitted_at", DateTime),
    Column("readmitted_on", Date),
    Column("readmitted_run_id", Integer),
)
