"""Opening a warehouse: its schema is made, brought up to date, and refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from judged_batches import activity, book, consolidate, finding, rejected
from postgres_server import NewUrl
from sqlalchemy import inspect, select, text

from schemas.contracts import columns as c
from warehouse.connect import Warehouse, WarehouseError, open_warehouse
from warehouse.queries import published as queries
from warehouse.schema import snapshot_tables, tables, upgrade, views
from warehouse.snapshots.digest import digest_of


def test_tables_and_views_are_made(empty_url: NewUrl) -> None:
    with open_warehouse(empty_url()) as warehouse:
        found = inspect(warehouse.engine)
        assert set(found.get_table_names()) == {*tables.metadata.tables, "alembic_version"}
        assert set(found.get_view_names()) == {*views.ORDER, views.IN_FORCE}


def test_opening_again_finds_it_current(warehouse: Warehouse) -> None:
    with warehouse.engine.connect() as connection:
        assert upgrade.is_current(connection)


def test_migrations_and_tables_say_the_same(empty_url: NewUrl) -> None:
    assert upgrade.pending_changes(empty_url()) == []


def test_a_missing_column_is_noticed(empty_url: NewUrl) -> None:
    url = empty_url()
    with open_warehouse(url) as warehouse, warehouse.engine.begin() as connection:
        views.drop(connection)
        connection.execute(text("ALTER TABLE finding DROP COLUMN points"))
        views.create(connection)
    assert "points" in "".join(upgrade.pending_changes(url))


def test_alembic_alone_ends_the_same(empty_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    url = empty_url()
    monkeypatch.setenv("POA_WAREHOUSE", url)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    config = Config(upgrade.MIGRATIONS.parent / "alembic.ini")
    command.upgrade(config, "head")
    with open_warehouse(url) as warehouse, warehouse.engine.connect() as connection:
        assert upgrade.is_current(connection)
    command.downgrade(config, "base")
    with open_warehouse(url) as warehouse, warehouse.engine.connect() as connection:
        assert upgrade.is_current(connection)


def test_activities_stored_before_readings_were_sums(empty_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    url = empty_url()
    monkeypatch.setenv("POA_WAREHOUSE", url)
    config = Config(upgrade.MIGRATIONS.parent / "alembic.ini")
    with open_warehouse(url) as warehouse:
        one = book("x", [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0), **{c.MEASURE: "Informes"})])
        consolidate(warehouse, replace(one, budget=[]))  # which lines' cells stood where is lost on the way down
        with warehouse.engine.connect() as connection:
            published = digest_of(connection, 1)
    command.downgrade(config, "0001")
    with open_warehouse(url) as warehouse, warehouse.engine.connect() as connection:
        read = connection.execute(select(tables.activity.c.measure, tables.activity.c.reading)).one()
        assert tuple(read) == ("Informes", "sum")
        assert digest_of(connection, 1) == published


def test_the_newest_migration_is_the_one_of_the_highest_number() -> None:
    config = Config(upgrade.MIGRATIONS.parent / "alembic.ini")
    assert ScriptDirectory.from_config(config).get_current_head() == upgrade.head()


def test_a_changed_view_is_made_anew(upgraded_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {name: f"{sql}\n-- changed" for name, sql in views.definitions().items() if name != "v_cuarentena"}
    monkeypatch.setattr(views, "definitions", lambda: changed)
    with open_warehouse(upgraded_url) as warehouse:
        assert "v_cuarentena" not in inspect(warehouse.engine).get_view_names()
        with warehouse.engine.connect() as connection:
            assert views.are_current(connection)


def test_an_office_view_that_needs_ours_is_named(postgres_server, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    url = postgres_server.upgraded()
    with open_warehouse(url) as warehouse, warehouse.engine.begin() as connection:
        connection.execute(text("CREATE VIEW tablero AS SELECT * FROM v_cuarentena"))
    monkeypatch.setattr(views, "definitions", lambda: {"v_cuarentena": "SELECT 1 AS ejercicio"})
    with pytest.raises(WarehouseError, match=r"v_cuarentena cannot be made anew.*tablero"):
        open_warehouse(url)


def test_a_newer_schema_is_refused(upgraded_url: str) -> None:
    with open_warehouse(upgraded_url) as warehouse, warehouse.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        WarehouseError, match=f"has schema 9999, this program knows up to {upgrade.head()}: install the newer"
    ):
        open_warehouse(upgraded_url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("warehouse.db", "cannot be read; write sqlite:///file.db"),
        ("mysql://office@db.example.gob.mx/poa", "lives in sqlite:/// or postgresql"),
        (
            "postgresql+pg8000://office:secreto@localhost/poa",
            r"office:\*\*\*@localhost/poa needs the package pg8000",
        ),
        ("postgresql+psycopg://office:secreto@localhost:1/poa", "localhost:1/poa: .*check that the address"),
        ("postgresql+psycopg://localhost:1/poa?password=secreto", "check that the address"),
    ],
)
def test_a_url_that_leads_nowhere(url: str, said: str) -> None:
    with pytest.raises(WarehouseError, match=said) as raised:
        open_warehouse(url)
    assert "secreto" not in str(raised.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "poa.db"
    path.write_text("ejercicio,trimestre\n" * 100)
    with pytest.raises(WarehouseError, match=r"poa.db is not a SQLite database"):
        open_warehouse(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WarehouseError, match="cannot make the folder"):
        open_warehouse(f"sqlite:///{tmp_path}/file/sub/poa.db")


def test_the_password_is_never_shown(upgraded_url: str) -> None:
    with open_warehouse(upgraded_url.replace("postgres:@", "postgres:secreto@")) as warehouse:
        assert "secreto" not in warehouse.url + repr(warehouse) + str(warehouse)


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    with (
        open_warehouse(f"sqlite:///{tmp_path}/poa.db") as warehouse,
        warehouse.engine.connect() as connection,
    ):
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in (
            "journal_mode", "foreign_keys", "busy_timeout",
        )}  # fmt: skip
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}


def test_versions_published_before_history_keep_their_rows(empty_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warehouse as the first migration left it: what it says of each UR stays, and so do its digests."""
    url = empty_url()
    monkeypatch.setenv("POA_WAREHOUSE", url)
    config = Config(upgrade.MIGRATIONS.parent / "alembic.ini")
    rows = [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0), **{c.MEASURE: "Informes"})]
    one = book("x", rows, findings=[finding("R05", "06"), finding("A07")])
    with open_warehouse(url) as warehouse:
        consolidate(warehouse, replace(one, budget=[]), rejected("roto", "07"))
        before = _shown(warehouse)
    command.downgrade(config, "0001")
    with open_warehouse(url) as warehouse:
        assert _shown(warehouse) == before
        with warehouse.engine.connect() as connection:
            published = connection.execute(select(snapshot_tables.snapshot.c.digest)).scalar_one()
            assert digest_of(connection, 1) == published
        assert not consolidate(warehouse, replace(one, budget=[]), rejected("roto", "07")).new


def _shown(warehouse: Warehouse) -> list[list[tuple[object, ...]]]:
    return [queries.view(warehouse, name).rows() for name in ("v_entregas", "v_observaciones", "v_avance_actividad")]
