"""A row that is lost on its way into the database fails the run, whichever table it was for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from judged_batches import (
    QUIET,
    activity,
    beginning,
    book,
    extra,
    finding,
    judged,
    quarantined,
    totals,
)
from sqlalchemy import Connection, Table, func, select

from schemas.contracts import columns as c
from schemas.contracts import frames as f
from warehouse.connect import Warehouse
from warehouse.consolidation import ControlError
from warehouse.schema import tables
from warehouse.submissions import load

FIRST, SECOND = (
    book(
        unit,
        [activity(unit, no, (3, 3, 3, 3), (3, 3, 3, 0)) for no in (1, 2)],
        quarantined=[quarantined(unit, row) for row in (30, 31)],
        extra=[extra(unit, no, "Tepic") for no in (1, 2)],
        findings=[finding("R05", unit), finding("R06", unit)],
        verdict="observado",
    )
    for unit in ("06", "07")
)
RECEIPTS = [FIRST.receipt, SECOND.receipt]
ANSWER = {c.RULE: "R05", c.UNIT_CODE: "07", c.ANSWER: "Se corrige"}
TABLES = (
    *(tables.judgement_unit, tables.header_value, tables.budget_line, tables.form_page, tables.quarantined_row),
    *(tables.extra_value, tables.answer, tables.finding, tables.activity, tables.activity_quarter),
)


def both() -> f.Judged:
    """Two workbooks with rows in every frame; the second one's are the last."""
    found = judged(FIRST, SECOND)
    header = pl.DataFrame([{c.FILE_ID: 1, c.FIELD: c.DRAWN_UP_ON, c.TEXT: "E001"}])
    answer = pl.DataFrame([{c.FILE_ID: 1, **ANSWER}])
    return replace(
        found,
        header=pl.concat([found.header, f.conform(header, f.HEADER)]),
        answers=f.conform(answer, f.ANSWERS),
    )


@pytest.fixture
def left(warehouse: Warehouse) -> Iterator[None]:
    """Whatever the test does, nothing of it is in the warehouse."""
    yield
    with warehouse.engine.connect() as connection:
        for table in (*TABLES, tables.judgement, tables.submission):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0, table.name


def consolidate_both(warehouse: Warehouse) -> None:
    with beginning(warehouse) as run:
        run.load(both(), RECEIPTS)
        run.publish(totals([FIRST, SECOND], 2), QUIET)


def test_what_is_stored_whole_is_published(warehouse: Warehouse) -> None:
    consolidate_both(warehouse)
    with warehouse.engine.connect() as connection:
        stored = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES
        }
    assert stored == {
        "judgement_unit": 2,
        "header_value": 3,
        "budget_line": 4,
        "form_page": 2,
        "quarantined_row": 4,
        "extra_value": 4,
        "answer": 1,
        "finding": 4,
        "activity": 4,
        "activity_quarter": 16,
    }


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("table", TABLES[:-1], ids=lambda table: table.name)
def test_a_join_that_drops_a_row_fails_the_run(
    table: Table, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load.rows_with_keys

    def keyed(keys: Any, of: Table, frame: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
        return whole(keys, of, frame.head(-1) if of is table else frame, judgements)

    monkeypatch.setattr(load, "rows_with_keys", keyed)
    with pytest.raises(ControlError, match=rf"lost .*: 07.xlsx: {table.name}: \d of \d rows stored"):
        consolidate_both(warehouse)


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_statement_that_drops_a_row_fails_the_run(
    table: Table, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load.insert_frame

    def insert_frame(connection: Connection, into: Table, frame: pl.DataFrame) -> None:
        whole(connection, into, frame.head(-1) if into is table else frame)

    monkeypatch.setattr(load, "insert_frame", insert_frame)
    # The last activity's quarters want the activity: there the database itself refuses.
    if table is tables.activity:
        monkeypatch.setattr(load, "_quarters", lambda rows, _: pl.DataFrame())
    with pytest.raises(ControlError, match=rf"07.xlsx: {table.name}: \d+ of \d+ rows stored"):
        consolidate_both(warehouse)


@pytest.mark.usefixtures("left")
@pytest.mark.parametrize("frame", ["units", "activities", "quarantined", "findings", "header", "budget"])
def test_a_row_of_no_workbook_fails_the_run(frame: str, warehouse: Warehouse) -> None:
    """A join by workbook would drop it without a word."""
    found = both()
    rows: pl.DataFrame = getattr(found, frame)
    stray = replace(
        found, **{frame: pl.concat([rows, rows.tail(1).with_columns(pl.lit(7, pl.Int64).alias(c.FILE_ID))])}
    )
    with (
        pytest.raises(ControlError, match=r": 1 judged of no workbook of the batch"),
        beginning(warehouse) as run,
    ):
        run.load(stray, RECEIPTS)


def test_a_workbook_judged_before_adds_nothing_and_is_missed_by_nobody(warehouse: Warehouse) -> None:
    with beginning(warehouse) as run:
        run.load(judged(FIRST), [FIRST.receipt])
    consolidate_both(warehouse)
    with warehouse.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.activity)).scalar_one() == 4
