"""A warehouse that the first migration's program filled migrates to head and keeps every row.

`made_at_0001.json` was written by that program: two quarters, four versions, a resubmission, a late workbook and one
rejected. On PostgreSQL its tables lay in `public`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from postgres_server import NewUrl
from sqlalchemy import Connection, DateTime, MetaData, Table, create_engine, insert, select, text

from warehouse.connect import Warehouse, open_warehouse
from warehouse.queries import published as queries
from warehouse.schema import snapshot_tables, tables, upgrade, views
from warehouse.snapshots.digest import digest_of

MADE = json.loads(Path(__file__).with_name("made_at_0001.json").read_text(encoding="utf-8"))


@pytest.fixture
def upgraded(database: str, empty_url: NewUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Warehouse]:
    (tmp_path / "store").mkdir()
    url = empty_url()
    monkeypatch.setenv("POA_WAREHOUSE", url)
    command.upgrade(Config(upgrade.MIGRATIONS.parent / "alembic.ini"), "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        if database == "postgresql":
            _back_to_public(connection)
        _fill(connection)
    engine.dispose()
    with open_warehouse(url) as warehouse:
        yield warehouse


def test_every_row_is_kept(upgraded: Warehouse) -> None:
    with upgraded.engine.connect() as connection:
        for name, made in MADE.items():
            table = tables.metadata.tables[name]
            kept = select(*(table.c[column] for column in made["columns"])).order_by(*table.primary_key.columns)
            assert [tuple(row) for row in connection.execute(kept)] == _rows(table, made), name


def test_tables_are_as_the_program_wants_them(upgraded: Warehouse) -> None:
    with upgraded.engine.connect() as connection:
        assert upgrade.is_current(connection)
    assert upgrade.pending_changes(upgraded.engine.url.render_as_string(hide_password=False)) == []


def test_what_was_published_still_has_its_digest(upgraded: Warehouse) -> None:
    with upgraded.engine.connect() as connection:
        published = connection.execute(select(snapshot_tables.snapshot.c.id, snapshot_tables.snapshot.c.digest)).all()
        assert len(published) == 4
        assert {key: digest_of(connection, key) for key, _ in published} == dict(published)  # type: ignore[arg-type]


def test_views_answer_of_every_version(upgraded: Warehouse) -> None:
    counted = {name: queries.view(upgraded, name, year=2024, quarter=2, version=1).height for name in views.PUBLIC}
    assert counted | {"v_cambios": 0} == dict.fromkeys(views.PUBLIC, 0) | {
        "v_entregas": 3,
        "v_avance_actividad": 3,
        "v_avance_unidad": 2,
        "v_avance_estrategia": 1,
        "v_presupuesto": 3,
        "v_observaciones": 3,
        "v_cuarentena": 2,
    }
    said = queries.view(upgraded, "v_entregas", year=2024, quarter=3).select("ur", "estado", "observaciones", "calidad")
    assert said.rows() == [
        ("06", "observado", 0, 97.5),
        ("07", "faltante", None, None),
        ("63", "observado", 1, 97.5),
    ]


def _back_to_public(connection: Connection) -> None:
    for name in (*MADE, "alembic_version"):
        connection.execute(text(f"ALTER TABLE poa_store.{name} SET SCHEMA public"))
    connection.execute(text("DROP SCHEMA poa, poa_store"))


def _fill(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    for name, made in MADE.items():
        rows = [dict(zip(made["columns"], row, strict=True)) for row in _rows(tables.metadata.tables[name], made)]
        connection.execute(insert(found.tables[name]), rows)


def _rows(table: Table, made: dict[str, Any]) -> list[tuple[Any, ...]]:
    instants = [isinstance(table.c[name].type, DateTime) for name in made["columns"]]

    def typed(row: list[Any]) -> tuple[Any, ...]:
        return tuple(
            datetime.fromisoformat(value) if instant and value else value
            for value, instant in zip(row, instants, strict=True)
        )

    return [typed(row) for row in made["rows"]]
