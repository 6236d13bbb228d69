"""The schema's version: what the database stands at, bringing it up to date, and drift from the tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from warehouse.database.engine import WarehouseError, make_engine, operable, shown, writing
from warehouse.schema import message, placement, views

MIGRATIONS: Final = Path(__file__).resolve().parents[1] / "migrations"
UPGRADE_WAIT: Final = 60.0  # seconds
BUSY: Final = "another process is upgrading or filling it; try again when it has ended"


@cache
def head() -> str:
    """The newest revision that this code knows: the four digits before a migration's name."""
    return max(path.stem[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """Whether tables and views are this code's own, told without loading Alembic; raises as ``has_tables``."""
    return has_tables(connection) and views.are_current(connection)


def has_tables(connection: Connection) -> bool:
    """Whether the tables are this code's own.

    Raises WarehouseError where the schema is newer than this code, or where the database holds a second warehouse.
    """
    placement.refuse_second(connection)
    found = _revision(connection)
    if found is not None and found > head():
        raise WarehouseError(
            f"warehouse {shown(connection.engine.url)} has schema {found}, this program knows up to "
            f"{head()}: install the newer version of poa that made it"
        )
    return found == head()


def upgrade(connection: Connection) -> None:
    """Brings tables and views up to date inside the caller's transaction."""
    from alembic import command  # slow to import, and most runs find the schema current
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def pending_changes(url: str) -> list[str]:
    """What Alembic would still change in the scratch database at ``url`` once it is upgraded."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = make_engine(url)
    try:
        with writing(engine, UPGRADE_WAIT, BUSY) as connection:
            upgrade(connection)
        with operable(engine), engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_server_default": True})
            return [str(change) for change in compare_metadata(context, message.metadata)]
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT MAX(version_num) FROM alembic_version")).scalar()
