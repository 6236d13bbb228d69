"""What all tables are declared with: the metadata that they stand in, and their usual columns."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Column, ForeignKey, Integer, MetaData
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

AnyColumn: TypeAlias = "Column[Any]"


def key() -> AnyColumn:
    """The key of a table, which the one writer of a transaction allots (see ``keys.py``)."""
    return Column("id", Integer, primary_key=True, autoincrement=False)


def parent(table: str, *, name: str | None = None, **options: Any) -> AnyColumn:
    """The key of a row of ``table``, which the row belongs to or refers to; not null unless ``options`` say so."""
    options.setdefault("nullable", False)
    return Column(name or f"{table}_id", Integer, ForeignKey(f"{table}.id"), **options)


def wanted(kind: type[TypeEngine[Any]], *names: str) -> list[AnyColumn]:
    """Columns that every row has a value in."""
    return [Column(name, kind, nullable=False) for name in names]


def maybe(kind: type[TypeEngine[Any]], *names: str) -> list[AnyColumn]:
    """Columns that may be null."""
    return [Column(name, kind) for name in names]
