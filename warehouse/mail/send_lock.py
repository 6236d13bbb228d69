"""One process sends at a time: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from filelock import FileLock, Timeout
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
    """Holds a lock file beside the warehouse; the file stays, for taking it away would let two hold one each."""
    lock = FileLock(f"{engine.url.database}{BESIDE}", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise _busy(engine, wait) from error
    except (OSError, NotImplementedError) as error:
        raise WarehouseError(
            f"the lock file {lock.lock_file} cannot be opened ({error}); see that it is a file, and that the account "
            "that runs this may write it and its folder"
        ) from error
    try:
        yield
    finally:
        lock.release()


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
