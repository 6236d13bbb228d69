"""The hours of unattended runs, as an office writes them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from config.calendar import load_calendar
from config.files import ConfigError

WINDOW = """timezone = "America/Mazatlan"
[[window]]
year = 2025
quarter = 1
ends = 2025-03-31
opens = 2025-04-01
closes = 2025-04-15
"""


def office(folder: Path, more: str = "") -> Path:
    (folder / "calendar.toml").write_text(WINDOW + more, encoding="utf-8")
    return folder


def test_a_calendar_without_hours_has_the_shipped_ones(tmp_path: Path) -> None:
    assert load_calendar(office(tmp_path)).schedule == load_calendar().schedule


def test_hours_are_cron_lines_and_a_time_of_day(tmp_path: Path) -> None:
    own = load_calendar(
        office(tmp_path, '[schedule]\nintake = "0 9-18 * * mon-fri"\nafter_closing = 06:30:00\n')
    ).schedule
    assert (own.intake, own.reminders, own.after_closing) == ("0 9-18 * * mon-fri", "0 8 * * *", time(6, 30))


@pytest.mark.parametrize("cron", ["18:00", "0 18 * *", "0 18 * * * *", "at noon", ""])
def test_what_is_no_cron_line_is_refused(tmp_path: Path, cron: str) -> None:
    with pytest.raises(ConfigError, match=r"calendar.toml: schedule.intake"):
        load_calendar(office(tmp_path, f'[schedule]\nintake = "{cron}"\n'))


def test_which_windows_opened_and_which_closed_the_day_before(tmp_path: Path) -> None:
    calendar = load_calendar(office(tmp_path))
    assert [window.quarter for window in calendar.opened(date(2025, 4, 1))] == [1]
    assert calendar.opened(date(2025, 3, 31)) == []
    assert [window.quarter for window in calendar.closed_before(date(2025, 4, 16))] == [1]
    assert calendar.closed_before(date(2025, 4, 15)) == []
