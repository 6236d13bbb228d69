"""The reporting calendar: when each quarter's workbooks are received, and at what hours the unattended runs start."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from config.files import ConfigError, Strict, locate, read_toml


class Window(Strict):
    """A quarter's window: workbooks are received from ``opens`` to ``closes``, both days included."""

    year: int
    quarter: int
    ends: date
    opens: date
    closes: date

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if not (1 <= self.quarter <= 4 and self.ends < self.opens <= self.closes):
            raise ValueError(f"{self.year} T{self.quarter}: wants quarter 1-4 and ends < opens <= closes")
        return self


# Minute, hour, day, month, day of week.
Cron = Annotated[str, Field(pattern=r"^[\d*/,-]+ [\d*/,-]+ [\d*/,-]+ [\w*/,-]+ [\w*/,-]+$")]


class Schedule(Strict):
    """When the unattended runs start, on the clocks of the calendar's time zone."""

    intake: Cron = "0 18 * * *"
    reminders: Cron = "0 8 * * *"
    after_closing: time = time(7)


class Calendar(Strict):
    """All windows, and the time zone that their days are counted in."""

    timezone: str
    schedule: Schedule = Schedule()
    window: tuple[Window, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the office."""
        return ZoneInfo(self.timezone)

    def of(self, year: int, quarter: int) -> Window:
        """The window of a quarter; raises ConfigError where the calendar lacks it."""
        for window in self.window:
            if (window.year, window.quarter) == (year, quarter):
                return window
        raise ConfigError(f"calendar.toml has no window for {year} T{quarter}; add one under [[window]]")

    def opened(self, day: date) -> list[Window]:
        """The windows that opened up to ``day``, whether closed meanwhile or not, in the order of opening."""
        return sorted((window for window in self.window if window.opens <= day), key=lambda window: window.opens)

    def closed_before(self, day: date) -> list[Window]:
        """The windows of which ``day`` is the day after the last one."""
        return [window for window in self.window if window.closes + timedelta(days=1) == day]

    @model_validator(mode="after")
    def _once(self) -> Calendar:
        keys = [(w.year, w.quarter) for w in self.window]
        if len(keys) != len(set(keys)):
            raise ValueError("a quarter has two windows")
        return self


def load_calendar(config_dir: Path | None = None) -> Calendar:
    """The calendar in force."""
    return read_toml(locate("calendar.toml", config_dir), Calendar)
