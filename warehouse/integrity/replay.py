"""Publishing a version again in a scratch warehouse, after the earlier ones that it is held against.

What a person or a clock gave is taken from the warehouse as it stands: submissions with their receipts, waivers,
closings, exceptions, withdrawals, and under what each version was published. The rest is derived anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from config.errors import UsageError
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.database.bulk import insert_frame
from warehouse.database.engine import writing
from warehouse.database.keys import Keys
from warehouse.integrity.discrepancy import OnDiscrepancy
from warehouse.integrity.row_diff import differing_rows
from warehouse.integrity.verification import files_by_hash, name_of, versions
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.schema.decision_tables import DEFINITIVE, closing, closing_exception, withdrawal
from warehouse.snapshots import publish as snapshot
from warehouse.snapshots.candidate import Setting
from warehouse.snapshots.publish import Published
from warehouse.submissions import load
from warehouse.submissions.provenance import Provenance
from warehouse.submissions.registry import JUDGEMENT_ID

AnyRow = Row[*tuple[Any, ...]]
READMITTED: Final = ("readmitted_at", "readmitted_on", "readmitted_run_id")
ALONE: Final = "the scratch warehouse is in use"


@dataclass(frozen=True)
class ReplayedSubmission:
    """A workbook to judge again: its submission, and the judgement that it gave under ``provenance``."""

    judgement_id: int
    submission_id: int
    run_id: int
    sha256: str
    file: str
    bytes: int
    sender: str | None
    provenance: Provenance


@dataclass(frozen=True)
class Step:
    """A version to publish again: its row, when its run began (UTC), what it was published under, its workbooks."""

    version: AnyRow
    began: datetime
    provenance: Provenance
    workbooks: Sequence[ReplayedSubmission]


def steps(stored: Connection, year: int, quarter: int, version: int) -> list[Step]:
    """The versions to publish again, in their order: the one asked for last.

    Those are the ones of earlier quarters that were current when it was published, the one before it where its quarter
    was closed already, and those that these were held against in turn. Raises UsageError where there is no such
    version.
    """
    published = versions(stored, year)
    wanted = [one for one in published if (one.quarter, one.version) == (quarter, version)]
    if not wanted:
        there = ", ".join(str(one.version) for one in published if one.quarter == quarter)
        raise UsageError(
            f"{year} T{quarter} has no version {version}; "
            + (f"there are {there}" if there else "nothing was published for it")
        )
    needed = {one.id: one for one in _needed(wanted[0], published)}
    chosen = [one for one in published if one.id in needed]
    return [_step(stored, one, _definitive_before(one, published)) for one in chosen]


def _needed(wanted: AnyRow, published: Sequence[AnyRow]) -> Iterator[AnyRow]:
    yield wanted
    for quarter in range(1, wanted.quarter):
        before = [one for one in published if one.quarter == quarter and one.run_id < wanted.run_id]
        if before:
            yield from _needed(before[-1], published)
    former = _definitive_before(wanted, published)
    if former is not None:
        yield from _needed(former, published)


def _definitive_before(version: AnyRow, published: Sequence[AnyRow]) -> AnyRow | None:
    """What an exception lets in is published over the version that was definitive."""
    before = (version.quarter, version.version - 1, DEFINITIVE)
    return next((one for one in published if (one.quarter, one.version, one.state) == before), None)


def _step(stored: Connection, version: AnyRow, former: AnyRow | None) -> Step:
    rows = select(
        t.judgement.c.id, t.submission.c.id, t.judgement.c.run_id, t.judgement.c.last_run_id, t.submission.c.sha256,
        t.submission.c.file, t.submission.c.bytes, t.submission.c.sender, *(t.judgement.c[n] for n in t.PROVENANCE),
    ).join_from(t.judgement, t.submission)  # fmt: skip
    of_quarter = (t.submission.c.year == version.year, t.submission.c.quarter == version.quarter)
    found = stored.execute(rows.where(*of_quarter, t.judgement.c.run_id <= version.run_id)).all()
    # What speaks in a version was the latest judgement then, unless it is carried over from the definitive one.
    speaking = _speaking(stored, version) - (_speaking(stored, former) if former is not None else set())
    stated = tuple(getattr(version, name) for name in t.PROVENANCE)
    latest: dict[int, tuple[Any, ...]] = {}
    for key, submission, run, last_run, *rest in found:
        # Which of a submission's judgements was the latest then: one that the version has, or was made like it.
        came = last_run if last_run <= version.run_id else run
        rank = (key in speaking, tuple(rest[4:]) == stated, came, key)
        latest[submission] = max(latest.get(submission, (rank, ())), (rank, (key, submission, run, *rest)))
    workbooks = [_workbook(row) for _, (_, row) in sorted(latest.items())]
    if stated[0] is None and not workbooks:
        raise WarehouseError(f"{name_of(version)} was published before it was kept under which configuration")
    # Published before that was kept: what its last judgement was made under.
    provenance = max(workbooks, key=lambda w: (w.run_id, w.judgement_id)).provenance if stated[0] is None else None
    began = stored.execute(select(t.run.c.started).where(t.run.c.id == version.run_id)).scalar_one()
    return Step(version, began, provenance or Provenance(*stated), workbooks)


def _speaking(stored: Connection, version: AnyRow) -> set[int]:
    spoken = select(v.snapshot_unit.c.judgement_id).where(v.snapshot_unit.c.snapshot_id == version.id)
    return set(stored.execute(spoken).scalars())


def _workbook(row: tuple[Any, ...]) -> ReplayedSubmission:
    key, submission, run, sha256, file, size, sender, *provenance = row
    return ReplayedSubmission(key, submission, run, sha256, file, size, sender or None, Provenance(*provenance))


def _as_of(decision: dict[str, Any], run: int, made: datetime) -> dict[str, Any]:
    """A decision as it stood then: what was readmitted since is still taken back."""
    if decision.get("readmitted_at") is None:
        return decision
    by = decision["readmitted_run_id"]
    readmitted = by <= run if by is not None else decision["readmitted_at"] <= made
    return decision if readmitted else decision | dict.fromkeys(READMITTED)


@contextmanager
def scratch_replay(stored: Connection, path: Path) -> Iterator[Replay]:
    """A scratch warehouse in the new file ``path``, to publish versions of ``stored`` in again."""
    with open_warehouse(f"sqlite:///{path}") as scratch, writing(scratch.engine, 0, ALONE) as connection:
        yield Replay(stored, connection)


class Replay:
    """The scratch warehouse: takes inputs as they were, judged workbooks, and publishes."""

    def __init__(self, stored: Connection, scratch: Connection) -> None:
        self._stored, self._scratch = stored, scratch
        self._keys = Keys(scratch)
        self._judged: set[int] = set()

    def receive(self, step: Step) -> dict[Provenance, list[ReplayedSubmission]]:
        """Takes the inputs that there were when the version was published; the workbooks to judge for it."""
        run, made = step.version.run_id, step.version.published_at
        judged = select(t.judgement.c.submission_id).where(t.judgement.c.run_id <= run)
        self._copy(t.run, t.run.c.id <= run)
        self._copy(t.submission, (t.submission.c.year == step.version.year) & t.submission.c.id.in_(judged))
        self._copy(v.waiver, v.waiver.c.granted_at <= made)
        self._decide(run, made)
        groups: dict[Provenance, list[ReplayedSubmission]] = {}
        for workbook in step.workbooks:
            if workbook.judgement_id not in self._judged:
                groups.setdefault(workbook.provenance, []).append(workbook)
        return groups

    def store(self, step: Step, judged: Judged, workbooks: Sequence[ReplayedSubmission]) -> None:
        """Stores judged ``workbooks``, which go by file_id from 0, under the keys that their judgements have."""
        keys = pl.DataFrame({c.FILE_ID: range(len(workbooks)), JUDGEMENT_ID: [w.judgement_id for w in workbooks]})
        keys = keys.cast(pl.Int64)
        given = pl.DataFrame(
            [(w.judgement_id, w.submission_id, w.run_id, w.sender or "", *astuple(w.provenance)) for w in workbooks],
            schema=["id", "submission_id", "run_id", "told", *t.PROVENANCE],
            orient="row",
        ).with_row_index(c.FILE_ID)
        said = (c.FORM, c.FISCAL_YEAR, c.VERDICT, c.QUALITY, c.ASKED, *t.ROWS)
        rows = judged.files.join(given.cast({c.FILE_ID: pl.Int64}), on=c.FILE_ID).select(
            *("id", "submission_id", "run_id", *t.PROVENANCE, pl.col("run_id").alias("last_run_id")),
            pl.coalesce(c.SENDER, "told").alias(c.SENDER),
            *said,
        )
        insert_frame(self._scratch, t.judgement, rows)
        load.insert_judged(self._scratch, self._keys, judged, keys, step.version.quarter)
        self._judged.update(w.judgement_id for w in workbooks)

    def publish(self, step: Step, setting: Setting) -> Published:
        """Publishes the version again, out of the judgements that were the latest then."""
        run = step.version.run_id
        current = t.judgement.c.id.in_([w.judgement_id for w in step.workbooks])
        self._scratch.execute(update(t.judgement).where(current).values(last_run_id=run))
        return snapshot.publish(self._scratch, self._keys, setting, run, step.version.published_at)

    def differences(self, step: Step, published: Published, tell: OnDiscrepancy) -> int:
        """Tells how the version's rows and those published again differ, and counts them."""
        of_version = (v.snapshot.c.quarter == published.quarter) & (v.snapshot.c.version == published.version)
        again = self._scratch.execute(select(v.snapshot.c.id).where(of_version)).scalar_one()
        files = files_by_hash(self._stored)
        return differing_rows(self._stored, step.version.id, self._scratch, again, name_of(step.version), files, tell)

    def _decide(self, run: int, made: datetime) -> None:
        """Has the office's decisions as that run found and left them; ``made`` (UTC) tells where none was kept."""
        received = self._scratch.execute(select(t.submission.c.id)).scalars()
        exceptions = closing_exception.c
        granted = func.coalesce(exceptions.run_id <= run, exceptions.granted_at <= made)
        taken = (withdrawal.c.run_id <= run) & withdrawal.c.submission_id.in_(received.all())
        for table, then in ((closing, closing.c.run_id <= run), (closing_exception, granted), (withdrawal, taken)):
            values = [dict(row) for row in self._stored.execute(select(table).where(then)).mappings()]
            self._scratch.execute(delete(table))
            if values:
                self._scratch.execute(insert(table), [_as_of(row, run, made) for row in values])

    def _copy(self, table: Table, which: Any) -> None:
        """Copies the rows that are not there yet."""
        there = self._scratch.execute(select(func.max(table.c.id))).scalar() or 0
        rows = self._stored.execute(select(table).where(which, table.c.id > there).order_by(table.c.id)).mappings()
        values = [dict(row) for row in rows]
        if values:
            self._scratch.execute(insert(table), values)
