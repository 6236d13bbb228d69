"""What only PostgreSQL asks of a connection: its search path and the writer's lock.

Tables, the parts that views share and Alembic's mark lie in the schema `poa_store`, the public views in `poa`: a
planning office is let into that alone. Both are on the search path of the program's own connections, so that its SQL
is that of SQLite.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, text

STORE: Final = "poa_store"
PUBLIC: Final = "poa"
# What is made without naming a schema goes into the first.
PATH: Final = f"{STORE}, {PUBLIC}"
MARK: Final = "alembic_version"

NOT_ALLOWED: Final = "42501"  # SQLSTATE
LOCKED: Final = "55P03"
_ADVISORY_KEY: Final = 0x504F41  # "POA"


def on_connect(connection: Any, _record: Any) -> None:
    """Sets the search path of a new connection for good: outside of any transaction, which may roll it back."""
    autocommit = connection.autocommit
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path TO {PATH}")
    connection.autocommit = autocommit


def lock(connection: Connection, milliseconds: int) -> None:
    """Makes the transaction the only writer; the database refuses (LOCKED) after ``milliseconds``.

    The lock is a table's, which no reader's role may take. An advisory lock, which anybody may, serves only while there
    is no table yet.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))
    if not has_mark(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
    if has_mark(connection):
        connection.execute(text(f"LOCK TABLE {STORE}.{MARK} IN EXCLUSIVE MODE"))
    connection.execute(text("SET LOCAL lock_timeout = DEFAULT"))


def has_mark(connection: Connection) -> bool:
    """Whether `poa_store` holds a warehouse, of whatever revision."""
    found = "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = :schema AND tablename = :name)"
    return bool(connection.execute(text(found), {"schema": STORE, "name": MARK}).scalar())
