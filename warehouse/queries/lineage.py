"""Where a published value comes from: file, sheet and cell, receipt, run and rules; and what it was before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select

from schemas.contracts import columns as c
from schemas.contracts.addresses import column_letters
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError
from warehouse.queries.published import reading
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.versions import last_version
from warehouse.submissions.current import DELIVERED

# What can be traced, by where it is stored. Fields of a budget line are asked for without an activity.
IN_ACTIVITY: Final = (
    *(c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT, c.MEASURE_UNIT, c.ANNUAL_TARGET),
    *(*c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS, c.PURPOSE, c.JUSTIFICATION),
)
IN_BUDGET: Final = (c.ASSIGNED_AMOUNT, *c.EXERCISED, c.REPORTED_PROGRESS, c.COMMENTS)

Value = str | float | None


@dataclass(frozen=True)
class Origin:
    """A value of one published version and where it was read. ``received_at`` is on the office's clocks; ``cell`` is
    null where the page's columns are not known; ``achieved`` of a quarter not due is null whatever the cell says.
    """

    year: int
    quarter: int
    version: int
    value: Value
    file: str
    sha256: str
    sheet: str
    cell: str | None
    received_at: datetime
    run: int
    judged_at: datetime
    rules_sha256: str


def trace(
    warehouse: Warehouse, year: int, quarter: int, unit_code: str, activity_no: int | None, field: str
) -> list[Origin]:
    """The origin of a value in the quarter's current version, then in each version before it, the latest first.

    Versions for which the same judgement spoke are told once, by the first of them. ``activity_no`` None: a budget
    line. Raises WarehouseError where the field or the row is not there, naming what is.
    """
    known = IN_BUDGET if activity_no is None else IN_ACTIVITY
    if field not in known:
        what = "a budget line" if activity_no is None else "an activity"
        raise WarehouseError(f"{what} has no field {field}; fields are {', '.join(known)}")
    with reading(warehouse) as connection:
        rows = connection.execute(_versions(year, quarter, unit_code, activity_no, field)).all()
        last = last_version(connection, year, quarter)
        if last is None or not rows or (rows[0].quarter, rows[0].version) != (quarter, last.version):
            raise WarehouseError(_absent(connection, year, quarter, unit_code, activity_no))
    # The latest versions come first, so that of each judgement the first version it spoke in is kept.
    return [_origin(row, field) for row in {row.judgement_id: row for row in rows}.values()]


def _versions(year: int, quarter: int, unit_code: str, activity_no: int | None, field: str) -> Select[*tuple[Any, ...]]:
    """The row in each version of the year up to the quarter in which an accepted workbook spoke for the UR."""
    facts: Table = t.budget_line if activity_no is None else t.activity
    said, shot, read, sent = v.snapshot_unit.c, v.snapshot.c, t.judgement.c, t.submission.c
    value: ColumnElement[Any] = facts.c[field] if field not in (*c.PLANNED, *c.ACHIEVED) else _of_quarter(field)
    place = [facts.c.sheet, facts.c.row]
    source = (
        v.snapshot.join(v.snapshot_unit, said.snapshot_id == shot.id)
        .join(t.judgement, read.id == said.judgement_id)
        .join(t.submission, sent.id == read.submission_id)
        .join(t.run, t.run.c.id == read.run_id)
        .join(facts, (facts.c.judgement_id == read.id) & (facts.c.unit_code == said.unit_code))
    )
    columns = _columns(facts)
    rows = select(
        *(shot.year, shot.quarter, shot.version, read.id.label("judgement_id")),
        *(value.label("value"), *place, columns.label("columns")),
        *(sent.file, sent.sha256, sent.received_local),
        *(read.run_id, t.run.c.started, read.rules_sha256),
    )
    if activity_no is not None:
        page = (t.form_page.c.judgement_id == read.id) & (t.form_page.c.sheet == facts.c.sheet)
        source = source.outerjoin(t.form_page, page & (t.form_page.c.page == facts.c.page))
        rows = rows.where(facts.c.activity_no == activity_no)
    return (
        rows.select_from(source)
        .where(shot.year == year, shot.quarter <= quarter, said.unit_code == unit_code, said.status.in_(DELIVERED))
        .order_by(shot.quarter.desc(), shot.version.desc())
    )


def _columns(facts: Table) -> ColumnElement[Any]:
    return facts.c.columns if facts is t.budget_line else t.form_page.c.columns


def _of_quarter(field: str) -> ColumnElement[Any]:
    kind, number = field.split("_q")
    quarter = t.activity_quarter.c
    return (
        select(quarter[kind])
        .where(quarter.activity_id == t.activity.c.id, quarter.quarter == int(number))
        .correlate(t.activity)
        .scalar_subquery()
    )


def _origin(row: Row[*tuple[Any, ...]], field: str) -> Origin:
    column = json.loads(row.columns or "{}").get(field)
    return Origin(
        year=row.year,
        quarter=row.quarter,
        version=row.version,
        value=row.value,
        file=row.file,
        sha256=row.sha256,
        sheet=row.sheet,
        cell=f"{column_letters(column)}{row.row}" if column else None,
        received_at=row.received_local,
        run=row.run_id,
        judged_at=row.started,
        rules_sha256=row.rules_sha256,
    )


def _absent(connection: Connection, year: int, quarter: int, unit_code: str, activity_no: int | None) -> str:
    said, shot = v.snapshot_unit.c, v.snapshot.c
    state = connection.execute(
        select(said.status)
        .join(v.snapshot, shot.id == said.snapshot_id)
        .where(shot.year == year, shot.quarter == quarter, said.unit_code == unit_code)
        .order_by(shot.version.desc())
    ).scalar()
    if state is None:
        return f"{year} T{quarter} has no unit {unit_code} in any published version; see poa status"
    what = "budget line" if activity_no is None else f"accepted activity {activity_no}"
    return f"unit {unit_code} ({state}) has no {what} in the current version of {year} T{quarter}; see poa status"
