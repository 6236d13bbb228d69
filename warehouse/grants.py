"""Roles of PostgreSQL that may read the public views and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from config.errors import UsageError
from warehouse.connect import Warehouse
from warehouse.database.engine import POSTGRESQL, WarehouseError, writing
from warehouse.database.postgresql import NOT_ALLOWED, PUBLIC, STORE
from warehouse.schema import views
from warehouse.schema.upgrade import BUSY

LONGEST: Final = 63  # bytes: PostgreSQL cuts a longer name short
RESERVED: Final = "42939"  # SQLSTATE


def grant_reader(warehouse: Warehouse, role: str, lock_timeout: float, password: str | None, *, login: bool) -> bool:
    """Lets ``role`` read the public views, those of later upgrades too; True where the role was made.

    A role that is made may log in only where ``login``; ``password`` is of that. Raises UsageError where the warehouse
    has no roles or ``role`` cannot be a reader's, WarehouseError where the database refuses.
    """
    if warehouse.engine.dialect.name != POSTGRESQL:
        raise UsageError(
            f"{warehouse.url} is SQLite, which has no roles: give its readers the right to read the file, or keep the "
            "warehouse on PostgreSQL"
        )
    if not role or len(role.encode()) > LONGEST or "\x00" in role:
        raise UsageError(f"{role!r} cannot be a role's name: it takes 1 to {LONGEST} bytes")
    with writing(warehouse.engine, lock_timeout, BUSY) as connection, _administering(role):
        made = not _exists(connection, role)
        if made:
            _make(connection, role, password, login=login)
        elif password is not None:
            raise UsageError(f"role {role} exists; its password is changed in the database, not here")
        _refuse_the_mighty(connection, role)
        _let_in(connection, role)
        return made


def restore_grants(connection: Connection) -> None:
    """Gives the views just made to whoever was let into their schema: a grant goes with the view that is dropped."""
    if connection.dialect.name != POSTGRESQL:
        return
    entered = text(
        "SELECT DISTINCT r.rolname FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a JOIN pg_roles r "
        "ON r.oid = a.grantee WHERE n.nspname = :schema AND a.privilege_type = 'USAGE' AND a.grantee <> n.nspowner"
    )
    for role in connection.execute(entered, {"schema": PUBLIC}).scalars().all():
        _give_views(connection, role)


@contextmanager
def _administering(role: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said, state = str(error.orig).strip().splitlines()[0], getattr(error.orig, "sqlstate", None)
        if state == RESERVED:
            raise UsageError(f"{said}: name the role otherwise") from error
        if state == NOT_ALLOWED:
            raise WarehouseError(f"role {role}: {said}; it takes a role that owns the warehouse and may make roles "
                                 "(CREATEROLE)") from error  # fmt: skip
        raise


def _exists(connection: Connection, role: str) -> bool:
    return connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar() == 1


def _make(connection: Connection, role: str, password: str | None, *, login: bool) -> None:
    secret = "" if password is None else f" PASSWORD {_scrambled(connection, role, password)}"
    chosen = "LOGIN" if login else "NOLOGIN"
    connection.exec_driver_sql(f"CREATE ROLE {_quoted(connection, role)} {chosen}{secret}")


def _scrambled(connection: Connection, role: str, password: str) -> str:
    # As psql's \password does: the server, and so its log, never sees the password itself.
    driver: Any = connection.connection.driver_connection
    hashed: bytes = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return f"'{hashed.decode()}'"


def _refuse_the_mighty(connection: Connection, role: str) -> None:
    reaches = text(
        "SELECT has_schema_privilege(:role, :store, 'USAGE') OR has_schema_privilege(:role, :views, 'CREATE')"
    )
    if connection.execute(reaches, {"role": role, "store": STORE, "views": PUBLIC}).scalar_one():
        raise UsageError(
            f"role {role} reaches more than the views already (it is a superuser, owns the warehouse or was granted "
            "more): name another role for reading"
        )


def _let_in(connection: Connection, role: str) -> None:
    quoted = _quoted(connection, role)
    database, connects = connection.execute(
        text("SELECT current_database(), has_database_privilege(:role, current_database(), 'CONNECT')"), {"role": role}
    ).one()
    if not connects:
        connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {_quoted(connection, database)} TO {quoted}")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {PUBLIC} TO {quoted}")
    _give_views(connection, role)
    path = f"ALTER ROLE {quoted} IN DATABASE {_quoted(connection, database)} SET search_path TO {PUBLIC}"
    connection.exec_driver_sql(path)


def _give_views(connection: Connection, role: str) -> None:
    named = ", ".join(f"{PUBLIC}.{name}" for name in views.PUBLIC)
    connection.exec_driver_sql(f"GRANT SELECT ON {named} TO {_quoted(connection, role)}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
