"""A consolidation: one transaction from the first workbook received to the published snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, insert, update

from config.calendar import Window
from config.catalog import Unit
from config.form import Form
from config.policy import TrafficLight
from schemas import columns as c
from schemas.frames import Judged
from warehouse import load, snapshot, units, waivers
from warehouse.connect import Warehouse, WarehouseError
from warehouse.control import ControlError, ControlTotals
from warehouse.engine import writing
from warehouse.history_pass import Judge
from warehouse.keys import Keys
from warehouse.ledger import Ledger, naive_utc
from warehouse.receipt import Provenance, Receipt
from warehouse.snapshot import Published, Setting
from warehouse.tables import run
from warehouse.versions import last_version
from warehouse.waivers import Grant

__all__ = [
    "Consolidation",
    "ControlError",
    "ControlTotals",
    "Grant",
    "Judge",
    "Provenance",
    "Published",
    "Receipt",
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
) -> Iterator[Consolidation]:
    """The one transaction of a consolidation: left normally it commits, an exception rolls all of it back.

    Waits ``lock_timeout`` seconds for another consolidation of the warehouse. Raises WarehouseError where
    that one still runs, or where the database refuses.
    """
    if (window.year, window.quarter) != (year, quarter):
        raise ValueError(f"the window is of {window.year} T{window.quarter}, the run of {year} T{quarter}")
    with writing(warehouse.engine, lock_timeout, BUSY) as connection:
        keys = Keys(connection)
        run_id = _start(connection, keys, window, command)
        ledger = Ledger(connection, keys, run_id, window, zone, provenance)
        yield Consolidation(connection, keys, run_id, ledger, window, units, light, provenance, form)


@dataclass
class Consolidation:
    """The open transaction: receives judged batches, then publishes."""

    _connection: Connection
    _keys: Keys
    _run_id: int
    _ledger: Ledger
    _window: Window
    _units: Mapping[str, Unit]
    _light: TrafficLight
    _provenance: Provenance
    _form: Form
    _rows_accepted: int = 0
    _rows_quarantined: int = 0

    def unchanged(self, receipts: Sequence[Receipt]) -> set[Receipt]:
        """Those of ``receipts`` that have a judgement under the same provenance, told by hash and sender."""
        return {receipt for receipt in receipts if self._ledger.knows(receipt)}

    def load(self, judged: Judged, receipts: Sequence[Receipt]) -> None:
        """Stores a batch; ``receipts[i]`` is of file_id ``i``. A workbook judged before adds nothing."""
        hashes = judged.files.sort(c.FILE_ID).select(c.FILE_ID, c.SHA256).rows()
        if hashes != [(i, receipt.sha256) for i, receipt in enumerate(receipts)]:
            raise ValueError("receipts are not those of the judged files: they go by file_id from 0, hash by hash")
        entered = self._ledger.enter(judged.files, receipts)
        load.store(self._connection, self._keys, judged, entered, self._window.quarter)
        self._rows_accepted += judged.activities.height
        self._rows_quarantined += judged.quarantined.height

    def waivable(self) -> pl.DataFrame:
        """Every finding of the quarter's current version (`waivers.WAIVABLE`); raises WarehouseError without one."""
        last = last_version(self._connection, self._window.year, self._window.quarter)
        if last is None:
            raise WarehouseError(f"nothing was published for {self._window.year} T{self._window.quarter}; "
                                 "run poa consolidate for it first")  # fmt: skip
        return waivers.waivable(self._connection, last.id)

    def waive(self, findings: pl.DataFrame, by: Grant) -> None:
        """Grants a waiver for each of ``findings``, rows of `waivable`; publishing again puts them in force."""
        waivers.grant(self._connection, self._keys, findings, by, self._window, naive_utc(datetime.now(UTC)))

    def publish(self, control: ControlTotals, judge: Judge) -> Published:
        """Publishes the quarter's set, judged in history scope by ``judge``.

        Raises ControlError where ``control`` does not add up.
        """
        control.check(self._rows_accepted, self._rows_quarantined)
        now = naive_utc(datetime.now(UTC))
        units.sync(self._connection, self._keys, self._units, now)
        setting = Setting(self._window, self._units, self._light, self._provenance, judge, self._form)
        published = snapshot.publish(self._connection, self._keys, setting, self._run_id, now)
        outcome = "published" if published.new else "unchanged"
        self._connection.execute(
            update(run).where(run.c.id == self._run_id).values(finished=now, outcome=outcome, **asdict(control))
        )
        return published


def _start(connection: Connection, keys: Keys, window: Window, command: str) -> int:
    run_id = keys.take(run)
    now = naive_utc(datetime.now(UTC))
    values = {
        "id": run_id,
        "started": now,
        "year": window.year,
        c.QUARTER: window.quarter,
        "command": command,
    }
    # What holds where the run ends without publishing: its judgements are kept.
    connection.execute(insert(run).values(**values, outcome="kept"))
    return run_id
