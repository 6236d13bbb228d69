"""Keys of new rows."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select


class Keys:
    """Allots consecutive keys; right because a writing transaction is alone (see ``engine.writing``).

    Knowing the keys beforehand lets facts and what refers to them go in by bulk, alike on both databases.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next: dict[str, int] = {}

    def take(self, table: Table, count: int = 1) -> int:
        """The first of ``count`` new keys of ``table``."""
        if table.name not in self._next:
            highest = self._connection.execute(select(func.max(table.c.id))).scalar()
            self._next[table.name] = (highest or 0) + 1
        first = self._next[table.name]
        self._next[table.name] = first + count
        return first
