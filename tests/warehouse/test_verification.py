"""Whatever is changed in a warehouse behind its back is named: version, table, row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from judged_batches import TOO_LATE, activity, beginning, book, consolidate, finding, quarantined, rejected, totals
from sqlalchemy import Connection, Executable, delete, insert, select, update
from test_history_of_versions import LATENESS

from schemas.contracts import columns as c
from warehouse.connect import Warehouse, open_warehouse
from warehouse.consolidation import Grant
from warehouse.integrity import reconciliation, verification
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t

FOUR = (3, 3, 3, 3)
ROWS = [activity("06", no, FOUR, FOUR) for no in (1, 2, 3)] + [activity("63", 1, FOUR, FOUR, **{c.SHEET: "POA 63"})]
PLACE = {c.ACTIVITY_NO: 2, c.SHEET: "POA 06", c.CELL: "E22", c.ROW: 22, c.COL: 5, c.FIELD: c.STRATEGY_CODE}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A published quarter with a late workbook and a rejected one, then a waiver."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").upgraded()
    else:
        copy = tmp_path_factory.mktemp("published") / "poa.db"
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('upgraded_sqlite'), copy)}"
    with open_warehouse(url) as warehouse:
        _publish(warehouse)
        yield warehouse


def _publish(warehouse: Warehouse) -> None:
    told = [finding("R13", "06", **{**PLACE, c.VALUE: "[1],[2]"}), finding("R05", "63")]
    sent = book("06", ROWS, derived=["63"], findings=told, quarantined=[quarantined("06", 40)], received_at=TOO_LATE)
    consolidate(warehouse, sent, rejected("roto", "07"), judge=LATENESS)
    with beginning(warehouse, command="waive") as run:
        waivable = run.waivable()
        run.waive(waivable.filter(waivable[c.RULE] == "R13"), Grant("Dirección", "Oficio", date(2024, 12, 31)))
        run.publish(totals([], 0), LATENESS)


@pytest.fixture
def connection(published: Warehouse) -> Iterator[Connection]:
    """What a test does here is not kept."""
    with published.engine.connect() as opened:
        yield opened


def differences(connection: Connection) -> list[Discrepancy]:
    told: list[Discrepancy] = []
    files = verification.files_by_hash(connection)
    for version in verification.versions(connection):
        before = len(told)
        assert verification.verify_version(connection, version, files, told.append) == len(told) - before
    reconciliation.table_discrepancies(connection, told.append)
    return told


def test_an_untouched_warehouse_has_none(connection: Connection) -> None:
    assert differences(connection) == []
    assert reconciliation.view_discrepancies(connection) == []


second = v.snapshot_unit.c.snapshot_id == 2
TAMPERED: list[tuple[Executable, str, str, str]] = [
    (update(t.activity).where(t.activity.c.activity_no == 2).values(description="otra"),
     "activity", "UR 06, activity 2, POA 06 row 22", "changed"),
    (update(t.activity).where(t.activity.c.activity_no == 3).values(activity_no=0),
     "activity", "UR 06, activity 0, POA 06 row 23", "changed"),
    (update(t.activity_quarter).where(t.activity_quarter.c.activity_id == 4, t.activity_quarter.c.quarter == 2)
     .values(achieved=4), "activity", "UR 63, activity 1, POA 63 row 21", "changed"),
    (update(t.activity).where(t.activity.c.activity_no == 2).values(reading="last"),
     "reading", "UR 06, POA 06 row 22", "changed"),
    (update(t.budget_line).where(t.budget_line.c.line == 1).values(exercised_q2=7),
     "budget_line", "UR 06, 06.xlsx, budget line 1, POA 06 row 11", "changed"),
    (update(t.header_value).values(text="OTRA"), "header_value", "06.xlsx, field institution, POA 06 row 5", "changed"),
    (update(t.form_page).values(columns="{}"), "form_page", "06.xlsx, POA 06", "changed"),
    (update(t.quarantined_row).values(cells="{}"), "quarantined_row", "UR 06, 06.xlsx, POA 06 row 40", "changed"),
    (update(t.finding).where(t.finding.c.rule == "R13").values(message="otra"),
     "finding", "UR 06, 06.xlsx, activity 2, rule R13, field strategy_code, POA 06!E22", "changed"),
    (update(t.finding).where(t.finding.c.snapshot_id == 2).values(severity="nota"),
     "finding", "06.xlsx, rule T05", "changed"),
    (update(v.snapshot_unit).where(second, v.snapshot_unit.c.unit_code == "06").values(quality=1.0),
     "revised", "UR 06", "changed"),
    (update(v.snapshot_unit).where(second, v.snapshot_unit.c.unit_code == "07").values(status="faltante"),
     "unit", "UR 07, roto.xlsx", "changed"),
    (update(t.submission).where(t.submission.c.file == "06.xlsx").values(on_time=True),
     "receipt", "06.xlsx", "changed"),
    (update(v.waiver).values(reason="Otro"), "waiver", "UR 06, activity 2, rule R13, field strategy_code, POA 06!E22",
     "changed"),
    (delete(v.snapshot_waiver), "waived", "06.xlsx", "its only row missing"),
    (update(v.snapshot).where(v.snapshot.c.id == 2).values(green=0.5), "snapshot", "the version itself", "changed"),
    (update(v.snapshot).where(v.snapshot.c.id == 2).values(digest="0"), "digest", "the version",
     "not that of its rows, which are all as they were published"),
    (insert(t.header_value).values(id=99, judgement_id=1, field="programme", text="OTRO", sheet="POA 06", row=6, col=2),
     "header_value", "06.xlsx, field programme, POA 06 row 6", "added"),
    (delete(t.quarantined_row), "quarantined_row", "06.xlsx", "its only row missing"),
]  # fmt: skip


@pytest.mark.parametrize("tampered", TAMPERED, ids=[f"{i} {what}" for i, (_, what, *_) in enumerate(TAMPERED)])
def test_what_was_changed_is_named(connection: Connection, tampered: tuple[Executable, str, str, str]) -> None:
    statement, what, which, said = tampered
    connection.execute(statement)
    assert Discrepancy("2024 T3 version 2", what, which, said) in differences(connection)


def test_a_deleted_activity_is_missing_after_its_neighbour(connection: Connection) -> None:
    lost = select(t.activity.c.id).where(t.activity.c.activity_no == 2).scalar_subquery()
    connection.execute(delete(t.activity_quarter).where(t.activity_quarter.c.activity_id == lost))
    connection.execute(delete(t.activity).where(t.activity.c.activity_no == 2))
    told = [one for one in differences(connection) if one.what == "activity"]
    assert told[1:] == [
        Discrepancy("2024 T3 version 2", "activity", "the row after UR 06, activity 1, POA 06 row 21", "missing"),
        Discrepancy("warehouse", "activity", "06.xlsx of 2024 T3", "4 rows were judged, 3 are stored"),
    ]


def test_a_calendar_without_its_four_quarters_is_named(connection: Connection) -> None:
    connection.execute(
        delete(t.activity_quarter).where(t.activity_quarter.c.quarter == 4, t.activity_quarter.c.activity_id == 1)
    )
    which = "UR 06, activity 1, 06.xlsx, POA 06 row 21"
    assert Discrepancy(
        "warehouse", "activity_quarter", which, "3 quarters are stored, not quarters 1 to 4"
    ) in differences(connection)


def test_control_totals_that_do_not_add_up_are_named(connection: Connection) -> None:
    connection.execute(update(t.run).where(t.run.c.id == 1).values(rejected=0))
    told = [(one.what, one.which) for one in differences(connection)]
    assert told == [("run", "run 1"), ("run", "run 1")]


def test_a_version_of_before_parts_were_kept_says_that_it_cannot_be_narrowed_down(connection: Connection) -> None:
    connection.execute(delete(v.snapshot_part))
    assert differences(connection) == []
    connection.execute(update(t.header_value).values(text="OTRA"))
    assert {one.what for one in differences(connection)} == {"digest"}
    assert "which ones was not kept" in differences(connection)[0].said


def test_a_view_that_is_not_in_force_is_named(connection: Connection) -> None:
    connection.exec_driver_sql("DROP VIEW views_in_force")
    assert {one.said for one in reconciliation.view_discrepancies(connection)} == {"missing"}
