"""A version's rows: storing them, and telling whether the last one says the same."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, and_, select

from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS
from warehouse.database.bulk import insert_frame, read_frame
from warehouse.database.keys import Keys
from warehouse.history.apply import HISTORY_FINDINGS, HistoryResult
from warehouse.schema.decision_tables import DEFINITIVE, closing
from warehouse.schema.snapshot_tables import snapshot, snapshot_unit, snapshot_waiver
from warehouse.schema.tables import finding
from warehouse.snapshots.candidate import SnapshotContent
from warehouse.submissions.current import UNIT_STATUS
from warehouse.submissions.load import numbered
from warehouse.submissions.registry import JUDGEMENT_ID

_UNIT: Final = (*UNIT_STATUS, c.FINDINGS_WAIVED)
# By what two versions' words of a UR are told apart: its name may be corrected without a new version.
STATUS_COLUMNS: Final = (c.UNIT_CODE, "status", JUDGEMENT_ID, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED)
# What a finding of history scope is stored of, beside its keys.
FINDING_COLUMNS: Final = tuple(
    name for name in FINDINGS if name not in (c.FILE_ID, c.WAIVED, c.KNOWN_QUARTER, c.KNOWN_SINCE, c.ANSWER)
)


def last_version(connection: Connection, year: int, quarter: int) -> Row[*tuple[Any, ...]] | None:
    """The quarter's last published version, or None."""
    of_quarter = select(snapshot).where(snapshot.c.year == year, snapshot.c.quarter == quarter)
    return connection.execute(of_quarter.order_by(snapshot.c.version.desc()).limit(1)).first()


def last_before(
    connection: Connection, year: int, quarter: int, before_run: int | None = None
) -> Row[*tuple[Any, ...]] | None:
    """The current version of the last quarter of the year before ``quarter`` that has one, or None; with ``before_run``
    what that was before that run.
    """
    earlier = select(snapshot).where(snapshot.c.year == year, snapshot.c.quarter < quarter)
    if before_run is not None:
        earlier = earlier.where(snapshot.c.run_id < before_run)
    return connection.execute(earlier.order_by(snapshot.c.quarter.desc(), snapshot.c.version.desc()).limit(1)).first()


def first_run_after(connection: Connection, version: Row[*tuple[Any, ...]]) -> int | None:
    """The first run that a version does not cover: the one that superseded it, else the first after the closing of its
    quarter; None where the version is current and its quarter open.
    """
    same_quarter = and_(snapshot.c.year == version.year, snapshot.c.quarter == version.quarter)
    later = select(snapshot.c.run_id).where(same_quarter, snapshot.c.version == version.version + 1)
    next_run: int | None = connection.execute(later).scalar()
    if next_run is None and version.state == DEFINITIVE:
        closed = select(closing.c.run_id).where(closing.c.year == version.year, closing.c.quarter == version.quarter)
        next_run = 1 + max(version.run_id, connection.execute(closed).scalar() or 0)
    return next_run


def store(
    connection: Connection, keys: Keys, snapshot_id: int, said: pl.DataFrame, came: HistoryResult
) -> pl.DataFrame:
    """Stores who speaks, the version's own findings and what it waives; the findings with their keys, the column id."""
    of_version = pl.lit(snapshot_id, pl.Int64).alias("snapshot_id")
    insert_frame(connection, snapshot_unit, numbered(keys, snapshot_unit, said.select(_UNIT).with_columns(of_version)))
    told = numbered(keys, finding, came.findings)
    rows = told.select(
        "id", pl.col(c.FILE_ID).alias(JUDGEMENT_ID), of_version, *FINDING_COLUMNS, pl.lit(value=False).alias(c.WAIVED)
    )
    insert_frame(connection, finding, rows)
    theirs = told.drop_nulls(c.WAIVER_ID).select(pl.col("id").alias("finding_id"), c.WAIVER_ID)
    insert_frame(connection, snapshot_waiver, pl.concat([came.waived, theirs]).with_columns(of_version))
    return told


def history_findings_of(connection: Connection, snapshot_id: int, judgement_id: int | None = None) -> pl.DataFrame:
    """TOLD of a stored version, or of one of its judgements; file_id is the judgement's key."""
    rows = (
        select(finding.c.judgement_id, *(finding.c[name] for name in FINDING_COLUMNS), snapshot_waiver.c.waiver_id)
        .outerjoin(
            snapshot_waiver,
            (snapshot_waiver.c.snapshot_id == finding.c.snapshot_id) & (snapshot_waiver.c.finding_id == finding.c.id),
        )
        .where(finding.c.snapshot_id == snapshot_id)
    )
    if judgement_id is not None:
        rows = rows.where(finding.c.judgement_id == judgement_id)
    types = {name: HISTORY_FINDINGS[name] for name in (c.FILE_ID, *FINDING_COLUMNS, c.WAIVER_ID)}
    return read_frame(connection, rows.order_by(finding.c.id), types)


def waived_by(connection: Connection, snapshot_id: int) -> pl.DataFrame:
    """finding_id, waiver_id: which findings of its judgements themselves a stored version waives."""
    rows = (
        select(snapshot_waiver.c.finding_id, snapshot_waiver.c.waiver_id)
        .join(finding, finding.c.id == snapshot_waiver.c.finding_id)
        .where(snapshot_waiver.c.snapshot_id == snapshot_id, finding.c.snapshot_id.is_(None))
    )
    return read_frame(connection, rows, {"finding_id": pl.Int64, c.WAIVER_ID: pl.Int64})


def waived_own(connection: Connection, snapshot_id: int, judgement_id: int) -> pl.Series:
    """Whether the version waives each finding of the judgement itself, in their order."""
    used = (
        select(finding.c.id, snapshot_waiver.c.waiver_id)
        .outerjoin(
            snapshot_waiver,
            (snapshot_waiver.c.snapshot_id == snapshot_id) & (snapshot_waiver.c.finding_id == finding.c.id),
        )
        .where(finding.c.judgement_id == judgement_id, finding.c.snapshot_id.is_(None))
    )
    found = read_frame(connection, used.order_by(finding.c.id), {"id": pl.Int64, c.WAIVER_ID: pl.Int64})
    return found[c.WAIVER_ID].is_not_null()


def has_content(connection: Connection, last: Row[*tuple[Any, ...]], saying: SnapshotContent) -> bool:
    """Whether the stored version ``last`` says just that."""
    light = saying.light
    if (last.green, last.amber, last.blue) != (light.green, light.amber, light.blue):
        return False
    stored = connection.execute(
        select(*(snapshot_unit.c[name] for name in STATUS_COLUMNS)).where(snapshot_unit.c.snapshot_id == last.id)
    )
    if {tuple(row) for row in stored} != set(saying.statuses.select(STATUS_COLUMNS).rows()):
        return False
    told = history_findings_of(connection, last.id)
    if Counter(told.rows()) != Counter(saying.history.findings.select(told.columns).rows()):
        return False
    return set(waived_by(connection, last.id).rows()) == set(saying.history.waived.rows())
