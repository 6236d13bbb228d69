"""The office's decisions about a quarter, sealed under its last version so that an altered or deleted one is named.

A decision may come after the last version, and need not make another. So every run that decides or publishes seals all
of the quarter's decisions anew, with its versions and their states; an earlier version has no such parts any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Select, Text, cast, delete, func, insert, literal_column, select

from schemas.contracts import columns as c
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.schema.decision_tables import closing, closing_exception, withdrawal
from warehouse.snapshots.checksums import checksums_of

# A column that names its row for people.
ABOUT: Final = "about"
VERSIONS: Final = "version"
SECTIONS: Final = (VERSIONS, "closing", "exception", "withdrawal")
# What of a decision is sealed, in this order; it stays so, as for digests (digest_columns.py).
CLOSING_COLUMNS: Final = ("year", c.QUARTER, "run_id", "author", "reason", "closed_at")
EXCEPTION_COLUMNS: Final = ("year", c.QUARTER, "author", "reason", "granted_at", "until", "run_id")
WITHDRAWAL_COLUMNS: Final = (
    *("run_id", "author", "reason", "withdrawn_at", "withdrawn_on"),
    *("readmitted_at", "readmitted_on", "readmitted_run_id"),
)

Rows = Select[*tuple[Any, ...]]


def seal_decisions(connection: Connection, year: int, quarter: int) -> None:
    """Seals the quarter's decisions as they stand under its last version; nothing where it has none."""
    of_quarter = (v.snapshot.c.year == year, v.snapshot.c.quarter == quarter)
    versions = list(
        connection.execute(select(v.snapshot.c.id).where(*of_quarter).order_by(v.snapshot.c.version)).scalars()
    )
    if not versions:
        return
    theirs = (v.snapshot_part.c.snapshot_id.in_(versions), v.snapshot_part.c.section.in_(SECTIONS))
    connection.execute(delete(v.snapshot_part).where(*theirs))
    for section, rows in sealed_sections(year, quarter):
        parts = list(checksums_of(connection, versions[-1], section, rows))
        if parts:
            connection.execute(insert(v.snapshot_part), parts)


def is_sealed(connection: Connection, snapshot_id: int) -> bool:
    """Whether the decisions of its quarter are sealed under this version."""
    under = (v.snapshot_part.c.snapshot_id == snapshot_id, v.snapshot_part.c.section == VERSIONS)
    return connection.execute(select(v.snapshot_part.c.part).where(*under).limit(1)).first() is not None


def sealed_sections(year: int, quarter: int) -> Iterator[tuple[str, Rows]]:
    """The sections sealed, and their rows; each begins with a workbook's hash, or with a name for people."""
    stood = ("version", "state", "run_id", "digest", *t.PROVENANCE)
    number = (literal_column("'version '", Text) + cast(v.snapshot.c.version, Text)).label(ABOUT)
    versions = select(number, *(v.snapshot.c[name] for name in stood))
    yield VERSIONS, versions.where(v.snapshot.c.year == year, v.snapshot.c.quarter == quarter)
    whole = literal_column("'the quarter'", Text).label(ABOUT)
    closings = select(whole, *(closing.c[name] for name in CLOSING_COLUMNS))
    yield "closing", closings.where(closing.c.year == year, closing.c.quarter == quarter)
    opened = closing_exception.c
    whose = func.coalesce(literal_column("'UR '", Text) + opened[c.UNIT_CODE], literal_column("'every UR'", Text))
    exceptions = select(whose.label(ABOUT), *(opened[name] for name in EXCEPTION_COLUMNS))
    yield "exception", exceptions.where(opened.year == year, opened.quarter == quarter)
    columns = [withdrawal.c[name] for name in WITHDRAWAL_COLUMNS]
    taken = select(t.submission.c.sha256, t.submission.c.sender, *columns)
    of_quarter = (t.submission.c.year == year, t.submission.c.quarter == quarter)
    yield "withdrawal", taken.join_from(withdrawal, t.submission).where(*of_quarter)
