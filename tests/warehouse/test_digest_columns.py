"""Snapshots keep their digests: the bytes of a list never change, and an added column is in no list of before."""

from __future__ import annotations

from datetime import date

import pytest
from judged_batches import TOO_LATE, activity, beginning, book, consolidate, totals
from sqlalchemy import Column, MetaData, Text, select, text, update
from test_digest import BOOKS
from test_history_of_versions import LATENESS

from warehouse.connect import Warehouse
from warehouse.consolidation import Decision, Grant
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.integrity.verification import verify_version, versions
from warehouse.schema import decision_tables, snapshot_tables, tables
from warehouse.schema.snapshot_tables import snapshot
from warehouse.snapshots import decision_seal
from warehouse.snapshots.digest import digest_of
from warehouse.snapshots.digest_columns import CURRENT, DIGEST_COLUMNS

# Computed before there were lists, from every column that the tables had: the first list must give the same bytes.
WITHOUT_LIST = {
    "captured": "c7c4bff3f0de68f6869d075fa4daa6f0bab8d71b9c05eaf2759d6e523cfb75a1",
    "waived": "8730f8ef994ae7964c2e97a31796844ce2268db8b74e85f89c2896f31ba32f3b",
}
LATE = book("07", [activity("07", 1, (3, 3, 3, 3), (3, 3, 3, 0))], received_at=TOO_LATE)


def captured(warehouse: Warehouse) -> None:
    """A version of every kind of fact."""
    consolidate(warehouse, *BOOKS)


def waived(warehouse: Warehouse) -> None:
    """A version whose only finding of history scope is waived."""
    consolidate(warehouse, LATE, judge=LATENESS)
    with beginning(warehouse, command="waive") as run:
        run.waive(run.waivable(), Grant("Dirección", "Prórroga", date(2024, 12, 31)))
        run.publish(totals([], 0), LATENESS)


PUBLISHING = {"captured": captured, "waived": waived}


@pytest.mark.parametrize("story", PUBLISHING)
def test_the_bytes_of_the_first_list_stay(warehouse: Warehouse, story: str) -> None:
    PUBLISHING[story](warehouse)
    with warehouse.engine.connect() as connection:
        connection.execute(update(snapshot).values(digest_columns=1))  # whatever list is for new ones by now
        last = connection.execute(select(snapshot.c.id).order_by(snapshot.c.id.desc())).scalars().first()
        assert last is not None
        assert digest_of(connection, last) == WITHOUT_LIST[story]


def test_a_snapshot_states_its_list(warehouse: Warehouse) -> None:
    captured(warehouse)
    with warehouse.engine.connect() as connection:
        assert connection.execute(select(snapshot.c.digest_columns)).scalars().all() == [CURRENT]
    assert list(DIGEST_COLUMNS) == list(range(1, CURRENT + 1))


def test_columns_added_to_every_table_change_no_digest_and_no_checksum(
    upgraded_url: str, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    captured(warehouse)
    waived(warehouse)
    with beginning(warehouse, command="close") as run:
        run.close(Decision("Dirección", "Cierre"))
    with beginning(warehouse, command="exception") as run:
        run.grant_exception(Decision("Dirección", "Oficio"), "06", date(2024, 12, 31))
    with warehouse.engine.begin() as connection:
        for name in tables.metadata.tables:
            connection.execute(text(f"ALTER TABLE {name} ADD COLUMN added TEXT DEFAULT 'x'"))
    _widen(monkeypatch)
    differences: list[Discrepancy] = []
    with warehouse.engine.connect() as connection:
        published = versions(connection)
        assert [digest_of(connection, one.id) for one in published] == [one.digest for one in published]
        for one in published:
            verify_version(connection, one, {}, differences.append)
    assert len(published) == 3
    assert differences == []


def _widen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the modules that name tables the same tables with the added column."""
    wider = MetaData()
    copies = {name: table.to_metadata(wider) for name, table in tables.metadata.tables.items()}
    for copy in copies.values():
        copy.append_column(Column("added", Text))
    for module in (tables, snapshot_tables, decision_tables, decision_seal):
        for name in vars(module).keys() & copies.keys():
            monkeypatch.setattr(module, name, copies[name])
