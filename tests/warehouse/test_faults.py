"""What the machine does to a run: a full disk, a lost connection, an inbox that goes away. Each is really done.

The run ends with a message that says what and where, nothing of it is stored, and the next one completes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from sqlalchemy import create_engine, text

from config.errors import RUN_FAILED, OperatorError
from config.settings import Settings
from flows.outputs.reporting import write_unit_reports
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from warehouse.connect import open_warehouse
from warehouse.consolidation import Consolidation
from warehouse.queries.published import versions

SMALL = 4 * 1024**2
RECEIVED = datetime(2024, 10, 4, 18, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, upgraded_sqlite: Path) -> Settings:
    warehouse = shutil.copy(upgraded_sqlite, tmp_path / "poa.db")
    return Settings(warehouse=f"sqlite:///{warehouse}", archive=tmp_path / "archive", executor="inline")


def run(settings: Settings, inbox: Path) -> ConsolidationResult:
    request = Request(2024, 3, inbox, RECEIVED)
    return consolidate(request, settings, listed(request, settings))


def published(settings: Settings) -> list[int]:
    with open_warehouse(settings.warehouse) as warehouse:
        return versions(warehouse)["version"].to_list()


def assert_the_next_run_completes(settings: Settings, inbox: Path) -> None:
    assert published(settings) == []
    outcome = run(settings, inbox)
    assert (outcome.published.version, outcome.published.new) == (1, True)
    assert outcome.control.unchanged == 0
    assert published(settings) == [1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk can only be mounted by root on Linux")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def filled_up(disk: Path, left: int) -> Path:
    """What takes the disk's room but for ``left`` bytes."""
    filler = disk / "filler"
    free = os.statvfs(disk)
    filler.write_bytes(bytes(free.f_bavail * free.f_frsize - left))
    return filler


def test_a_disk_too_full_for_the_archive(settings: Settings, inbox: Path, small_disk: Path) -> None:
    settings = settings.model_copy(update={"archive": small_disk / "archive"})
    filler = filled_up(small_disk, 8 * 1024)
    with pytest.raises(OperatorError, match=r"disk/archive.*No space left on device") as raised:
        run(settings, inbox)
    assert raised.value.exit_code == RUN_FAILED
    filler.unlink()
    assert_the_next_run_completes(settings, inbox)


def test_a_disk_too_full_for_the_warehouse(
    settings: Settings, inbox: Path, small_disk: Path, upgraded_sqlite: Path
) -> None:
    shutil.copy(upgraded_sqlite, small_disk / "poa.db")
    settings = settings.model_copy(update={"warehouse": f"sqlite:///{small_disk / 'poa.db'}"})
    filler = filled_up(small_disk, 64 * 1024)
    with pytest.raises(OperatorError, match=r"disk/poa.db.*disk is full") as raised:
        run(settings, inbox)
    assert raised.value.exit_code == RUN_FAILED
    filler.unlink()
    assert_the_next_run_completes(settings, inbox)


def test_a_disk_too_full_for_reports(settings: Settings, inbox: Path, small_disk: Path) -> None:
    run(settings, inbox)
    filler = filled_up(small_disk, 0)
    with pytest.raises(OperatorError, match="No space left on device") as raised:
        write_unit_reports(2024, 3, small_disk / "reports", settings)
    assert raised.value.exit_code == RUN_FAILED
    filler.unlink()
    assert write_unit_reports(2024, 3, small_disk / "reports", settings).written


def test_an_inbox_that_goes_away(settings: Settings, inbox: Path, tmp_path: Path) -> None:
    request = Request(2024, 3, inbox, RECEIVED)
    found = listed(request, settings)
    away = inbox.rename(tmp_path / "away")
    with pytest.raises(OperatorError, match=r"POA_2024_UR06.xlsx .*No such file") as raised:
        consolidate(request, settings, found)
    assert raised.value.exit_code == RUN_FAILED
    assert_the_next_run_completes(settings, away)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can take another's rights")
def test_an_inbox_that_may_not_be_read(settings: Settings, inbox: Path) -> None:
    request = Request(2024, 3, inbox, RECEIVED)
    os.seteuid(65534)
    try:
        with pytest.raises(OperatorError, match=r"inbox .* cannot be read: Permission denied; check") as raised:
            listed(request, settings)
    finally:
        os.seteuid(0)
    assert raised.value.exit_code == RUN_FAILED
    assert_the_next_run_completes(settings, inbox)


def test_a_workbook_that_changes_while_it_is_read(settings: Settings, inbox: Path) -> None:
    """It alone is left for the next run; of an inbox without others, that is all there is."""
    request = Request(2024, 3, inbox, RECEIVED)
    found = listed(request, settings)
    with (inbox / "POA_2024_UR06.xlsx").open("ab") as workbook:
        workbook.write(b"more")
    outcome = consolidate(request, settings, found)
    assert [(one.file, one.reason) for one in outcome.inbox.skipped] == [
        ("POA_2024_UR06.xlsx", "changed while it was read")
    ]
    assert (outcome.control.seen, outcome.control.skipped) == (1, 1)
    assert run(settings, inbox).control.skipped == 0


Step = Callable[..., object]


@pytest.mark.parametrize("step", ["load", "publish"])
def test_a_connection_lost_in_the_middle(
    settings: Settings, inbox: Path, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    url = postgres_server.upgraded()
    settings = settings.model_copy(update={"warehouse": url})
    whole: Step = getattr(Consolidation, step)

    def lost(self: Consolidation, *args: object) -> object:
        _disconnect_all(url)
        return whole(self, *args)

    monkeypatch.setattr(Consolidation, step, lost)
    with pytest.raises(OperatorError, match="connection") as raised:
        run(settings, inbox)
    assert raised.value.exit_code == RUN_FAILED
    monkeypatch.undo()
    assert_the_next_run_completes(settings, inbox)


def _disconnect_all(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
