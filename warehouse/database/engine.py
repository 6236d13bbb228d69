"""The SQLAlchemy engine of a warehouse: its checks, its one-writer transaction, its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from config.errors import OperatorError
from warehouse.database import postgresql

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

READ_WAIT_MS: Final = 5_000
_WAIT: Final = "poa_wait_ms"


class WarehouseError(OperatorError):
    """Something about the warehouse that an operator can act on: the message says what, where, remedy."""


def make_engine(url: str, *, make_folder: bool = True) -> Engine:
    """The engine for ``url``, not yet connected; raises WarehouseError where it cannot name a warehouse.

    A SQLite file's folder is made where it lacks, unless told not to.
    """
    parsed = _parsed(url)
    try:
        engine = create_engine(parsed, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise WarehouseError(f"{shown(parsed)} needs the package {error.name}: install poa[postgres]") from error
    if engine.dialect.name == SQLITE:
        if make_folder:
            _make_folder(parsed)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "connect", postgresql.on_connect, insert=True)  # before the dialect asks where it is
    return engine


def shown(url: URL) -> str:
    """``url`` for people to read: without its password, wherever it stands."""
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True)


@contextmanager
def operable(engine: Engine) -> Iterator[None]:
    """Turns the database's own refusals (unreachable, locked, full, forbidden, no database) into WarehouseError."""
    try:
        yield
    except OperationalError as error:
        raise WarehouseError(f"warehouse {shown(engine.url)}: {_reason(error)}") from error
    except DBAPIError as error:
        if _sqlstate(error) == postgresql.NOT_ALLOWED:
            raise WarehouseError(
                f"warehouse {shown(engine.url)}: {_said(error)}; use the role that owns the warehouse (a reader's role "
                f"queries the views of schema {postgresql.PUBLIC} with any SQL client)"
            ) from error
        if not isinstance(error.orig, sqlite3.DatabaseError) or "not a database" not in str(error.orig):
            raise
        raise WarehouseError(f"{engine.url.database} is not a SQLite database: name another file") from error


@contextmanager
def writing(engine: Engine, wait: float, busy: str) -> Iterator[Connection]:
    """The one writer's transaction: commits when left normally, rolls back on any exception.

    Raises WarehouseError saying ``busy`` where another writer holds the warehouse for ``wait`` seconds.
    """
    with operable(engine), engine.connect() as connection:
        milliseconds = max(1, round(wait * 1000))  # PostgreSQL takes 0 for "for ever"
        connection.execution_options(**{_WAIT: milliseconds})
        try:
            transaction = connection.begin()
            if engine.dialect.name == POSTGRESQL:
                postgresql.lock(connection, milliseconds)
        except OperationalError as error:
            if _locked(error):
                raise WarehouseError(f"warehouse {shown(engine.url)}: {busy} (waited {wait:g} s)") from error
            raise
        with transaction:
            yield connection


@contextmanager
def reading_only(engine: Engine) -> Iterator[Connection]:
    """A connection that the database itself keeps from writing."""
    with operable(engine), engine.connect() as connection:
        if engine.dialect.name == SQLITE:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        else:
            connection.execution_options(postgresql_readonly=True)
        try:
            yield connection
        finally:
            connection.invalidate()  # the next one may write


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise WarehouseError("the warehouse's URL cannot be read; write sqlite:///file.db "
                             "or postgresql+psycopg://user@host/database") from error  # fmt: skip
    if parsed.get_backend_name() not in (SQLITE, POSTGRESQL):
        raise WarehouseError(f"{shown(parsed)}: a warehouse lives in sqlite:/// or postgresql+psycopg://")
    return parsed


def _make_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:" or url.query.get("uri"):
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WarehouseError(f"cannot make the folder {folder} of the warehouse: {error.strerror}") from error


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own transactions commit before DDL; with them off, BEGIN is ours (see _on_sqlite_begin).
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {READ_WAIT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -65536")


def _on_sqlite_begin(connection: Connection) -> None:
    wait = connection.get_execution_options().get(_WAIT)
    if wait is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {READ_WAIT_MS}")


def _locked(error: OperationalError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _sqlstate(error) == postgresql.LOCKED


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]


def _reason(error: OperationalError) -> str:
    said = _said(error)
    if _locked(error):
        return f"{said}: another process is writing; try again when it has ended"
    return f"{said}; check that the address is right, that the database is up and that its disk has room"
