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

from schemas import columns as c
from schemas.frames import Judged
from warehouse import load, snapshot
from warehouse import tables as t
from warehouse.bulk import insert_frame
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.decisions import DEFINITIVE, closing, closing_exception, withdrawal
from warehouse.difference import Tell
from warehouse.drafts import Setting
from warehouse.engine import writing
from warehouse.keys import Keys
from warehouse.ledger import JUDGEMENT_ID
from warehouse.narrowing import apart
from warehouse.receipt import Provenance
from warehouse.snapshot import Published
from warehouse.verification import files_by_hash, name_of, versions

AnyRow = Row[*tuple[Any, ...]]
ALONE: Final = "the scratch warehouse is in use"


@dataclass(frozen=True)
class Workbook:
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
    """A version to publish again: its row, what it was published under, and the workbooks there were."""

    version: AnyRow
    provenance: Provenance
    workbooks: Sequence[Workbook]


def steps(stored: Connection, year: int, quarter: int, version: int) -> list[Step]:
    """The versions to publish again, in their order: the one asked for last.

    Those are the ones of earlier quarters that were current when it was published, the one before it where its quarter
    was closed already, and those that these were held against in turn. Raises WarehouseError where there is no such
    version.
    """
    published = versions(stored, year)
    wanted = [one for one in published if (one.quarter, one.version) == (quarter, version)]
    if not wanted:
        raise WarehouseError(f"{year} T{quarter} has no version {version}; poa status tells the current one")
    needed = {one.id: one for one in _needed(wanted[0], published)}
    return [_step(stored, needed[one.id]) for one in published if one.id in needed]


def _needed(wanted: AnyRow, published: Sequence[AnyRow]) -> Iterator[AnyRow]:
    yield wanted
    for quarter in range(1, wanted.quarter):
        before = [one for one in published if one.quarter == quarter and one.run_id < wanted.run_id]
        if before:
            yield from _needed(before[-1], published)
    former = [one for one in published if (one.quarter, one.version) == (wanted.quarter, wanted.version - 1)]
    # What an exception lets in is published over the version that was definitive.
    if former and former[0].state == DEFINITIVE:
        yield from _needed(former[0], published)


def _step(stored: Connection, version: AnyRow) -> Step:
    rows = select(
        t.judgement.c.id, t.submission.c.id, t.judgement.c.run_id, t.judgement.c.last_run_id, t.submission.c.sha256,
        t.submission.c.file, t.submission.c.bytes, t.submission.c.sender, *(t.judgement.c[n] for n in t.PROVENANCE),
    ).join_from(t.judgement, t.submission)  # fmt: skip
    of_quarter = (t.submission.c.year == version.year, t.submission.c.quarter == version.quarter)
    found = stored.execute(rows.where(*of_quarter, t.judgement.c.run_id <= version.run_id)).all()
    speaking = set(
        stored.execute(
            select(t.snapshot_unit.c.judgement_id).where(t.snapshot_unit.c.snapshot_id == version.id)
        ).scalars()
    )
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
    return Step(version, provenance or Provenance(*stated), workbooks)


def _workbook(row: tuple[Any, ...]) -> Workbook:
    key, submission, run, sha256, file, size, sender, *provenance = row
    return Workbook(key, submission, run, sha256, file, size, sender or None, Provenance(*provenance))


@contextmanager
def replaying(stored: Connection, path: Path) -> Iterator[Replay]:
    """A scratch warehouse in the new file ``path``, to publish versions of ``stored`` in again."""
    with open_warehouse(f"sqlite:///{path}") as scratch, writing(scratch.engine, 0, ALONE) as connection:
        yield Replay(stored, connection)


class Replay:
    """The scratch warehouse: takes inputs as they were, judged workbooks, and publishes."""

    def __init__(self, stored: Connection, scratch: Connection) -> None:
        self._stored, self._scratch = stored, scratch
        self._keys = Keys(scratch)
        self._judged: set[int] = set()

    def receive(self, step: Step) -> dict[Provenance, list[Workbook]]:
        """Takes the inputs that there were when the version was published; the workbooks to judge for it."""
        run, made = step.version.run_id, step.version.published_at
        judged = select(t.judgement.c.submission_id).where(t.judgement.c.run_id <= run)
        self._copy(t.run, t.run.c.id <= run)
        self._copy(t.submission, (t.submission.c.year == step.version.year) & t.submission.c.id.in_(judged))
        self._copy(t.waiver, t.waiver.c.granted_at <= made)
        self._decide(made)
        groups: dict[Provenance, list[Workbook]] = {}
        for workbook in step.workbooks:
            if workbook.judgement_id not in self._judged:
                groups.setdefault(workbook.provenance, []).append(workbook)
        return groups

    def store(self, step: Step, judged: Judged, workbooks: Sequence[Workbook]) -> None:
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
        load.store(self._scratch, self._keys, judged, keys, step.version.quarter)
        self._judged.update(w.judgement_id for w in workbooks)

    def publish(self, step: Step, setting: Setting) -> Published:
        """Publishes the version again, out of the judgements that were the latest then."""
        run = step.version.run_id
        current = t.judgement.c.id.in_([w.judgement_id for w in step.workbooks])
        self._scratch.execute(update(t.judgement).where(current).values(last_run_id=run))
        return snapshot.publish(self._scratch, self._keys, setting, run, step.version.published_at)

    def differences(self, step: Step, published: Published, tell: Tell) -> int:
        """Tells how the version's rows and those published again differ, and counts them."""
        of_version = (t.snapshot.c.quarter == published.quarter) & (t.snapshot.c.version == published.version)
        again = self._scratch.execute(select(t.snapshot.c.id).where(of_version)).scalar_one()
        files = files_by_hash(self._stored)
        return apart(self._stored, step.version.id, self._scratch, again, name_of(step.version), files, tell)

    def _decide(self, made: datetime) -> None:
        """Has the office's decisions as they stood at that instant (UTC)."""
        received = set(self._scratch.execute(select(t.submission.c.id)).scalars())
        for table, at in ((closing, "closed_at"), (closing_exception, "granted_at"), (withdrawal, "withdrawn_at")):
            rows = self._stored.execute(select(table).where(table.c[at] <= made)).mappings()
            values = [dict(row) for row in rows if row.get("submission_id") is None or row["submission_id"] in received]
            for row in values:
                if row.get("readmitted_at") is not None and row["readmitted_at"] > made:
                    row |= {"readmitted_at": None, "readmitted_on": None}
            self._scratch.execute(delete(table))
            if values:
                self._scratch.execute(insert(table), values)

    def _copy(self, table: Table, which: Any) -> None:
        """Copies the rows that are not there yet."""
        there = self._scratch.execute(select(func.max(table.c.id))).scalar() or 0
        rows = self._stored.execute(select(table).where(which, table.c.id > there).order_by(table.c.id)).mappings()
        values = [dict(row) for row in rows]
        if values:
            self._scratch.execute(insert(table), values)
