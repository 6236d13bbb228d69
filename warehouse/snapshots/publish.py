"""The snapshot of a quarter: a version of who speaks for which UR, and of what it is told beside the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, insert, update

from schemas.contracts import columns as c
from warehouse.database.keys import Keys
from warehouse.decisions import closings
from warehouse.history.first_reported import record_history_findings, record_own_findings, reported_before
from warehouse.history.inputs import QuarterHistory
from warehouse.schema.decision_tables import DEFINITIVE, PRELIMINARY
from warehouse.schema.snapshot_tables import snapshot
from warehouse.schema.tables import PROVENANCE
from warehouse.snapshots import answers, changes, versions
from warehouse.snapshots.amendments import DefinitiveVersion, amended_candidate, definitive_version
from warehouse.snapshots.candidate import CandidateSnapshot, Setting, SnapshotContent, candidate_snapshot
from warehouse.snapshots.checksums import digest_and_checksums
from warehouse.submissions.current import CandidateSubmissions, candidate_submissions
from warehouse.submissions.registry import JUDGEMENT_ID


@dataclass(frozen=True)
class Published:
    """A quarter's current version; ``new`` is False where the same set stood already.

    ``kept``: the quarter is closed, and something is kept that would make another version of it if it were open;
    ``kept_units`` are the URs of which that would say something else.
    """

    version: int
    new: bool
    digest: str
    year: int
    quarter: int
    state: str = PRELIMINARY
    kept: bool = False
    kept_units: tuple[str, ...] = ()


def publish(connection: Connection, keys: Keys, setting: Setting, run_id: int, now: datetime) -> Published:
    """Publishes the quarter's set as its next version, or nothing where the last version says that very thing.

    That is where the set, what it is told in history scope, what is waived and the traffic light are the same. Of a
    closed quarter only what exceptions open is published.
    """
    window = setting.window
    found = candidate_submissions(connection, window.year, window.quarter)
    draft = candidate_snapshot(connection, found.not_withdrawn, setting)
    last = versions.last_version(connection, window.year, window.quarter)
    basis = draft.basis(setting)
    if last is not None and last.basis == basis:
        return _standing(last)
    _remember(connection, draft, last)
    saying = draft.content(connection, setting)
    following, kept = _Next(saying, draft.past, draft.answers, basis, last), None
    if last is not None:
        closed = closings.closing_of(connection, window) is not None
        if versions.has_content(connection, last, saying) and (
            closed or answers.shows(connection, last.id, draft.answers)
        ):
            connection.execute(update(snapshot).where(snapshot.c.id == last.id).values(basis=basis))
            return _standing(last)
        if closed:
            definitive = definitive_version(connection, last)
            opened = _of_closed(connection, setting, found, definitive, following)
            if opened is None:
                return replace(
                    _standing(last), kept=True, kept_units=_other_units(saying.statuses, definitive.standing)
                )
            following, kept = opened, saying
    published = _published(connection, keys, setting, run_id, now, following)
    if kept is None:
        return published
    others = _other_units(kept.statuses, following.content.statuses)
    return replace(published, kept=following.basis is None, kept_units=others)


@dataclass(frozen=True)
class _Next:
    """A version to store."""

    content: SnapshotContent
    past: QuarterHistory
    answers: pl.DataFrame
    basis: str | None
    last: Row[*tuple[Any, ...]] | None
    state: str = PRELIMINARY

    @property
    def version(self) -> int:
        """Its number."""
        return 1 if self.last is None else int(self.last.version) + 1


def _of_closed(
    connection: Connection, setting: Setting, found: CandidateSubmissions, last: DefinitiveVersion, as_open: _Next
) -> _Next | None:
    """What may follow the ``last`` version of a closed quarter, of which ``as_open`` would be the next; None: nothing.

    Where something is kept it has no basis: the next run has to find out anew what of it may be published.
    """
    opened = amended_candidate(connection, found, last, closings.exceptions(connection, setting.window), setting)
    if opened is None or versions.has_content(connection, last.row, opened[0]):
        return None
    allowed, past = opened
    basis = as_open.basis if _alike(as_open.content, allowed) else None
    spoken = allowed.statuses[JUDGEMENT_ID].drop_nulls().to_list()
    given = answers.known_by(as_open.answers, last.row.run_id, spoken)
    return _Next(allowed, past, given, basis, last.row, DEFINITIVE)


def _published(
    connection: Connection, keys: Keys, setting: Setting, run_id: int, now: datetime, following: _Next
) -> Published:
    """Stores the version; ``now`` is UTC."""
    window, saying = setting.window, following.content
    values = {
        "id": keys.take(snapshot),
        "year": window.year,
        c.QUARTER: window.quarter,
        "version": following.version,
        "state": following.state,
        "run_id": run_id,
        "published_at": now,
        "digest_columns": setting.digest_columns,
        "basis": following.basis,
        **saying.light.model_dump(),
        **dict(zip(PROVENANCE, astuple(setting.provenance), strict=True)),
    }
    connection.execute(insert(snapshot).values(**values, digest=""))
    told = versions.store(connection, keys, values["id"], saying.statuses, saying.history)
    answers.store(connection, values["id"], following.answers)
    record_history_findings(connection, reported_before(connection, _before(following.past, told)), told)
    for against in (following.last, versions.last_before(connection, window.year, window.quarter)):
        if against is not None:
            changes.store(connection, keys, values["id"], against, window.quarter, setting.form)
    digest = digest_and_checksums(connection, values["id"])
    connection.execute(update(snapshot).where(snapshot.c.id == values["id"]).values(digest=digest))
    return Published(values["version"], True, digest, window.year, window.quarter, following.state)


def _remember(connection: Connection, draft: CandidateSnapshot, last: Row[*tuple[Any, ...]] | None) -> None:
    """Since when the findings are known of workbooks judged since the last version."""
    fresh = draft.found.workbooks.filter(pl.col("run_id") > (last.run_id if last is not None else 0))
    record_own_findings(connection, draft.found, draft.past.previous_judgements, fresh[JUDGEMENT_ID].to_list())


def _standing(last: Row[*tuple[Any, ...]]) -> Published:
    return Published(last.version, False, last.digest, last.year, last.quarter, last.state)


def _before(past: QuarterHistory, told: pl.DataFrame) -> pl.DataFrame:
    """The workbooks before those that were told anything."""
    return past.previous_judgements.filter(pl.col(JUDGEMENT_ID).is_in(told[c.FILE_ID].unique().implode()))


def _alike(one: SnapshotContent, other: SnapshotContent) -> bool:
    compared = (c.FILE_ID, *versions.FINDING_COLUMNS, c.WAIVER_ID)
    told = [Counter(saying.history.findings.select(compared).rows()) for saying in (one, other)]
    waived = [set(saying.history.waived.rows()) for saying in (one, other)]
    return (
        one.light == other.light
        and told[0] == told[1]
        and waived[0] == waived[1]
        and not _other_units(one.statuses, other.statuses)
    )


def _other_units(one: pl.DataFrame, other: pl.DataFrame) -> tuple[str, ...]:
    """The URs of which the two say something else."""
    rows = [set(said.select(versions.STATUS_COLUMNS).rows()) for said in (one, other)]
    return tuple(sorted({row[0] for row in rows[0] ^ rows[1]}))
