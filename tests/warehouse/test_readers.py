"""A reader's role reads every public view, after upgrades too, and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judged_batches import activity, beginning, book, consolidate, finding, judged
from postgres_server import PostgresServer
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from config.errors import UsageError
from warehouse.connect import Warehouse, WarehouseError, open_warehouse
from warehouse.grants import grant_reader
from warehouse.schema import tables, views
from warehouse.schema.tables import submission

BOOK = book("06", [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0))], findings=[finding("R05", "06")])
ODD = 'Planeación "100%" ; DROP ROLE postgres --'
STORED = sorted({*tables.metadata.tables, "alembic_version", views.IN_FORCE, *views.ORDER} - {*views.PUBLIC})

FORBIDDEN = {
    "write": "INSERT INTO v_entregas (ur) VALUES ('06')",
    "change": "UPDATE v_presupuesto SET asignado = 0",
    "delete": "DELETE FROM poa_store.finding",
    "make a table": "CREATE TABLE mia (id integer)",
    "make a table in poa": "CREATE TABLE poa.mia (id integer)",
    "make a view in poa": "CREATE VIEW poa.mia AS SELECT 1 AS uno",
    "make a table in poa_store": "CREATE TABLE poa_store.mia (id integer)",
    "make a function in poa": "CREATE FUNCTION poa.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "make a schema": "CREATE SCHEMA mia",
    "make a role": "CREATE ROLE otra",
    "drop a view": "DROP VIEW poa.v_entregas",
    "see a view's parts anew": "CREATE OR REPLACE VIEW poa.v_entregas AS SELECT 1 AS uno",
    "hold up the writer": "LOCK TABLE poa_store.alembic_version IN ACCESS SHARE MODE",
    "hold up a view's writer": "LOCK TABLE v_entregas IN EXCLUSIVE MODE",
    "become the owner": "SET ROLE postgres",
    "give on": "GRANT SELECT ON ALL TABLES IN SCHEMA poa_store TO PUBLIC",
    "read a file": "SELECT pg_read_file('PG_VERSION')",
    "write a file": "COPY (SELECT 1) TO '/tmp/poa_reader_was_here'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
}


@pytest.fixture(scope="module")
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.upgraded()


@pytest.fixture(scope="module")
def office(url: str) -> Iterator[Warehouse]:
    with open_warehouse(url) as warehouse:
        consolidate(warehouse, BOOK)
        yield warehouse
        with warehouse.engine.connect() as connection:
            roles = connection.execute(text("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_|^postgres$|^obrera$'"))
            for role in roles.scalars().all():
                quoted = connection.dialect.identifier_preparer.quote_identifier(role)
                connection.exec_driver_sql(f"DROP OWNED BY {quoted}")
                connection.exec_driver_sql(f"DROP ROLE {quoted}")
            connection.commit()


@pytest.fixture(scope="module")
def reader(url: str, office: Warehouse) -> Engine:
    assert grant(office, "lectura", login=True)
    return connecting(url, "lectura")


def test_it_reads_every_public_view_by_its_bare_name(reader: Engine) -> None:
    with reader.connect() as connection:
        assert connection.execute(text("SHOW search_path")).scalar() == "poa"
        for name in views.PUBLIC:
            connection.execute(text(f"SELECT * FROM {name}")).all()
        assert connection.execute(text("SELECT ur FROM v_avance_unidad")).scalar() == "06"


@pytest.mark.parametrize("name", STORED)
def test_it_reads_no_table_and_no_part(reader: Engine, name: str) -> None:
    assert refused(reader, f"SELECT * FROM poa_store.{name}") == "42501"


@pytest.mark.parametrize("doing", FORBIDDEN)
def test_it_can_do_nothing_else(reader: Engine, doing: str) -> None:
    # Not allowed; no schema on its path in which it may make anything; a view that takes no rows.
    assert refused(reader, FORBIDDEN[doing]) in ("42501", "3F000", "55000")


def test_it_has_no_right_that_is_not_named_here(office: Warehouse, reader: Engine) -> None:
    held = text(
        "SELECT n.nspname || '.' || c.relname || ' ' || a.privilege_type FROM pg_class c JOIN pg_namespace n "
        "ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) a WHERE a.grantee = 'lectura'::regrole UNION ALL "
        "SELECT n.nspname || ' ' || a.privilege_type FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a "
        "WHERE a.grantee = 'lectura'::regrole"
    )
    with office.engine.connect() as connection:
        assert set(connection.execute(held).scalars()) == {
            "poa USAGE",
            *(f"poa.{name} SELECT" for name in views.PUBLIC),
        }


def test_it_reads_what_an_upgrade_made_anew(office: Warehouse, reader: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {name: f"{sql}\n-- changed" for name, sql in views.definitions().items()}
    address = office.engine.url.render_as_string(hide_password=False)
    with monkeypatch.context() as patch:
        patch.setattr(views, "definitions", lambda: changed)
        open_warehouse(address).close()
    test_it_reads_every_public_view_by_its_bare_name(reader)
    open_warehouse(address).close()
    test_it_reads_every_public_view_by_its_bare_name(reader)
    assert refused(reader, "SELECT * FROM poa_store.visible_finding") == "42501"


def test_it_does_not_hold_up_the_writer(office: Warehouse, reader: Engine) -> None:
    with reader.connect() as reading:
        reading.execute(text("SELECT pg_advisory_xact_lock(5263169)"))
        reading.execute(text("SELECT * FROM v_observaciones")).all()
        with beginning(office, quarter=4, lock_timeout=0) as run:
            run.load(judged(BOOK), [BOOK.receipt])
        assert reading.in_transaction()  # the reader, and what it took, were there all the while
    with office.engine.connect() as connection:
        stored = select(func.count()).select_from(submission).where(submission.c.quarter == 4)
        assert connection.execute(stored).scalar_one() == 1


def test_the_program_tells_it_to_use_another_role(office: Warehouse, url: str, reader: Engine) -> None:
    with pytest.raises(WarehouseError, match="use the role that owns the warehouse"):
        open_warehouse(url.replace("postgres:@", "lectura:@"))


def test_granting_again_changes_nothing(office: Warehouse, reader: Engine) -> None:
    assert not grant(office, "lectura")
    test_it_reads_every_public_view_by_its_bare_name(reader)


def test_any_name_is_only_a_name(office: Warehouse) -> None:
    assert grant(office, ODD)
    with office.engine.connect() as connection:
        found = connection.execute(text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name"), {"name": ODD})
        assert found.scalars().all() == [False]


def test_a_password_is_stored_and_sent_scrambled(office: Warehouse) -> None:
    assert grant(office, "lectora", "muy 'secreta'", login=True)
    with office.engine.connect() as connection:
        kept = connection.execute(text("SELECT rolpassword FROM pg_authid WHERE rolname = 'lectora'")).scalar_one()
    assert kept.startswith("SCRAM-SHA-256$")
    with pytest.raises(UsageError, match="lectora exists; its password is changed in the database"):
        grant(office, "lectora", "otra", login=True)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("postgres", "reaches more than the views already"),
        ("public", 'role name "public" is reserved: name the role otherwise'),
        ("", "cannot be a role's name"),
        ("ñ" * 32, "takes 1 to 63 bytes"),
    ],
)
def test_names_that_are_no_readers(office: Warehouse, role: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        grant(office, role)


def test_a_role_with_more_rights_is_refused(office: Warehouse) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("CREATE ROLE obrero"))
        connection.execute(text("GRANT USAGE ON SCHEMA poa_store TO obrero"))
    with pytest.raises(UsageError, match="reaches more than the views"):
        grant(office, "obrero")


def test_who_may_not_make_roles_is_told_so(office: Warehouse, url: str) -> None:
    with office.engine.begin() as connection:
        connection.execute(text("CREATE ROLE carga LOGIN"))
        connection.execute(text("GRANT USAGE ON SCHEMA poa, poa_store TO carga"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA poa_store TO carga"))
    with (
        open_warehouse(url.replace("postgres:@", "carga:@")) as other,
        pytest.raises(WarehouseError, match=r"role nueva: permission denied to create role; .*CREATEROLE"),
    ):
        grant(other, "nueva")


def test_sqlite_has_no_roles(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with (
        open_warehouse(f"sqlite:///{tmp_path}/poa.db") as warehouse,
        pytest.raises(UsageError, match="is SQLite, which has no roles"),
    ):
        grant(warehouse, "lectura")


def grant(warehouse: Warehouse, role: str, password: str | None = None, *, login: bool = False) -> bool:
    return grant_reader(warehouse, role, 5, password, login=login)


def connecting(url: str, role: str) -> Engine:
    return create_engine(url.replace("postgres:@", f"{role}:@"), poolclass=NullPool)


def refused(reader: Engine, statement: str) -> str:
    with reader.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text(statement))
    return str(getattr(raised.value.orig, "sqlstate", ""))
