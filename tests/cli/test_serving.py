"""`poa serve --show`, `--prefect-yaml` and `poa runs` as typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from as_typed import Poa

from config.calendar import load_calendar
from config.settings import Settings
from flows.runs.consolidation import Request, consolidate, listed
from flows.runs.decisions import close
from flows.schedule.plan import prefect_yaml
from warehouse.consolidation import Decision


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, founding: Path, upgraded_sqlite: Path) -> str:
    """A warehouse that was consolidated twice and closed: its URL; only to be read."""
    folder = tmp_path_factory.mktemp("ran")
    (folder / "inbox").mkdir()
    shutil.copy(upgraded_sqlite, folder / "poa.db")
    shutil.copy(founding, folder / "inbox" / "POA_2024_UR06.xlsx")
    settings = Settings(warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline")
    request = Request(2024, 3, folder / "inbox")
    for _ in range(2):
        consolidate(request, settings, listed(request, settings))
    close(2024, 3, Decision("Dirección de Planeación", "Oficio 12/2024"), settings)
    return settings.warehouse


def test_runs_are_listed_newest_first_with_their_totals(poa: Poa, ran: str) -> None:
    lines = poa("runs", "--warehouse", ran).stdout.splitlines()
    closed, unchanged, published = (line.split()[2:] for line in lines if " T3 " in line)
    assert closed[1:4] == ["T3", "close", "closed"]
    assert unchanged[2:4] == ["consolidate", "unchanged"]
    assert unchanged[5:] == ["1", "0", "0", "0", "1", "0", "0", "0", "0"]
    assert published[2:5] == ["consolidate", "version", "1"]
    assert published[6:] == ["1", "0", "1", "0", "0", "0", "14", "14", "0"]


def test_runs_as_json(poa: Poa, ran: str) -> None:
    done = poa("runs", "--warehouse", ran, "--json", "--limit", "2", "--year", "2024", "--quarter", "3")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["command"], first["outcome"], first["seen"]) == ("close", "closed", None)
    assert (second["outcome"], second["seen"], second["unchanged"], second["version"]) == ("unchanged", 1, 1, None)


def test_no_runs_of_another_quarter(poa: Poa, ran: str) -> None:
    assert "no runs yet" in poa("runs", "--warehouse", ran, "--quarter", "1").stdout


def test_what_would_run_when(poa: Poa) -> None:
    done = poa("serve", "--show", POA_INBOX="/srv/poa/inbox/{year}T{quarter}", POA_OPERATOR="guardia@example.gob.mx")
    assert done.returncode == 0
    assert "quarterly consolidation/quarterly-consolidation" in done.stdout
    assert "0 7 16 10 *" in done.stdout
    assert "/srv/poa/inbox/{year}T{quarter}" in done.stdout
    assert "guardia@example.gob.mx" in done.stdout


def test_nothing_is_served_without_an_inbox(poa: Poa) -> None:
    done = poa("serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert "POA_INBOX is not set" in done.stderr


def test_an_office_writes_its_own_prefect_yaml(poa: Poa, tmp_path: Path) -> None:
    own = tmp_path / "office"
    own.mkdir()
    text = Path("config/calendar.toml").read_text(encoding="utf-8").replace("0 18 * * *", "0 20 * * *")
    (own / "calendar.toml").write_text(text, encoding="utf-8")
    poa("serve", "--config", own, "--prefect-yaml", tmp_path / "prefect.yaml")
    written = (tmp_path / "prefect.yaml").read_text(encoding="utf-8")
    assert written == prefect_yaml(load_calendar(own))
    assert '- cron: "0 20 * * *"' in written
