"""Closed quarters and the exceptions that open them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, insert, select, update

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from warehouse.database.bulk import read_frame
from warehouse.database.keys import Keys
from warehouse.decisions.withdrawals import Decision
from warehouse.schema.decision_tables import DEFINITIVE, closing, closing_exception
from warehouse.schema.snapshot_tables import snapshot

# An exception without unit_code is for every UR; `granted_at` is UTC.
EXCEPTIONS: Final[Contract] = {
    c.QUARTER: pl.Int64,
    **dict.fromkeys((c.UNIT_CODE, "author", "reason"), pl.String),
    "granted_at": pl.Datetime,
    "until": pl.Date,
}


@dataclass(frozen=True)
class Exceptions:
    """The exceptions of a closed quarter: (UR or None for all, last day)."""

    granted: tuple[tuple[str | None, date], ...]

    def until(self, unit: str) -> date | None:
        """The last day for a UR, or None where no exception covers it."""
        return max((until for code, until in self.granted if code in (None, unit)), default=None)

    def days(self, units: Iterable[str]) -> dict[str, date]:
        """The last day for each of the URs that an exception covers."""
        found = {unit: self.until(unit) for unit in units}
        return {unit: until for unit, until in found.items() if until is not None}

    def whole(self, day: date) -> bool:
        """Whether on that day the whole quarter stands open."""
        return any(code is None and until >= day for code, until in self.granted)


def closing_of(connection: Connection, window: Window) -> Row[*tuple[Any, ...]] | None:
    """The quarter's closing, or None where it is open."""
    of_quarter = (closing.c.year == window.year, closing.c.quarter == window.quarter)
    return connection.execute(select(closing).where(*of_quarter)).first()


def close(
    connection: Connection, keys: Keys, window: Window, snapshot_id: int, by: Decision, *, run_id: int, now: datetime
) -> None:
    """Closes the quarter: that version of it is definitive. ``now`` is UTC."""
    values = {"id": keys.take(closing), "year": window.year, c.QUARTER: window.quarter, "run_id": run_id}
    connection.execute(insert(closing).values(**values, author=by.author, reason=by.reason, closed_at=now))
    connection.execute(update(snapshot).where(snapshot.c.id == snapshot_id).values(state=DEFINITIVE))


def grant_exception(
    connection: Connection, keys: Keys, window: Window, by: Decision, *, unit: str | None, until: date, run_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """Grants an exception to the closing, for a UR or for all. ``now`` is UTC."""
    values = {
        "id": keys.take(closing_exception),
        "year": window.year,
        c.QUARTER: window.quarter,
        c.UNIT_CODE: unit,
        "author": by.author,
        "reason": by.reason,
        "granted_at": now,
        "until": until,
        "run_id": run_id,
    }
    connection.execute(insert(closing_exception).values(**values))


def exceptions(connection: Connection, window: Window) -> Exceptions:
    """The exceptions of the quarter."""
    rows = select(closing_exception.c.unit_code, closing_exception.c.until)
    of_quarter = (closing_exception.c.year == window.year, closing_exception.c.quarter == window.quarter)
    return Exceptions(tuple((row.unit_code, row.until) for row in connection.execute(rows.where(*of_quarter))))


def granted(connection: Connection, year: int) -> pl.DataFrame:
    """EXCEPTIONS of the year, in the order in which they were granted."""
    rows = select(*(closing_exception.c[name] for name in EXCEPTIONS)).where(closing_exception.c.year == year)
    return read_frame(connection, rows.order_by(closing_exception.c.id), EXCEPTIONS)
