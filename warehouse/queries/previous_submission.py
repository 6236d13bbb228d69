"""The workbook before: what a unit had sent last when it sent this one, and what that was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, func, select

from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, REJECTED, conform
from warehouse.schema.snapshot_tables import snapshot_unit
from warehouse.schema.tables import judgement, submission
from warehouse.snapshots.versions import history_findings_of, last_before
from warehouse.submissions import stored
from warehouse.submissions.current import DELIVERED, RECEIVED_AT_ORDER, SUBMISSION_ID, candidate_submissions
from warehouse.submissions.holding import snapshot_membership
from warehouse.submissions.registry import JUDGEMENT_ID


@dataclass(frozen=True)
class PreviousSubmission:
    """The judgement of the workbook before, its quarter (1-4), when it was received (UTC), and the version by which it
    was told anything in history scope, if any.
    """

    judgement_id: int
    quarter: int
    received_at: datetime
    snapshot_id: int | None


def previous_submissions(connection: Connection, judgements: Iterable[int]) -> dict[int, PreviousSubmission]:
    """Of each judgement that has one: the same sender's former workbook of the quarter, else the one that spoke for the
    sender in the last earlier quarter. One that was taken back or rejected is none.
    """
    found: dict[int, int] = {}
    quarters: dict[tuple[int, int], tuple[pl.DataFrame, dict[str, int]]] = {}
    for sent in connection.execute(_receipts(list(judgements))):
        if not sent.sender:
            continue
        key = sent.year, sent.quarter
        if key not in quarters:
            quarters[key] = _standing(connection, *key), _spoke(connection, *key)
        former = _former(sent, *quarters[key])
        if former is not None:
            found[sent.id] = former
    return _with_receipt(connection, found)


def previous_findings(connection: Connection, before: PreviousSubmission) -> pl.DataFrame:
    """FINDINGS that the workbook before was told, those that were waived among them; file_id 0."""
    own = stored.read_judgement(connection, before.judgement_id).findings
    if before.snapshot_id is None:
        return own
    told = history_findings_of(connection, before.snapshot_id, before.judgement_id)
    return pl.concat([own, conform(told.with_columns(pl.lit(0, pl.Int64).alias(c.FILE_ID)), FINDINGS)])


def _receipts(judgements: list[int]) -> Any:
    named = (submission.c.year, submission.c.quarter, submission.c.received_at, judgement.c.submission_id)
    rows = select(judgement.c.id, judgement.c.sender, *named).join(submission)
    return rows.where(judgement.c.id.in_(judgements)).order_by(judgement.c.id)


def _standing(connection: Connection, year: int, quarter: int) -> pl.DataFrame:
    workbooks = candidate_submissions(connection, year, quarter).not_withdrawn.workbooks
    return workbooks.filter((pl.col(c.VERDICT) != REJECTED) & (pl.col(c.SENDER) != ""))


def _spoke(connection: Connection, year: int, quarter: int) -> dict[str, int]:
    """The judgement that spoke for each UR in the last earlier quarter of the year."""
    last = last_before(connection, year, quarter)
    if last is None:
        return {}
    said = snapshot_unit.c
    rows = select(said.unit_code, said.judgement_id).where(said.snapshot_id == last.id, said.status.in_(DELIVERED))
    return {row.unit_code: row.judgement_id for row in connection.execute(rows)}


def _former(sent: Row[*tuple[Any, ...]], standing: pl.DataFrame, spoke: dict[str, int]) -> int | None:
    mine = standing.filter(pl.col(c.SENDER) == sent.sender).sort(RECEIVED_AT_ORDER)
    earlier = mine.filter(
        (pl.col(c.RECEIVED_AT) < sent.received_at)
        | ((pl.col(c.RECEIVED_AT) == sent.received_at) & (pl.col(SUBMISSION_ID) < sent.submission_id))
    )
    return int(earlier[JUDGEMENT_ID][-1]) if earlier.height else spoke.get(sent.sender)


def _with_receipt(connection: Connection, found: dict[int, int]) -> dict[int, PreviousSubmission]:
    """``found`` with the receipts of the workbooks themselves, and the last version that each was in."""
    keys = set(found.values())
    held = snapshot_membership()
    last = func.max(held.c.snapshot_id)
    rows = (
        select(judgement.c.id, submission.c.quarter, submission.c.received_at, last)
        .join(submission)
        .outerjoin(held, held.c.judgement_id == judgement.c.id)
        .where(judgement.c.id.in_(keys))
        .group_by(judgement.c.id, submission.c.quarter, submission.c.received_at)
    )
    told = {
        key: PreviousSubmission(key, quarter, received.replace(tzinfo=UTC), snapshot_id)
        for key, quarter, received, snapshot_id in connection.execute(rows)
    }
    return {key: told[former] for key, former in found.items()}
