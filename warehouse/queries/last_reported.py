"""What each UR told last before a quarter, whatever the year: the workbook that spoke for it then."""

from __future__ import annotations

from typing import Final

import polars as pl
from sqlalchemy import and_, func, or_, select

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from warehouse.connect import Warehouse
from warehouse.database.bulk import read_frame
from warehouse.queries.published import reading
from warehouse.schema.snapshot_tables import snapshot, snapshot_unit
from warehouse.schema.tables import activity, header_value, judgement_unit
from warehouse.submissions.current import DELIVERED
from warehouse.submissions.registry import JUDGEMENT_ID

# `level` is the UR's in that workbook; `version` the current one of the quarter.
LAST_REPORTED: Final[Contract] = {
    **dict.fromkeys(("year", c.QUARTER, "version"), pl.Int64),
    **dict.fromkeys((c.UNIT_CODE, c.LEVEL), pl.String),
    JUDGEMENT_ID: pl.Int64,
}


def last_reported(warehouse: Warehouse, year: int, quarter: int) -> pl.DataFrame:
    """LAST_TOLD, one row per UR that delivered before ``quarter`` of ``year``, of the last quarter that it did."""
    earlier = or_(snapshot.c.year < year, and_(snapshot.c.year == year, snapshot.c.quarter < quarter))
    current = (
        select(snapshot.c.year, snapshot.c.quarter, func.max(snapshot.c.version).label("version"))
        .where(earlier)
        .group_by(snapshot.c.year, snapshot.c.quarter)
        .subquery()
    )
    same = [snapshot.c[name] == current.c[name] for name in ("year", "quarter", "version")]
    said = and_(
        judgement_unit.c.judgement_id == snapshot_unit.c.judgement_id,
        judgement_unit.c.unit_code == snapshot_unit.c.unit_code,
    )
    rows = (
        select(
            *(snapshot.c[name] for name in ("year", "quarter", "version")),
            *(snapshot_unit.c.unit_code, judgement_unit.c.level, snapshot_unit.c.judgement_id),
        )
        .select_from(snapshot.join(current, and_(*same)))
        .join(snapshot_unit, snapshot_unit.c.snapshot_id == snapshot.c.id)
        .join(judgement_unit, said)
        .where(snapshot_unit.c.status.in_(DELIVERED))
    )
    with reading(warehouse) as connection:
        found = read_frame(connection, rows, LAST_REPORTED)
    last = found.sort("year", c.QUARTER, JUDGEMENT_ID).unique(c.UNIT_CODE, keep="last", maintain_order=True)
    return last.sort(c.UNIT_CODE)


def measures_of(warehouse: Warehouse, judgements: list[int]) -> list[str]:
    """The units of measure of these workbooks in their canonical spelling, in order."""
    rows = select(activity.c.measure).where(activity.c.judgement_id.in_(judgements), activity.c.measure.is_not(None))
    with reading(warehouse) as connection:
        return sorted(set(connection.execute(rows.distinct()).scalars()))


def institution_of(warehouse: Warehouse, judgements: list[int]) -> str | None:
    """The institution that most of these workbooks name; None where none does."""
    said = header_value.c
    named = select(said.text).where(
        said.judgement_id.in_(judgements), said.field == c.INSTITUTION, said.text.is_not(None)
    )
    counted = named.group_by(said.text).order_by(func.count().desc(), said.text)
    with reading(warehouse) as connection:
        return connection.execute(counted).scalars().first()
