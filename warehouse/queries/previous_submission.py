"""The workbook before: what a unit had sent last when it sent this one, and what that was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, func, select

from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, REJECTED, Contract, conform
from warehouse.database.bulk import read_frame
from warehouse.decisions.withdrawals import withdrawn_submissions
from warehouse.schema.snapshot_tables import snapshot, snapshot_unit
from warehouse.schema.tables import judgement, submission
from warehouse.snapshots.versions import first_run_after, history_findings_of, last_before
from warehouse.submissions import stored
from warehouse.submissions.current import DELIVERED, RECEIVED_AT_ORDER, SUBMISSION_ID, latest_judgements
from warehouse.submissions.holding import snapshot_membership
from warehouse.submissions.registry import JUDGEMENT_ID

_SENT: Final[Contract] = {
    **dict.fromkeys((JUDGEMENT_ID, SUBMISSION_ID), pl.Int64),
    c.SENDER: pl.String,
    c.RECEIVED_AT: pl.Datetime,
}


@dataclass(frozen=True)
class PreviousSubmission:
    """The judgement of the workbook before, its quarter (1-4), when it was received (UTC), and the version by which it
    was told anything in history scope, if any.
    """

    judgement_id: int
    quarter: int
    received_at: datetime
    snapshot_id: int | None


def previous_submissions(
    connection: Connection, version: Row[*tuple[Any, ...]], judgements: Iterable[int]
) -> dict[int, PreviousSubmission]:
    """Of each judgement of a version that has one: the sender's previous submission of the quarter, else the sender's
    current submission in the last earlier quarter. One that is withdrawn or rejected is none.

    All is as it was before the first run that the version does not cover.
    """
    until = first_run_after(connection, version)
    mine = _not_withdrawn(connection, version, until)
    earlier_quarter = _of_earlier_quarter(connection, version, until)
    found: dict[int, int] = {}
    for sent in connection.execute(_receipts(list(judgements))):
        previous = _previous(sent, mine, earlier_quarter) if sent.sender else None
        if previous is not None:
            found[sent.id] = previous
    return _with_receipt(connection, found, until)


def previous_findings(connection: Connection, before: PreviousSubmission) -> pl.DataFrame:
    """FINDINGS that the workbook before was told, those that were waived among them; file_id 0."""
    own = stored.read_judgement(connection, before.judgement_id).findings
    if before.snapshot_id is None:
        return own
    told = history_findings_of(connection, before.snapshot_id, before.judgement_id)
    return pl.concat([own, conform(told.with_columns(pl.lit(0, pl.Int64).alias(c.FILE_ID)), FINDINGS)])


def _receipts(judgements: list[int]) -> Any:
    named = (submission.c.received_at, judgement.c.submission_id)
    rows = select(judgement.c.id, judgement.c.sender, *named).join(submission)
    return rows.where(judgement.c.id.in_(judgements)).order_by(judgement.c.id)


def _not_withdrawn(connection: Connection, version: Row[*tuple[Any, ...]], until: int | None) -> pl.DataFrame:
    """judgement_id, submission_id, sender, received_at (UTC) of the quarter's workbooks that were read, in order of
    receipt.
    """
    last = latest_judgements(version.year, version.quarter, until).subquery()
    rows = select(*(last.c[name] for name in _SENT)).where(
        last.c.verdict != REJECTED, last.c.sender != "", last.c.submission_id.not_in(withdrawn_submissions(until))
    )
    return read_frame(connection, rows, _SENT).sort(RECEIVED_AT_ORDER)


def _of_earlier_quarter(connection: Connection, version: Row[*tuple[Any, ...]], until: int | None) -> dict[str, int]:
    """The current submission's judgement of each UR in the last earlier quarter of the year."""
    last = last_before(connection, version.year, version.quarter, until)
    if last is None:
        return {}
    said = snapshot_unit.c
    rows = select(said.unit_code, said.judgement_id).where(said.snapshot_id == last.id, said.status.in_(DELIVERED))
    return {row.unit_code: row.judgement_id for row in connection.execute(rows)}


def _previous(sent: Row[*tuple[Any, ...]], received: pl.DataFrame, earlier_quarter: dict[str, int]) -> int | None:
    earlier = received.filter(
        pl.col(c.SENDER) == sent.sender,
        (pl.col(c.RECEIVED_AT) < sent.received_at)
        | ((pl.col(c.RECEIVED_AT) == sent.received_at) & (pl.col(SUBMISSION_ID) < sent.submission_id)),
    )
    return int(earlier[JUDGEMENT_ID][-1]) if earlier.height else earlier_quarter.get(sent.sender)


def _with_receipt(connection: Connection, found: dict[int, int], until: int | None) -> dict[int, PreviousSubmission]:
    """``found`` with the receipts of the workbooks themselves, and the last version that each was in."""
    keys = set(found.values())
    held = snapshot_membership()
    in_version = held.c.judgement_id == judgement.c.id
    if until is not None:
        in_version &= held.c.snapshot_id.in_(select(snapshot.c.id).where(snapshot.c.run_id < until))
    last = func.max(held.c.snapshot_id)
    rows = (
        select(judgement.c.id, submission.c.quarter, submission.c.received_at, last)
        .join(submission)
        .outerjoin(held, in_version)
        .where(judgement.c.id.in_(keys))
        .group_by(judgement.c.id, submission.c.quarter, submission.c.received_at)
    )
    told = {
        key: PreviousSubmission(key, quarter, received.replace(tzinfo=UTC), snapshot_id)
        for key, quarter, received, snapshot_id in connection.execute(rows)
    }
    return {key: told[previous] for key, previous in found.items()}
