"""A consolidation: one transaction from the first workbook received to the published snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, insert, update

from config.calendar import Window
from config.catalog import Unit
from config.errors import UsageError
from config.form import Form
from config.policy import TrafficLight
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from schemas.contracts.submission import Submission
from warehouse.connect import Warehouse, WarehouseError
from warehouse.database.engine import writing
from warehouse.database.keys import Keys
from warehouse.decisions import closings, waivers, withdrawals
from warehouse.decisions.waivers import Grant
from warehouse.decisions.withdrawals import Decision
from warehouse.history.apply import Judge
from warehouse.schema.decision_tables import DEFINITIVE
from warehouse.schema.tables import activity, quarantined_row, run
from warehouse.snapshots import decision_seal
from warehouse.snapshots import publish as snapshot
from warehouse.snapshots.candidate import Setting
from warehouse.snapshots.publish import Published
from warehouse.snapshots.versions import last_version
from warehouse.submissions import load, units
from warehouse.submissions.control import ControlError, ControlTotals
from warehouse.submissions.provenance import Provenance
from warehouse.submissions.registry import SubmissionRegistry, naive_utc

__all__ = [
    "Consolidation",
    "ControlError",
    "ControlTotals",
    "Decision",
    "Grant",
    "Judge",
    "Provenance",
    "Published",
    "Submission",
    "begin",
]

BUSY: Final = "another consolidation is in progress; try again when it has ended, or raise POA_LOCK_TIMEOUT"


@contextmanager
def begin(
    warehouse: Warehouse,
    *,
    year: int,
    quarter: int,
    command: str,
    provenance: Provenance,
    units: Mapping[str, Unit],
    light: TrafficLight,
    form: Form,
    window: Window,
    zone: ZoneInfo,
    lock_timeout: float,
    moment: datetime | None = None,
) -> Iterator[Consolidation]:
    """The one transaction of a consolidation: left normally it commits, an exception rolls all of it back.

    ``moment`` is the run's, with a time zone; now where not told: its day decides which exceptions still hold. Waits
    ``lock_timeout`` seconds for another consolidation of the warehouse. Raises WarehouseError where
    that one still runs, or where the database refuses.
    """
    if (window.year, window.quarter) != (year, quarter):
        raise ValueError(f"the window is of {window.year} T{window.quarter}, the run of {year} T{quarter}")
    with writing(warehouse.engine, lock_timeout, BUSY) as connection:
        keys = Keys(connection)
        run_id, started = _start(connection, keys, window, command)
        ledger = SubmissionRegistry(connection, keys, run_id, window, zone, provenance)
        now = moment or datetime.now(UTC)
        yield Consolidation(
            connection, keys, run_id, started, ledger, window, units, light, provenance, form, zone, now
        )


@dataclass
class Consolidation:
    """The open transaction: receives judged batches, then publishes. ``run_id`` and ``started`` (UTC) tell its run."""

    _connection: Connection
    _keys: Keys
    run_id: int
    started: datetime
    _registry: SubmissionRegistry
    _window: Window
    _units: Mapping[str, Unit]
    _light: TrafficLight
    _provenance: Provenance
    _form: Form
    _zone: ZoneInfo
    _moment: datetime
    _rows_accepted: int = 0
    _rows_quarantined: int = 0

    def unchanged(self, receipts: Sequence[Submission]) -> set[Submission]:
        """Those of ``receipts`` that have a judgement under the same provenance, told by hash and sender.

        Those that were taken back before they were received again speak again from now on.
        """
        withdrawals.readmit(self._connection, self._window, receipts, self._zone, run_id=self.run_id)
        return {receipt for receipt in receipts if self._registry.is_judged(receipt)}

    def load(self, judged: Judged, receipts: Sequence[Submission]) -> None:
        """Stores a batch; ``receipts[i]`` is of file_id ``i``. A workbook judged before adds nothing.

        Raises ControlError where a workbook was not judged, or a row of a new one was not stored.
        """
        hashes = judged.files.sort(c.FILE_ID).select(c.FILE_ID, c.SHA256).rows()
        came = set(judged.files[c.SHA256])
        lost = [receipt.file for receipt in receipts if receipt.sha256 not in came]
        if lost:
            raise ControlError(f"{_workbooks(lost)} not judged: {', '.join(lost)}; nothing was published")
        if hashes != [(i, receipt.sha256) for i, receipt in enumerate(receipts)]:
            raise ValueError("receipts are not those of the judged files: they go by file_id from 0, hash by hash")
        entered = self._registry.register(judged.files, receipts)
        stored = load.insert_judged(self._connection, self._keys, judged, entered, self._window.quarter)
        # Of a workbook judged before, the rows are there already.
        self._rows_accepted += stored[activity.name] + _rows_before(judged.activities, entered)
        self._rows_quarantined += stored[quarantined_row.name] + _rows_before(judged.quarantined, entered)

    def waivable(self) -> pl.DataFrame:
        """Every finding of the quarter's current version (`waivers.WAIVABLE`); raises WarehouseError without one."""
        last = last_version(self._connection, self._window.year, self._window.quarter)
        if last is None:
            raise WarehouseError(f"nothing was published for {self._window.year} T{self._window.quarter}; "
                                 "run poa consolidate for it first")  # fmt: skip
        return waivers.waivable(self._connection, last.id)

    def waive(self, findings: pl.DataFrame, by: Grant) -> None:
        """Grants a waiver for each of ``findings``, rows of `waivable`; publishing again puts them in force."""
        waivers.grant(self._connection, self._keys, findings, by, self._window, naive_utc(self._moment))

    def submissions(self) -> pl.DataFrame:
        """The quarter's submissions (`withdrawals.SUBMISSIONS`), those taken back among them."""
        return withdrawals.submissions(self._connection, self._window)

    def receipts(self) -> list[Submission]:
        """The receipts of the quarter's submissions that are not taken back; each path is the file's name."""
        standing = self.submissions().filter(~pl.col("withdrawn"))
        return [_receipt_of(row) for row in standing.iter_rows(named=True)]

    def withdraw(self, submissions: Sequence[int], by: Decision) -> None:
        """Takes submissions back, by their keys; publishing again lets others speak."""
        withdrawals.withdraw(
            self._connection, self._keys, submissions, by, run_id=self.run_id, now=self._moment, zone=self._zone
        )

    def close(self, by: Decision) -> Published:
        """Makes the quarter's last version definitive; raises UsageError where there is none, or it is closed."""
        window = self._window
        quarter = f"{window.year} T{window.quarter}"
        last = last_version(self._connection, window.year, window.quarter)
        if last is None:
            raise UsageError(f"nothing was published for {quarter}, so there is nothing to close; run poa consolidate")
        before = closings.closing_of(self._connection, window)
        if before is not None:
            day = self._office_day(before.closed_at.replace(tzinfo=UTC))
            raise UsageError(f"{quarter} is closed already, since {day}, by {before.author}; poa exception opens it")
        now = naive_utc(self._moment)
        closings.close(self._connection, self._keys, window, last.id, by, run_id=self.run_id, now=now)
        self._ended("closed")
        return Published(last.version, False, last.digest, window.year, window.quarter, DEFINITIVE)

    def grant_exception(self, by: Decision, unit: str | None, until: date) -> None:
        """Grants an exception to the closing, for a UR or for all; raises UsageError where there is nothing to open."""
        quarter = f"{self._window.year} T{self._window.quarter}"
        if closings.closing_of(self._connection, self._window) is None:
            raise UsageError(f"{quarter} is not closed: what comes is published without an exception")
        now = naive_utc(self._moment)
        closings.grant_exception(self._connection, self._keys, self._window, by, unit=unit, until=until,
                            run_id=self.run_id, now=now)  # fmt: skip
        self._ended("opened")

    def publish(self, control: ControlTotals, judge: Judge) -> Published:
        """Publishes the quarter's set, judged in history scope by ``judge``.

        Raises ControlError where ``control`` does not add up.
        """
        control.check(self._rows_accepted, self._rows_quarantined)
        now = naive_utc(datetime.now(UTC))
        units.sync(self._connection, self._keys, self._units, now)
        day = self._office_day(self._moment)
        setting = Setting(self._window, self._units, self._light, self._provenance, judge, self._form, day)
        published = snapshot.publish(self._connection, self._keys, setting, self.run_id, now)
        outcome = "published" if published.new else "kept" if published.kept else "unchanged"
        self._ended(outcome, **asdict(control))
        return published

    def _ended(self, outcome: str, **control: int) -> None:
        decision_seal.seal_decisions(self._connection, self._window.year, self._window.quarter)
        ended = {"finished": naive_utc(datetime.now(UTC)), "outcome": outcome, **control}
        self._connection.execute(update(run).where(run.c.id == self.run_id).values(**ended))

    def _office_day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()


def _rows_before(rows: pl.DataFrame, entered: pl.DataFrame) -> int:
    return rows.join(entered, on=c.FILE_ID, how="anti").height


def _receipt_of(row: dict[str, Any]) -> Submission:
    return Submission(
        path=Path(row[c.FILE]),
        file=row[c.FILE],
        sha256=row[c.SHA256],
        bytes=row[c.BYTES],
        sender=row[c.SENDER] or None,
        received_at=row[c.RECEIVED_AT].replace(tzinfo=UTC),
    )


def _workbooks(lost: Sequence[str]) -> str:
    return "1 workbook was" if len(lost) == 1 else f"{len(lost)} workbooks were"


def _start(connection: Connection, keys: Keys, window: Window, command: str) -> tuple[int, datetime]:
    run_id = keys.take(run)
    started = naive_utc(datetime.now(UTC))
    values = {
        "id": run_id,
        "started": started,
        "year": window.year,
        c.QUARTER: window.quarter,
        "command": command,
    }
    # What holds where the run ends without publishing: its judgements are kept.
    connection.execute(insert(run).values(**values, outcome="kept"))
    return run_id, started
