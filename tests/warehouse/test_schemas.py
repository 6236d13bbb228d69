"""On PostgreSQL the tables lie in one schema and the public views in another, wherever they lay before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judged_batches import activity, book, consolidate, finding
from postgres_server import PostgresServer
from sqlalchemy import Connection, Engine, create_engine, text

from warehouse.connect import Warehouse, WarehouseError, open_warehouse
from warehouse.queries import published
from warehouse.schema import tables, upgrade, views

BOOK = book("06", [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0))], findings=[finding("R05", "06")])


@pytest.fixture
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.upgraded()


@pytest.fixture
def owner(url: str) -> Iterator[Engine]:
    """The database as psql would show it to its owner: the default search path."""
    engine = create_engine(url)
    yield engine
    engine.dispose()


def test_only_the_public_views_lie_in_the_schema_that_is_given_away(owner: Engine) -> None:
    with owner.connect() as connection:
        assert relations(connection, "poa") == {(name, "v") for name in views.PUBLIC}
        parts = {*views.ORDER, views.IN_FORCE} - {*views.PUBLIC}
        stored = {(name, "r") for name in (*tables.metadata.tables, "alembic_version")} | {(n, "v") for n in parts}
        assert relations(connection, "poa_store") == stored
        assert relations(connection, "public") == set()


def test_a_rollback_keeps_the_search_path(url: str) -> None:
    with open_warehouse(url) as warehouse, warehouse.engine.connect() as connection:
        connection.rollback()
        assert connection.execute(text("SHOW search_path")).scalar() == "poa_store, poa"


def test_no_search_path_of_the_url_makes_a_second_warehouse(url: str, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("CREATE SCHEMA other"))
    joint = "&" if "?" in url else "?"
    with open_warehouse(f"{url}{joint}options=-csearch_path%3Dother") as warehouse:
        consolidate(warehouse, BOOK)
    with owner.connect() as connection:
        assert relations(connection, "other") == set()


@pytest.mark.parametrize("old", ["public", "Mi oficina: 100%"])
def test_a_warehouse_made_before_is_brought_in(url: str, owner: Engine, old: str) -> None:
    with open_warehouse(url) as warehouse:
        consolidate(warehouse, BOOK)
        before = shown(warehouse)
    with owner.begin() as connection:
        leave_in(connection, old)
        connection.exec_driver_sql(f'CREATE TABLE "{old.replace("%", "%%")}".contratos (id integer)')
    with open_warehouse(url) as warehouse:
        assert shown(warehouse) == before
        assert not consolidate(warehouse, BOOK).new
    assert upgrade.pending_changes(url) == []
    with owner.connect() as connection:
        assert relations(connection, old) == {("contratos", "r")}


def test_two_warehouses_in_one_database_are_refused(url: str, owner: Engine) -> None:
    with owner.begin() as connection:
        for name in ("alembic_version", "judgement_unit", "snapshot_unit"):
            connection.execute(text(f"CREATE TABLE public.{name} AS SELECT * FROM poa_store.{name}"))
    with pytest.raises(WarehouseError, match=r"a warehouse in each of its schemas poa_store, public: .*drop their tab"):
        open_warehouse(url)


def test_another_programs_alembic_is_left_alone(postgres_server: PostgresServer) -> None:
    url = postgres_server.empty()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('abc')"))
    open_warehouse(url).close()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM public.alembic_version")).scalar() == "abc"
    engine.dispose()


def test_a_role_that_may_not_make_schemas_is_told_what_its_owner_runs(postgres_server: PostgresServer) -> None:
    url = postgres_server.empty()
    with postgres_server.engine.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS obrera"))
        connection.execute(text("CREATE ROLE obrera LOGIN"))
    with pytest.raises(WarehouseError, match='CREATE SCHEMA poa_store AUTHORIZATION "obrera"'):
        open_warehouse(url.replace("postgres:@", "obrera:@"))
    engine = create_engine(url)
    with engine.begin() as connection:
        for name in ("poa_store", "poa"):
            connection.execute(text(f"CREATE SCHEMA {name} AUTHORIZATION obrera"))
    engine.dispose()
    with open_warehouse(url.replace("postgres:@", "obrera:@")) as warehouse:
        assert consolidate(warehouse, BOOK).version == 1


def leave_in(connection: Connection, old: str) -> None:
    """The warehouse as it was made before it had schemas of its own."""
    quoted = '"' + old.replace("%", "%%") + '"'
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quoted}")
    connection.execute(text("SET LOCAL search_path TO poa_store, poa"))
    views.drop(connection)
    for name in (*tables.metadata.tables, "alembic_version"):
        connection.exec_driver_sql(f"ALTER TABLE poa_store.{name} SET SCHEMA {quoted}")
    connection.exec_driver_sql(f"SET LOCAL search_path TO {quoted}")
    for name, definition in views.definitions().items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {definition}", execution_options={"no_parameters": True})
    connection.execute(text("DROP SCHEMA poa_store, poa"))
    rows = " UNION ALL ".join(
        f"SELECT {i} AS place, '{name}' AS name, 'old' AS digest" for i, name in enumerate(views.ORDER)
    )
    connection.exec_driver_sql(f"CREATE VIEW {views.IN_FORCE} AS {rows}")


def relations(connection: Connection, schema: str) -> set[tuple[str, str]]:
    found = text("SELECT relname, relkind FROM pg_class WHERE relkind IN ('r', 'v', 'S', 'm') "
                 "AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = :schema)")  # fmt: skip
    return {(name, kind) for name, kind in connection.execute(found, {"schema": schema})}


def shown(warehouse: Warehouse) -> list[list[tuple[object, ...]]]:
    return [published.view(warehouse, name).rows() for name in views.PUBLIC]
