"""Reminders: which is due on which day, and what it says."""

from __future__ import annotations

from datetime import date

import pytest

from config.calendar import Window, load_calendar
from reports.mail.letter import as_text
from reports.mail.reminder_letter import due_kind, reminder_letter

WINDOW = load_calendar().of(2024, 3)  # 1 to 15 October


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2024-09-30", None),
        ("2024-10-01", "opening"),
        ("2024-10-04", "opening"),
        ("2024-10-05", "closing"),
        ("2024-10-15", "closing"),
        ("2024-10-16", "overdue"),
        ("2024-11-30", "overdue"),
    ],
)
def test_the_last_one_whose_day_has_come_is_due(day: str, kind: str | None) -> None:
    assert due_kind(WINDOW, date.fromisoformat(day)) == kind


def test_a_short_window_has_no_reminder_before_it_opens() -> None:
    short = Window(year=2024, quarter=3, ends="2024-09-30", opens="2024-10-08", closes="2024-10-15")
    days = [date(2024, 10, 5), date(2024, 10, 8), date(2024, 10, 16)]
    assert [due_kind(short, day) for day in days] == [None, "opening", "overdue"]


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        ("opening", "2024-10-01", "hasta el 15 de octubre de 2024"),
        ("closing", "2024-10-05", "Faltan 10 días."),
        ("closing", "2024-10-14", "Falta 1 día."),
        ("closing", "2024-10-15", "Hoy es el último día."),
        ("overdue", "2024-10-16", "lleva 1 día de retraso"),
        ("overdue", "2024-10-27", "lleva 12 días de retraso"),
    ],
)
def test_it_says_how_much_time_is_left_or_gone(kind, day, words) -> None:
    letter = reminder_letter(kind, WINDOW, date.fromisoformat(day), "11", "UR 11 ALMACÉN", rejected=False)
    assert words in " ".join(as_text(letter).split())
    assert "UR 11" in letter.subject


def test_a_unit_whose_workbook_was_rejected_is_told_so() -> None:
    letter = reminder_letter("closing", WINDOW, date(2024, 10, 5), "11", "UR 11", rejected=True)
    assert "El libro que envió se rechazó" in " ".join(as_text(letter).split())
