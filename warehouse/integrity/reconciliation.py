"""What must agree between tables whatever a version says: control totals, counts of rows, calendars, views in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, case, func, select

from schemas.contracts import columns as c
from warehouse.integrity.discrepancy import Discrepancy, OnDiscrepancy
from warehouse.schema import tables as t
from warehouse.schema import views

WAREHOUSE: Final = "warehouse"


def table_discrepancies(connection: Connection, tell: OnDiscrepancy) -> int:
    """Tells what does not agree and counts it."""
    told = 0
    for what, which, rows in (
        ("run", _run, _runs_off()),
        ("run", _run_rows, _runs_of_judgements()),
        ("activity", _judgement, _counted(t.activity, c.ROWS_ACCEPTED)),
        ("quarantined_row", _judgement, _counted(t.quarantined_row, c.ROWS_QUARANTINED)),
        ("activity_quarter", _calendar, _calendars()),
    ):
        for row in connection.execute(rows):
            tell(Discrepancy(WAREHOUSE, what, *which(row)))
            told += 1
    return told


def view_discrepancies(connection: Connection) -> list[Discrepancy]:
    """The views that are not those of this program."""
    standing = dict(views.installed_views(connection))
    wanted = dict(views.view_digests())
    said = {True: "not this program's", False: "missing"}
    amiss = [(name, said[name in standing]) for name, digest in wanted.items() if standing.get(name) != digest]
    amiss += [(name, "unknown") for name in standing.keys() - wanted.keys()]
    return [Discrepancy(WAREHOUSE, "view", name, what) for name, what in amiss]


def _runs_off() -> Select[*tuple[Any, ...]]:
    made = sum((t.run.c[name] for name in t.COUNTS[2:]), start=t.run.c[t.COUNTS[1]])
    rows = t.run.c[c.ROWS_ACCEPTED] + t.run.c[c.ROWS_QUARANTINED]
    return select(t.run).where((t.run.c.seen != made) | (t.run.c[c.ROWS_FOUND] != rows)).order_by(t.run.c.id)


def _runs_of_judgements() -> Select[*tuple[Any, ...]]:
    """Runs of which the judgements do not have the rows that were counted; those that did not count are left out."""
    stored = [func.coalesce(func.sum(t.judgement.c[name]), 0).label(f"stored_{name}") for name in t.ROWS]
    workbooks = func.count(t.judgement.c.id).label("stored")
    judged = t.run.c.accepted + t.run.c.observed + t.run.c.rejected
    counted = [t.run.c[name] for name in t.ROWS]
    rows = (
        select(t.run.c.id, judged.label("judged"), workbooks, *counted, *stored)
        .join_from(t.run, t.judgement, t.judgement.c.run_id == t.run.c.id, isouter=True)
        .where(t.run.c.seen.is_not(None))
        .group_by(t.run.c.id)
    )
    off = [said != found for said, found in zip(counted, stored, strict=True)]
    return rows.having(off[0] | off[1] | off[2] | (judged != workbooks)).order_by(t.run.c.id)


def _counted(table: Table, counted: str) -> Select[*tuple[Any, ...]]:
    found = select(table.c.judgement_id, func.count().label("found")).group_by(table.c.judgement_id).subquery()
    stored = func.coalesce(found.c.found, 0)
    return (
        select(t.submission.c.year, t.submission.c.quarter, t.submission.c.file, t.judgement.c[counted], stored)
        .join_from(t.judgement, t.submission)
        .outerjoin(found, found.c.judgement_id == t.judgement.c.id)
        .where(t.judgement.c[counted] != stored)
        .order_by(t.judgement.c.id)
    )


def _calendars() -> Select[*tuple[Any, ...]]:
    whole = t.activity_quarter
    four = func.sum(case((whole.c.quarter.between(1, 4), 1), else_=0))
    count = (
        select(whole.c.activity_id, func.count().label("count"), four.label("four"))
        .group_by(whole.c.activity_id)
        .subquery()
    )
    named = (
        t.submission.c.file,
        t.activity.c.unit_code,
        t.activity.c.activity_no,
        t.activity.c.sheet,
        t.activity.c.row,
    )
    return (
        select(*named, func.coalesce(count.c.count, 0).label("count"))
        .join_from(t.activity, t.judgement)
        .join(t.submission)
        .outerjoin(count, count.c.activity_id == t.activity.c.id)
        .where((func.coalesce(count.c.count, 0) != len(c.QUARTERS)) | (count.c.four != len(c.QUARTERS)))
        .order_by(t.activity.c.id)
    )


def _run(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    made = " + ".join(f"{name} {getattr(row, name)}" for name in t.COUNTS[1:])
    rows = f"rows {row.rows_found}, accepted {row.rows_accepted} + quarantined {row.rows_quarantined}"
    return f"run {row.id}", f"control totals do not add up: seen {row.seen}, {made}; {rows}"


def _run_rows(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    said = f"{row.judged} workbooks, {_list(row, t.ROWS)} rows"
    found = f"{row.stored} workbooks, {_list(row, [f'stored_{name}' for name in t.ROWS])}"
    return f"run {row.id}", f"counted {said} (found, accepted, quarantined); its judgements have {found}"


def _judgement(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    year, quarter, file, counted, found = row
    return f"{file} of {year} T{quarter}", f"{counted} rows were judged, {found} are stored"


def _calendar(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    which = f"UR {row.unit_code}, activity {row.activity_no}, {row.file}, {row.sheet} row {row.row}"
    return which, f"{row.count} quarters are stored, not quarters 1 to 4"


def _list(row: Row[*tuple[Any, ...]], names: Sequence[str]) -> str:
    return "/".join(str(getattr(row, name)) for name in names)
