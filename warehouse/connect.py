"""Opening a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

from sqlalchemy import Engine

from warehouse import schema
from warehouse.engine import WarehouseError, make_engine, operable, shown, writing

__all__ = ["Warehouse", "WarehouseError", "open_warehouse"]


@dataclass(frozen=True)
class Warehouse:
    """An open warehouse, its schema current; a context manager that closes it."""

    engine: Engine

    @property
    def url(self) -> str:
        """Where it lies, for people to read: without password."""
        return shown(self.engine.url)

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_warehouse(url: str) -> Warehouse:
    """The warehouse at ``sqlite:///file.db`` or ``postgresql+psycopg://…``, made or upgraded where needed.

    Raises WarehouseError where it cannot be reached, is locked, or was made by a newer version of the
    program.
    """
    engine = make_engine(url)
    try:
        with operable(engine), engine.connect() as connection:
            current = schema.is_current(connection)
        if not current:
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return Warehouse(engine)


def _bring_up_to_date(engine: Engine) -> None:
    with writing(engine, schema.UPGRADE_WAIT, schema.BUSY) as connection:
        if not schema.is_current(connection):  # another process may have done it while this one waited
            schema.upgrade(connection)
