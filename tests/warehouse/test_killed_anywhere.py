"""Thirty instants drawn by lot on each database, over twelve sample workbooks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from consolidating import KILLED, Run, consolidate, endings
from postgres_server import PostgresServer
from sqlalchemy import Engine, event
from stored_rows import archived, rows_at

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.form import load_form
from workbooks.sample import sample_inbox

pytestmark = pytest.mark.soak
KILLS, WORKBOOKS = 30, 12
BATCHES = {"batch_size": 4}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks of the sample units, sound and unsound."""
    folder = tmp_path_factory.mktemp("sample")
    sample_inbox(folder, load_form(2024), load_catalog(), load_calendar(), quarter=3)
    for path in sorted(folder.iterdir())[WORKBOOKS:]:
        path.unlink()
    return folder


def test_wherever_it_is_killed_the_next_run_ends_the_same(
    database: str, postgres_server: PostgresServer, upgraded_sqlite: Path, inbox: Path, tmp_path: Path
) -> None:
    def run(name: str) -> Run:
        sqlite = tmp_path / f"{name}.db"
        url = postgres_server.upgraded() if database == "postgresql" else f"sqlite:///{sqlite}"
        if database == "sqlite":
            shutil.copy(upgraded_sqlite, sqlite)
        return Run(url, str(tmp_path / name), str(inbox), more=BATCHES)

    whole = run("undisturbed")
    statements, published = _counted(whole)
    lot = Random(f"instants of {database}")
    killed = [replace(run(f"killed {i}"), at=lot.randint(1, statements)) for i in range(KILLS)]
    assert endings(killed) == [KILLED] * KILLS
    expected = rows_at(whole.warehouse)
    for each in killed:
        again = consolidate(replace(each, at=None)).published
        assert (again.version, again.digest) == (1, published), each.at
        found = rows_at(each.warehouse)
        if not again.new:  # killed after the commit
            found["run"].pop()
        assert found == expected, each.at
        assert archived(Path(each.archive)) == archived(Path(whole.archive)), each.at


def _counted(run: Run) -> tuple[int, str]:
    """How many statements an undisturbed run takes, and the digest that it ends with."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(Engine, "before_cursor_execute", count)
    try:
        digest = consolidate(run).published.digest
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    return statements, digest
