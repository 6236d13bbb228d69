"""The digest says the same of the same facts, wherever and whenever they were loaded, and notices any change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from judged_batches import (
    IN_TIME,
    TOO_LATE,
    Book,
    activity,
    beginning,
    book,
    consolidate,
    extra,
    finding,
    quarantined,
    rejected,
    totals,
)
from postgres_server import PostgresServer
from sqlalchemy import delete, update
from test_history_of_versions import LATENESS

from schemas.contracts import columns as c
from warehouse.connect import Warehouse, open_warehouse
from warehouse.consolidation import Grant
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.digest import digest_of

# Texts that databases like to sort each in its own way, and figures with a long tail.
BOOKS = [
    book(
        "Ángel",
        [
            activity("06", 2, (0.1, 0.2, 0.3, 1 / 3), (0.1, 0.2, 0.3, 9), **{c.DESCRIPTION: "ñandú"}),
            activity("06", 1, (3, 3, 3, 3), (-0.0, 3, None, 0), **{c.SHEET: "a b"}),
            activity("63", 1, (3, 3, 3, 3), (3, 3, 3, 0), **{c.SHEET: "A"}),
        ],
        derived=["63"],
        verdict="observado",
        findings=[finding("R05", "06", **{c.VALUE: v}) for v in ("_", "Z", "a", "á", "B", "😀", None)],
        quarantined=[quarantined("06", 40), quarantined(None, 41)],
        extra=[extra("06", 1, "Ñuu"), extra("63", 1, "ñuu"), extra(None, None, "F-1")],
    ),
    rejected("roto", "07", finding("A01"), finding("A03")),
]


def test_the_same_on_both_databases(tmp_path: Path, postgres_server: PostgresServer) -> None:
    digests = set()
    for url in (f"sqlite:///{tmp_path}/w.db", postgres_server.upgraded()):
        with open_warehouse(url) as warehouse:
            digests.add(consolidate(warehouse, *BOOKS).digest)
    assert len(digests) == 1


@pytest.mark.parametrize("books", [BOOKS[::-1], [one.received(TOO_LATE) for one in BOOKS]], ids=["order", "clock"])
def test_neither_order_nor_clock_changes_it(tmp_path: Path, books: list[Book]) -> None:
    digests = set()
    for name, inbox in (("a", BOOKS), ("b", books)):
        with open_warehouse(f"sqlite:///{tmp_path}/{name}.db") as warehouse:
            digests.add(consolidate(warehouse, *inbox).digest)
    assert len(digests) == 1


def test_the_runs_before_do_not_change_it(tmp_path: Path) -> None:
    with open_warehouse(f"sqlite:///{tmp_path}/a.db") as warehouse:
        consolidate(warehouse, rejected("antes", "06"), quarter=3)
        late = consolidate(warehouse, *BOOKS, quarter=3)
    with open_warehouse(f"sqlite:///{tmp_path}/b.db") as warehouse:
        at_once = consolidate(warehouse, *BOOKS, quarter=3)
    assert (late.version, at_once.version) == (2, 1)
    assert late.digest == at_once.digest


CHANGES = [
    update(t.activity).values(description="otra"),
    update(t.activity_quarter).where(t.activity_quarter.c.quarter == 2).values(achieved=4.0),
    update(t.budget_line).where(t.budget_line.c.level == "programme").values(assigned_amount=1001.0),
    update(t.activity).where(t.activity.c.activity_no == 1).values(reading="last"),
    update(t.activity).where(t.activity.c.activity_no == 1).values(measure="Otra"),
    update(t.header_value).values(text="OTRA"),
    update(t.form_page).values(columns="{}"),
    update(t.quarantined_row).values(cells="{}"),
    update(t.extra_value).where(t.extra_value.c.unit_code == "63").values(value="Nuu"),
    delete(t.extra_value).where(t.extra_value.c.unit_code.is_(None)),
    update(t.finding).where(t.finding.c.rule == "A03").values(severity="nota"),
    update(t.judgement_unit).values(quality=100.0),
    update(v.snapshot_unit).where(v.snapshot_unit.c.unit_code == "07").values(status="aceptado"),
    update(v.snapshot).values(green=0.8),
    update(t.submission).where(t.submission.c.file == "roto.xlsx").values(sha256="0" * 64),
]


def test_any_change_of_a_stored_row_shows(warehouse: Warehouse) -> None:
    published = consolidate(warehouse, *BOOKS)
    for change in CHANGES:
        with warehouse.engine.connect() as connection:  # left without commit: the next change starts anew
            assert digest_of(connection, 1) == published.digest
            connection.execute(change)
            assert digest_of(connection, 1) != published.digest, change.table.name


def test_what_another_workbook_says_of_a_unit_it_does_not_speak_for_does_not_count(tmp_path: Path) -> None:
    digests = set()
    own = book("63-propio", [activity("63", 1, (3, 3, 3, 3), (3, 3, 3, 0))], received_at=IN_TIME)
    for name, shadowed in (("a", 3.0), ("b", 4.0)):
        rows = [
            activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0)),
            activity("63", 1, (3, 3, 3, 3), (shadowed, 3, 3, 0)),
        ]
        with open_warehouse(f"sqlite:///{tmp_path}/{name}.db") as warehouse:
            digests.add(consolidate(warehouse, book("06-y-63", rows, derived=["63"]), own).digest)
    assert len(digests) == 1


def test_a_change_of_what_a_version_itself_says_shows(warehouse: Warehouse) -> None:
    late = book("07", [activity("07", 1, (3, 3, 3, 3), (3, 3, 3, 0))], received_at=TOO_LATE)
    consolidate(warehouse, late, judge=LATENESS)
    with beginning(warehouse, command="waive") as run:
        run.waive(run.waivable(), Grant("Dirección", "Prórroga", date(2024, 12, 31)))
        published = run.publish(totals([], 0), LATENESS)
    for change in (
        update(t.finding).where(t.finding.c.snapshot_id == 2).values(message="otra"),
        update(v.snapshot_unit).where(v.snapshot_unit.c.snapshot_id == 2).values(quality=1.0),
        update(v.snapshot_unit).where(v.snapshot_unit.c.snapshot_id == 2).values(findings_waived=7),
        delete(v.snapshot_waiver),
    ):
        with warehouse.engine.connect() as connection:
            assert digest_of(connection, 2) == published.digest
            connection.execute(change)
            assert digest_of(connection, 2) != published.digest, str(change)
