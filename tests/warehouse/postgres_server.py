"""A PostgreSQL server of the test session's own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from sqlalchemy import create_engine, text

from warehouse.connect import open_warehouse

NewUrl = Callable[[], str]


class PostgresServer:
    """A server of the test session's own, which makes databases: empty ones, or copies of an upgraded one."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._numbers = count(1)
        self.engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with self.engine.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        self._create("upgraded")
        open_warehouse(self._url("upgraded")).close()

    def empty(self) -> str:
        return self._create(f"warehouse_{next(self._numbers)}")

    def upgraded(self) -> str:
        return self._create(f"warehouse_{next(self._numbers)} TEMPLATE upgraded")

    def _create(self, name: str) -> str:
        with self.engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self._url(name.split()[0])

    def _url(self, name: str) -> str:
        return self._address.replace("/postgres?", f"/{name}?")
