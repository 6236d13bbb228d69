"""What Alembic runs round migrations: the connection, the schemas before, the views dropped before and made after."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from config.settings import Settings
from warehouse import grants
from warehouse.database.engine import WarehouseError, make_engine, writing
from warehouse.schema import placement, upgrade, views
from warehouse.schema.message import metadata


def migrate(connection: Connection) -> None:
    """Runs the command's migrations on ``connection``, inside its transaction."""
    placement.place(connection)
    context.configure(connection=connection, target_metadata=metadata, compare_server_default=True)
    views.drop(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == upgrade.head():
        views.create(connection)
        grants.restore_grants(connection)


def main() -> None:
    """Migrates the caller's connection, or the warehouse of ``POA_WAREHOUSE`` where there is no caller."""
    if context.is_offline_mode():
        raise WarehouseError("migrations need the database itself: leave --sql out")
    connection: Connection | None = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    engine = make_engine(Settings.model_validate({}).warehouse)
    try:
        with writing(engine, upgrade.UPGRADE_WAIT, upgrade.BUSY) as connection:
            migrate(connection)
    finally:
        engine.dispose()


main()
