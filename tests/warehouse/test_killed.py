"""A consolidation killed at any instant loses nothing and doubles nothing: run again, it ends as if undisturbed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from consolidating import INSTANTS, KILLED, Run, consolidate, endings
from postgres_server import PostgresServer
from stored_rows import Rows, archived, rows_at

MOMENTS = [name for name in INSTANTS if name not in ("asking for the warehouse", "decided, not committed")]


@dataclass(frozen=True)
class Undisturbed:
    """What one run leaves that nobody kills: the same on both databases."""

    inbox: Path
    digest: str
    rows: Rows
    archive: set[str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, founding: Path, upgraded_sqlite: Path) -> Undisturbed:
    """The founding workbook and two that are rejected, one batch each."""
    folder = tmp_path_factory.mktemp("undisturbed")
    inbox = folder / "inbox"
    inbox.mkdir()
    shutil.copy(founding, inbox / "POA_2024_UR06.xlsx")
    (inbox / "POA_2024_UR07.xlsx").write_bytes(founding.read_bytes()[:9000])
    (inbox / "POA_2024_UR08.xls").write_text("<html><body><table></table></body></html>", encoding="utf-8")
    moment = datetime(2024, 10, 4, 18, tzinfo=UTC).timestamp()
    for path in inbox.iterdir():
        os.utime(path, (moment, moment))
    url = f"sqlite:///{shutil.copy(upgraded_sqlite, folder / 'poa.db')}"
    outcome = consolidate(Run(url, str(folder / "archive"), str(inbox)))
    return Undisturbed(inbox, outcome.published.digest, rows_at(url), archived(folder / "archive"))


@pytest.fixture(scope="module")
def killed(
    postgres_server: PostgresServer,
    upgraded_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
    undisturbed: Undisturbed,
) -> dict[tuple[str, str], Run]:
    """A killed run for each database and instant, all in one process's forks: imports take longer than runs."""
    folder = tmp_path_factory.mktemp("killed")

    def sqlite(place: Path) -> str:
        return f"sqlite:///{shutil.copy(upgraded_sqlite, place.with_suffix('.db'))}"

    made: dict[str, Callable[[Path], str]] = {"sqlite": sqlite, "postgresql": lambda _: postgres_server.upgraded()}
    runs = {}
    for database, new_url in made.items():
        for moment in MOMENTS:
            place = folder / f"{database} {moment}"
            runs[database, moment] = Run(new_url(place), str(place), str(undisturbed.inbox), at=moment)
    assert endings(list(runs.values())) == [KILLED] * len(runs)
    return runs


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_next_run_ends_as_if_it_had_been_the_first(
    killed: dict[tuple[str, str], Run], undisturbed: Undisturbed, database: str, moment: str
) -> None:
    run = replace(killed[database, moment], at=None)
    assert bool(rows_at(run.warehouse)["run"]) == (moment == "committed")
    outcome = consolidate(run)
    assert (outcome.published.version, outcome.published.digest) == (1, undisturbed.digest)
    assert outcome.published.new == (moment != "committed")
    rows = rows_at(run.warehouse)
    if moment == "committed":
        assert outcome.control.unchanged == 3
        rows["run"].pop()  # the one that found nothing to do
    assert rows == undisturbed.rows
    assert archived(Path(run.archive)) == undisturbed.archive
