"""Which quarter an unattended run takes up on a day, and out of which folder."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from config.errors import UsageError
from config.settings import Settings
from flows.runs.consolidation import ConsolidationResult
from flows.runs.decisions import ExceptionRequest, close, open_again
from flows.schedule.due_quarters import DueQuarter, ended, inbox_of, receiving, reminded
from warehouse.consolidation import Decision

BY = Decision("Dirección de Planeación", "Oficio 12/2024")
T1, T3 = DueQuarter(2024, 1, ""), DueQuarter(2024, 3, "")


def taken(day: str, settings: Settings) -> list[str]:
    return [f"T{turn.quarter}: {turn.why}" for turn in receiving(date.fromisoformat(day), settings)]


@pytest.fixture
def empty(tmp_path: Path, upgraded_sqlite: Path) -> Settings:
    return Settings(warehouse=f"sqlite:///{shutil.copy(upgraded_sqlite, tmp_path / 'poa.db')}")


@pytest.mark.parametrize(
    ("day", "quarters"),
    [
        ("2024-03-31", []),
        ("2024-04-01", ["T1: its window is open until 2024-04-15"]),
        ("2024-04-15", ["T1: its window is open until 2024-04-15"]),
        ("2024-04-16", []),
        ("2025-01-17", ["T4: its window is open until 2025-01-17"]),
    ],
)
def test_an_open_window_is_taken_up_on_both_its_ends(empty: Settings, day: str, quarters: list[str]) -> None:
    assert taken(day, empty) == quarters


def test_late_workbooks_until_the_quarter_is_closed_then_by_exception(
    consolidated: ConsolidationResult, settings: Settings
) -> None:
    assert taken("2024-10-20", settings) == ["T3: its window closed on 2024-10-15, and the quarter is not closed yet"]
    close(2024, 3, BY, settings)
    assert taken("2024-10-10", settings) == []
    open_again(ExceptionRequest(2024, 3, "06", date(2024, 11, 5)), BY, settings)
    assert taken("2024-11-05", settings) == ["T3: an exception holds until 2024-11-05"]
    assert taken("2024-11-06", settings) == []


@pytest.mark.parametrize(
    ("day", "quarters"), [("2024-04-15", []), ("2024-04-16", [1]), ("2024-04-17", []), ("2025-01-18", [4])]
)
def test_the_consolidation_is_of_the_window_that_closed_the_day_before(day: str, quarters: list[int]) -> None:
    assert [turn.quarter for turn in ended(date.fromisoformat(day), Settings())] == quarters


@pytest.mark.parametrize(
    ("day", "quarters"), [("2024-03-31", []), ("2024-04-01", [1]), ("2024-05-15", [1]), ("2024-05-16", [])]
)
def test_nobody_is_reminded_of_a_window_long_past(day: str, quarters: list[int]) -> None:
    assert [turn.quarter for turn in reminded(date.fromisoformat(day), Settings())] == quarters


def test_a_folder_a_quarter() -> None:
    assert inbox_of(T3, 2, Settings(inbox="/srv/poa/inbox/{year}T{quarter}")) == Path("/srv/poa/inbox/2024T3")
    assert inbox_of(T3, 1, Settings(inbox="/srv/poa/inbox")) == Path("/srv/poa/inbox")


def test_one_folder_is_not_read_for_two_quarters() -> None:
    with pytest.raises(UsageError, match="2 quarters receive workbooks and POA_INBOX names one folder"):
        inbox_of(T1, 2, Settings(inbox="/srv/poa/inbox"))


def test_without_an_inbox_nothing_is_taken_in() -> None:
    with pytest.raises(UsageError, match="POA_INBOX is not set"):
        inbox_of(T1, 1, Settings(inbox=None))
