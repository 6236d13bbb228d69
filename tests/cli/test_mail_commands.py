"""`poa send` and `poa remind` as typed: tables, exit codes, what is told of settings."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from as_typed import Poa

from warehouse.connect import open_warehouse
from warehouse.mail.send_lock import sending_alone


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """A warehouse with the founding workbook and one that nobody is known to have sent."""
    from config.settings import Settings
    from flows.runs.consolidation import Request, consolidate, listed

    folder = tmp_path_factory.mktemp("mail")
    (folder / "inbox").mkdir()
    shutil.copy(founding, folder / "inbox" / "POA_2024_UR06.xlsx")
    (folder / "inbox" / "libro.xlsx").write_bytes(founding.read_bytes()[:5000])
    settings = Settings(warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline")
    request = Request(2024, 3, folder / "inbox")
    consolidate(request, settings, listed(request, settings))
    return folder


@pytest.fixture
def quarter(consolidated: Path, tmp_path: Path) -> list[str]:
    copied = shutil.copy(consolidated / "poa.db", tmp_path / "poa.db")
    return ["--year", "2024", "--quarter", "3", "--warehouse", f"sqlite:///{copied}"]


def test_a_dry_run_lists_and_sends_nothing(poa: Poa, quarter: list[str], tmp_path: Path) -> None:
    box = {"POA_OUTBOX": str(tmp_path / "outbox")}
    done = poa("send", *quarter, "--dry-run", **box)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ur06@example.gob.mx" in done.stdout
    assert "1 to send; nothing was sent" in done.stdout
    assert "libro.xlsx" in done.stdout
    assert "nobody knows who sent it" in done.stdout
    assert not (tmp_path / "outbox").exists()


def test_send_writes_the_outbox_once(poa: Poa, quarter: list[str], tmp_path: Path) -> None:
    box = {"POA_OUTBOX": str(tmp_path / "outbox")}
    assert "1 sent; by outbox" in poa("send", *quarter, **box).stdout
    again = poa("send", *quarter, **box)
    assert again.returncode == 0
    assert "0 sent" in again.stdout
    assert "1 unit told before" in again.stdout
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_what_cannot_be_sent_ends_with_3(poa: Poa, quarter: list[str]) -> None:
    server = {"POA_SMTP_HOST": "127.0.0.1", "POA_SMTP_PORT": "1", "POA_SMTP_TLS": "none", "POA_SMTP_ATTEMPTS": "1"}
    done = poa("send", *quarter, **server, POA_SMTP_SENDER="planeacion@example.gob.mx")
    assert done.returncode == 3
    assert "1 failed" in done.stdout
    assert "the same command again sends the rest" in done.stderr


def test_a_second_one_at_the_same_time_sends_nothing(poa: Poa, quarter: list[str], tmp_path: Path) -> None:
    box = {"POA_OUTBOX": str(tmp_path / "outbox"), "POA_LOCK_TIMEOUT": "0.01"}
    with open_warehouse(quarter[-1]) as warehouse, sending_alone(warehouse, wait=0.01):
        done = poa("send", *quarter, **box)
    assert done.returncode == 3
    assert "another poa send or poa remind" in done.stderr
    assert not (tmp_path / "outbox").exists()
    assert "1 sent" in poa("send", *quarter, **box).stdout


def test_wrong_settings_are_told_without_the_password(poa: Poa, quarter: list[str]) -> None:
    done = poa("send", *quarter, POA_SMTP_HOST="mail.example.gob.mx", POA_SMTP_PASSWORD="clave-que-nadie-ve")
    assert done.returncode == 2
    assert "POA_SMTP_SENDER" in done.stderr
    assert "clave-que-nadie-ve" not in done.stderr + done.stdout


def test_send_wants_a_snapshot(poa: Poa, tmp_path: Path) -> None:
    done = poa("send", "--year", "2024", "--quarter", "3", "--warehouse", f"sqlite:///{tmp_path / 'new.db'}")
    assert done.returncode == 2
    assert "run `poa consolidate` first" in done.stderr


def test_reminders_of_a_day(poa: Poa, quarter: list[str], tmp_path: Path) -> None:
    box = {"POA_OUTBOX": str(tmp_path / "outbox")}
    early = poa("remind", *quarter, "--on", "2024-09-01", **box)
    assert "no reminder of 2024 T3 is due on 2024-09-01" in early.stdout
    listed = poa("remind", *quarter, "--on", "2024-10-16", "--dry-run", **box)
    assert "reminder: overdue" in listed.stdout
    assert "ur06@example.gob.mx" not in listed.stdout
    assert "sent; by outbox" in poa("remind", *quarter, "--on", "2024-10-16", **box).stdout
    assert "0 sent" in poa("remind", *quarter, "--on", "2024-10-17", **box).stdout
