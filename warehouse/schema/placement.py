"""Where in a PostgreSQL database the warehouse lies: its two schemas, and bringing in one made before it had them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, text

from warehouse.database.engine import POSTGRESQL, WarehouseError
from warehouse.database.postgresql import MARK, PATH, PUBLIC, STORE, has_mark
from warehouse.schema import views
from warehouse.schema.message import metadata  # the last module of tables: all of them stand in it then

# Together these are a warehouse's, of whatever revision, and nobody else's.
_TELLING: Final = (MARK, "judgement_unit", "snapshot_unit")
# A table that a migration renames or drops is named here by its old name too: what is moved may be of any revision.
_MOVED: Final = {MARK, *metadata.tables}


def place(connection: Connection) -> None:
    """Makes the schemas where they lack, and moves into them a warehouse that lies in another; nothing on SQLite.

    Its views are dropped. Raises WarehouseError where the role may not, or where there is more than one warehouse.
    """
    if connection.dialect.name != POSTGRESQL:
        return
    refuse_second(connection)
    _make_schemas(connection)
    for old in elsewhere(connection):
        _look_in(connection, f"{PATH}, {_quoted(connection, old)}")
        views.drop(connection)
        _move(connection, old)
        _look_in(connection, PATH)


def refuse_second(connection: Connection) -> None:
    """Raises WarehouseError where a PostgreSQL database holds more than one warehouse."""
    if connection.dialect.name != POSTGRESQL:
        return
    found = [*([STORE] if has_mark(connection) else []), *elsewhere(connection)]
    if len(found) > 1:
        raise WarehouseError(
            f"database {connection.engine.url.database} holds a warehouse in each of its schemas {', '.join(found)}: "
            "one database holds one warehouse; move the others to databases of their own, or drop their tables"
        )


def elsewhere(connection: Connection) -> list[str]:
    """The schemas other than `poa_store` that hold a warehouse's tables."""
    rows = text(
        "SELECT schemaname FROM pg_tables WHERE tablename IN :telling AND schemaname <> :store "
        "GROUP BY schemaname HAVING COUNT(*) = :count ORDER BY schemaname"
    ).bindparams(bindparam("telling", expanding=True))
    told = {"telling": _TELLING, "count": len(_TELLING), "store": STORE}
    return list(connection.execute(rows, told).scalars())


def _make_schemas(connection: Connection) -> None:
    for name in (STORE, PUBLIC):
        if connection.execute(text("SELECT to_regnamespace(:name)"), {"name": name}).scalar() is not None:
            continue
        allowed = text("SELECT current_user, has_database_privilege(current_database(), 'CREATE')")
        role, may = connection.execute(allowed).one()
        if not may:
            raise WarehouseError(
                f"role {role} may not make the schema {name} in database {connection.engine.url.database}: let its "
                f"owner run CREATE SCHEMA {name} AUTHORIZATION {_quoted(connection, role)}"
            )
        connection.execute(text(f"CREATE SCHEMA {name}"))


def _move(connection: Connection, old: str) -> None:
    """Rows, keys and indices go with their table."""
    held = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = :old"), {"old": old}).scalars()
    for name in sorted(set(held) & _MOVED):
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(connection, old)}.{name} SET SCHEMA {STORE}")


def _look_in(connection: Connection, path: str) -> None:
    connection.exec_driver_sql(f"SET LOCAL search_path TO {path}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
