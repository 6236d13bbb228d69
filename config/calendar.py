"""The reporting calendar: when each quarter's workbooks are received."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import model_validator

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


class Calendar(Strict):
    """All windows, and the time zone that their days are counted in."""

    timezone: str
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

    @model_validator(mode="after")
    def _once(self) -> Calendar:
        keys = [(w.year, w.quarter) for w in self.window]
        if len(keys) != len(set(keys)):
            raise ValueError("a quarter has two windows")
        return self


def load_calendar(config_dir: Path | None = None) -> Calendar:
    """The calendar in force."""
    return read_toml(locate("calendar.toml", config_dir), Calendar)
