"""The catalogue's responsible units in the warehouse, with the time each name was valid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from config.catalog import Unit
from warehouse.database.keys import Keys
from warehouse.schema.tables import unit


def sync(connection: Connection, keys: Keys, units: Mapping[str, Unit], now: datetime) -> None:
    """Makes ``units`` the valid rows: a changed name or parent closes the old row, a contact is corrected."""
    valid = {row.code: row for row in connection.execute(select(unit).where(unit.c.valid_to.is_(None)))}
    closed = [row.id for row in valid.values() if not _same(row, units.get(row.code))]
    if closed:
        connection.execute(update(unit).where(unit.c.id.in_(closed)).values(valid_to=now))
    kept = {code: row for code, row in valid.items() if row.id not in set(closed)}
    for code, row in kept.items():
        if row.contact != units[code].contact:
            connection.execute(update(unit).where(unit.c.id == row.id).values(contact=units[code].contact))
    added = [entry for code, entry in units.items() if code not in kept]
    if added:
        first = keys.take(unit, len(added))
        connection.execute(insert(unit), [_values(first + i, entry, now) for i, entry in enumerate(added)])


def _same(row: Row[*tuple[object, ...]], entry: Unit | None) -> bool:
    return entry is not None and (row.name, row.parent) == (entry.name, entry.parent)


def _values(key: int, entry: Unit, now: datetime) -> dict[str, object]:
    return {
        "id": key,
        "code": entry.code,
        "name": entry.name,
        "parent": entry.parent,
        "contact": entry.contact,
        "valid_from": now,
    }
