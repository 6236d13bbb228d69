"""One process sends at a time: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from warehouse.connect import Warehouse
from warehouse.database.engine import SQLITE, WarehouseError, operable
from warehouse.database.postgresql import STORE

BESIDE: Final = ".sending"


@contextmanager
def sending_alone(warehouse: Warehouse, wait: float) -> Iterator[None]:
    """Nobody else sends out of this warehouse meanwhile; raises WarehouseError where another does for ``wait`` seconds.

    Others may read and write it: a lock for that is held for single statements only.
    """
    held = _beside if warehouse.engine.dialect.name == SQLITE else _on_table
    with held(warehouse.engine, wait):
        yield


@contextmanager
def _beside(engine: Engine, wait: float) -> Iterator[None]:
    """Holds an empty database beside the warehouse, which stays: taking it away would let two hold one each."""
    place = Path(f"{engine.url.database}{BESIDE}")
    with closing(sqlite3.connect(place, timeout=wait, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise _busy(engine, wait) from error
        yield


@contextmanager
def _on_table(engine: Engine, wait: float) -> Iterator[None]:
    """Holds the ledger's table in a mode that only excludes itself, and that no reader's role may take."""
    with operable(engine), engine.connect() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(wait * 1000))}"))
        try:
            connection.execute(text(f"LOCK TABLE {STORE}.message IN SHARE UPDATE EXCLUSIVE MODE"))
        except OperationalError as error:
            raise _busy(engine, wait) from error
        yield


def _busy(engine: Engine, wait: float) -> WarehouseError:
    return WarehouseError(f"another poa send or poa remind of {engine.url.database} is at work (waited {wait:g} s); "
                          "try again when it has ended")  # fmt: skip
