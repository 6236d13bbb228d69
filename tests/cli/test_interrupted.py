"""Ctrl+C: the command says what it left stored, whenever it comes, and ends with 130."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from as_typed import Poa
from sqlalchemy.engine.default import DefaultDialect

from cli.quarter import consolidate as command
from flows.runs import consolidation, quarter_run
from warehouse import connect
from warehouse.archive.local import Archive
from warehouse.connect import Warehouse
from warehouse.consolidation import Consolidation
from warehouse.queries.runs import runs

QUARTER = ("--year", "2024", "--quarter", "3")
NOTHING_BEGUN = "no run over a quarter had begun: no workbook is stored and no version published"
NOTHING_STORED = "2024 T3: nothing is stored and nothing published; what it copied to the archive {archive} stays there"
PUBLISHED = "2024 T3: the run is stored; version 1 is published"


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    shutil.copy(founding, folder)
    return folder


@pytest.fixture
def arguments(tmp_path: Path, inbox: Path, upgraded_sqlite: Path) -> list[str | Path]:
    shutil.copy(upgraded_sqlite, tmp_path / "poa.db")
    where = ["--warehouse", f"sqlite:///{tmp_path / 'poa.db'}", "--archive", tmp_path / "archive"]
    return ["consolidate", *QUARTER, "--inbox", inbox, *where, "--direct"]


def outcomes(folder: Path) -> list[str]:
    with connect.open_warehouse(f"sqlite:///{folder / 'poa.db'}") as warehouse:
        return runs(warehouse, 9)["outcome"].to_list()


def interrupt(patch: pytest.MonkeyPatch, owner: Any, name: str, side: str) -> None:
    """Ctrl+C before or after the first call of a function."""
    original: Callable[..., Any] = getattr(owner, name)

    def once(*given: Any, **named: Any) -> Any:
        patch.setattr(owner, name, original)
        if side == "before":
            raise KeyboardInterrupt
        original(*given, **named)
        raise KeyboardInterrupt

    patch.setattr(owner, name, once)


@pytest.mark.parametrize(
    ("owner", "name", "side", "stored", "left"),
    [
        (consolidation, "listed", "before", NOTHING_BEGUN, []),
        (quarter_run, "begin", "before", NOTHING_BEGUN, []),
        (Archive, "settle", "after", NOTHING_STORED, []),
        (Consolidation, "publish", "after", NOTHING_STORED, []),
        (DefaultDialect, "do_commit", "before", NOTHING_STORED, []),
        (DefaultDialect, "do_commit", "after", PUBLISHED, ["published"]),
        (Warehouse, "close", "before", PUBLISHED, ["published"]),
        (command, "tell", "before", PUBLISHED, ["published"]),
    ],
)
def test_what_is_stored_is_said_at_every_instant(
    poa: Poa,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str | Path],
    owner: Any,
    name: str,
    side: str,
    stored: str,
    left: list[str],
) -> None:
    interrupt(monkeypatch, owner, name, side)
    done = poa(*arguments)
    assert done.returncode == 130
    assert done.stderr.endswith(f"poa: interrupted; {stored.format(archive=tmp_path / 'archive')}\n")
    assert outcomes(tmp_path) == left
    assert bool(list((tmp_path / "archive").rglob("*.xlsx"))) == (stored != NOTHING_BEGUN)
    assert "version 1 of 2024 T3" in poa(*arguments).stdout


def test_a_run_that_published_nothing_is_told_by_its_outcome(
    poa: Poa, monkeypatch: pytest.MonkeyPatch, arguments: list[str | Path]
) -> None:
    poa(*arguments)
    interrupt(monkeypatch, command, "tell", "before")
    assert "2024 T3: the run is stored; its outcome is unchanged" in poa(*arguments).stderr


TERMINAL = """
import os, signal, sys
from {module} import {owner}
sys.argv = ["poa", *{arguments!r}]
original = {owner}.{name}
def interrupted(*given, **named):
    {owner}.{name} = original
    done = original(*given, **named)
    os.killpg(0, signal.SIGINT)
    return done
{owner}.{name} = interrupted
if __name__ == "__main__":
    from cli.main import main
    main()
"""


def in_a_terminal(folder: Path, module: str, owner: str, name: str, arguments: list[str]) -> tuple[int, str]:
    """How the command ends, and what it says, where Ctrl+C reaches all its processes after a call of ``owner.name``."""
    script = folder / "typed.py"
    script.write_text(TERMINAL.format(module=module, owner=owner, name=name, arguments=arguments), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script],
        cwd=folder,
        env={**os.environ, "POA_EXECUTOR": "processes", "PREFECT_HOME": str(folder / "prefect"), "COLUMNS": "160"},
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="has no masks of signals")
def test_in_a_terminal_only_the_command_itself_is_interrupted(tmp_path: Path, arguments: list[str | Path]) -> None:
    """While its workers start: their tracebacks would stand before what the command says."""
    code, said = in_a_terminal(tmp_path, "pebble", "ProcessPool", "schedule", list(map(str, arguments)))
    assert (code, "Traceback" in said) == (130, False)
    assert f"poa: interrupted; {NOTHING_STORED.format(archive=tmp_path / 'archive')}" in said


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="has no masks of signals")
@pytest.mark.parametrize(
    ("module", "owner", "name", "stored"),
    [
        ("pebble", "ProcessPool", "schedule", NOTHING_STORED),
        ("warehouse.connect", "Warehouse", "close", PUBLISHED),
    ],
)
def test_through_prefect_its_server_lives_until_the_run_has_ended(
    tmp_path: Path, arguments: list[str | Path], module: str, owner: str, name: str, stored: str
) -> None:
    """Were it interrupted as well, the run would try to reach it for more than a minute, and end otherwise."""
    code, said = in_a_terminal(tmp_path, module, owner, name, [str(one) for one in arguments if one != "--direct"])
    assert (code, "Traceback" in said) == (130, False)
    assert f"poa: interrupted; {stored.format(archive=tmp_path / 'archive')}" in said
