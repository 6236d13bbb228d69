"""A withdrawal, a closing or an exception killed before it is committed was never made; killed after, it stands."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from consolidating import KILLED, Run, consolidate, endings
from stored_rows import Rows, rows_at

from config.errors import UsageError
from config.settings import Settings
from flows.runs.decisions import ExceptionRequest, WithdrawRequest, close, open_again, withdraw
from warehouse.connect import open_warehouse
from warehouse.consolidation import Decision
from warehouse.integrity import verification

BY = Decision("Dirección de Planeación", "Oficio 12/2024")
FILE = "POA_2024_UR06.xlsx"
# In the order in which an office takes them: what each does, and what it leaves in which table.
DECISIONS: dict[str, tuple[Callable[..., object], str]] = {
    "withdraw": (partial(withdraw, WithdrawRequest(2024, 3, FILE, None), BY), "withdrawal"),
    "close": (partial(close, 2024, 3, BY), "closing"),
    "exception": (partial(open_again, ExceptionRequest(2024, 3, "06", date(2099, 12, 31)), BY), "closing_exception"),
}


@pytest.fixture
def consolidated(upgraded_url: str, founding: Path, tmp_path: Path) -> Run:
    """The founding workbook, published."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    sent = shutil.copy(founding, inbox / FILE)
    moment = datetime(2024, 10, 4, 18, tzinfo=UTC).timestamp()
    os.utime(sent, (moment, moment))
    run = Run(upgraded_url, str(tmp_path / "archive"), str(inbox))
    consolidate(run)
    return run


def verified(run: Run) -> bool:
    """Whether every version of the warehouse is as it was published."""
    with open_warehouse(run.warehouse) as warehouse, warehouse.engine.connect() as connection:
        every = verification.versions(connection)
        return all(verification.verify_version(connection, one, {}, lambda _: None) == 0 for one in every)


def test_decisions_are_made_whole_or_not_at_all(consolidated: Run) -> None:
    for name, (does, table) in DECISIONS.items():
        before = rows_at(consolidated.warehouse)
        cut, done = (replace(consolidated, at=at, does=does) for at in ("decided, not committed", "committed"))
        assert endings([cut]) == [KILLED], name
        assert rows_at(consolidated.warehouse) == before, name
        assert endings([done]) == [KILLED], name
        after = rows_at(consolidated.warehouse)
        assert (len(before[table]), len(after[table])) == (0, 1), name
        assert verified(consolidated), name
        assert after["run"][-1] != before["run"][-1]


def test_what_was_committed_is_not_done_twice(consolidated: Run) -> None:
    settings: Settings = consolidated.settings()
    for does, complaint in (
        (DECISIONS["withdraw"][0], "taken back already"),
        (DECISIONS["close"][0], "closed already"),
    ):
        assert endings([replace(consolidated, at="committed", does=does)]) == [KILLED]
        stands: Rows = rows_at(consolidated.warehouse)
        with pytest.raises(UsageError, match=complaint):
            does(settings)
        assert rows_at(consolidated.warehouse) == stands
