"""Opening a warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine

from warehouse.database.engine import SQLITE, WarehouseError, make_engine, operable, reading_only, shown, writing
from warehouse.schema import upgrade

__all__ = ["Warehouse", "WarehouseError", "open_warehouse", "reading_current"]


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
            current = upgrade.is_current(connection)
        if not current:
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return Warehouse(engine)


@contextmanager
def reading_current(url: str, *, views: bool = True) -> Iterator[Connection]:
    """A connection to the warehouse at ``url`` that cannot write, not even to bring it up to date.

    Raises WarehouseError where there is none, or its tables (and, unless told not to look, its views) are not current.
    """
    engine = make_engine(url, make_folder=False)
    try:
        if engine.dialect.name == SQLITE and not Path(engine.url.database or "").is_file():
            raise WarehouseError(f"there is no warehouse {shown(engine.url)}; check the address")
        with reading_only(engine) as connection:
            if not (upgrade.is_current(connection) if views else upgrade.has_tables(connection)):
                raise WarehouseError(
                    f"warehouse {shown(engine.url)} is of an older version; any other command brings it up to date, "
                    "such as poa status"
                )
            yield connection
    finally:
        engine.dispose()


def _bring_up_to_date(engine: Engine) -> None:
    with writing(engine, upgrade.UPGRADE_WAIT, upgrade.BUSY) as connection:
        if not upgrade.is_current(connection):  # another process may have done it while this one waited
            upgrade.upgrade(connection)
