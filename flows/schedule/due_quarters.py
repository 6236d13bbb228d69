"""Whose turn it is: the quarters that an unattended run takes up on a day, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from config.calendar import Window, load_calendar
from config.errors import UsageError
from config.places import place
from config.settings import Settings
from schemas.contracts import columns as c
from warehouse.connect import Warehouse, open_warehouse
from warehouse.queries.published import exceptions_of, versions
from warehouse.schema.decision_tables import DEFINITIVE

# After that, nobody is reminded of a quarter unless `poa remind` is typed: a new installation starts in silence.
REMINDED_FOR: Final = timedelta(days=30)


@dataclass(frozen=True)
class DueQuarter:
    """A quarter whose turn it is, and why."""

    year: int
    quarter: int
    why: str

    def __str__(self) -> str:
        return f"{self.year} T{self.quarter}"


def receiving(day: date, settings: Settings) -> list[DueQuarter]:
    """The quarters whose workbooks are received on ``day``, a day of the calendar's time zone.

    Those are the quarter whose window is open, one that was published and is not closed yet (its late workbooks), and a
    closed one while an exception holds.
    """
    turns = []
    with open_warehouse(settings.warehouse) as warehouse:
        states = {
            (year, quarter): state
            for year, quarter, state in versions(warehouse).filter("current").select("year", c.QUARTER, "state").rows()
        }
        for window in load_calendar(settings.config_dir).opened(day):
            why = _received_still(warehouse, window, day, states.get((window.year, window.quarter)))
            if why:
                turns.append(DueQuarter(window.year, window.quarter, why))
    return turns


def _received_still(warehouse: Warehouse, window: Window, day: date, state: str | None) -> str | None:
    """Why workbooks of a window that opened are received on ``day``, if they are."""
    if state == DEFINITIVE:
        of_quarter = exceptions_of(warehouse, window.year).filter(pl.col(c.QUARTER) == window.quarter)
        until = [last for last in of_quarter["until"] if last >= day]
        return f"an exception holds until {max(until)}" if until else None
    if day <= window.closes:
        return f"its window is open until {window.closes}"
    return f"its window closed on {window.closes}, and the quarter is not closed yet" if state else None


def ended(day: date, settings: Settings) -> list[DueQuarter]:
    """The quarters of whose window ``day`` is the day after the last."""
    windows = load_calendar(settings.config_dir).closed_before(day)
    return [DueQuarter(window.year, window.quarter, f"its window closed on {window.closes}") for window in windows]


def reminded(day: date, settings: Settings) -> list[DueQuarter]:
    """The quarter of the last window that opened, where reminders may be due on ``day``."""
    windows = load_calendar(settings.config_dir).opened(day)[-1:]
    near = [window for window in windows if day <= window.closes + REMINDED_FOR]
    return [DueQuarter(window.year, window.quarter, f"its window opened on {window.opens}") for window in near]


def inbox_of(turn: DueQuarter, turns: int, settings: Settings) -> Path | str:
    """Where a quarter's workbooks are: a folder or an address.

    Raises UsageError where none is set, or ``turns`` quarters share one.
    """
    if not settings.inbox:
        raise UsageError("POA_INBOX is not set; name the folder that holds a quarter's workbooks, such as "
                         "/srv/poa/inbox/{year}T{quarter}")  # fmt: skip
    named = settings.inbox.replace("{year}", str(turn.year)).replace("{quarter}", str(turn.quarter))
    if turns > 1 and named == settings.inbox:
        raise UsageError(f"{turns} quarters receive workbooks and POA_INBOX names one folder for all: put {{year}} and "
                         "{quarter} into it, or close the quarter that has ended (poa close)")  # fmt: skip
    try:
        return place(named)
    except ValueError as error:
        raise UsageError(f"POA_INBOX: {error}") from error
