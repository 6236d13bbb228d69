"""The cell of every figure that a version tells of its activities, beside the figure as read."""

from __future__ import annotations

import json
from typing import Any, Final

import polars as pl
from sqlalchemy import Select, select

from schemas.contracts import columns as c
from schemas.contracts.addresses import column_letters
from warehouse.connect import Warehouse
from warehouse.database.bulk import read_frame
from warehouse.queries.published import reading
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.submissions.current import DELIVERED

# The figures of an activity that have a cell, in the order of the form.
FIGURES: Final = (c.ASSIGNED_AMOUNT, c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED)
# One row a figure; `campo` is its code name, `celda` null where the page's columns are not known.
CELLS: Final = {
    "ur": pl.String,
    "no_actividad": pl.Int64,
    "campo": pl.String,
    "valor": pl.Float64,
    "hoja": pl.String,
    "celda": pl.String,
}
_STATED: Final = (c.ASSIGNED_AMOUNT, c.ANNUAL_TARGET)
_ACTIVITY: Final = {
    "id": pl.Int64,
    "ur": pl.String,
    "no_actividad": pl.Int64,
    **dict.fromkeys(_STATED, pl.Float64),
    "hoja": pl.String,
    c.ROW: pl.Int64,
    c.COLUMNS: pl.String,
}
_QUARTER: Final = {"id": pl.Int64, c.QUARTER: pl.Int64, "planned": pl.Float64, "achieved": pl.Float64}


def figure_cells(warehouse: Warehouse, year: int, quarter: int, version: int) -> pl.DataFrame:
    """CELLS of every activity of the version, in the order of UR, activity and form; empty where there is none such."""
    spoken = _spoken(year, quarter, version).subquery("spoken")
    own, page, of_quarter = t.activity.c, t.form_page.c, t.activity_quarter.c
    speaks = (own.judgement_id == spoken.c.judgement_id) & (own.unit_code == spoken.c.unit_code)
    activities = t.activity.join(spoken, speaks)
    printed = (page.judgement_id == own.judgement_id) & (page.sheet == own.sheet) & (page.page == own.page)
    stated = select(
        *(own.id, own.unit_code, own.activity_no, *(own[name] for name in _STATED)),
        *(own.sheet, own.row, page.columns),
    ).select_from(activities.outerjoin(t.form_page, printed))
    calendar = select(own.id, of_quarter.quarter, of_quarter.planned, of_quarter.achieved).select_from(
        activities.join(t.activity_quarter, of_quarter.activity_id == own.id)
    )
    with reading(warehouse) as connection:
        rows = read_frame(connection, stated, _ACTIVITY)
        quarters = read_frame(connection, calendar, _QUARTER)
    return _placed(_long(rows, quarters), rows)


def _spoken(year: int, quarter: int, version: int) -> Select[*tuple[Any, ...]]:
    shot, said = v.snapshot.c, v.snapshot_unit.c
    of_version = (shot.year == year) & (shot.quarter == quarter) & (shot.version == version)
    rows = select(said.judgement_id, said.unit_code).join(v.snapshot, shot.id == said.snapshot_id)
    return rows.where(of_version, said.status.in_(DELIVERED))


def _long(rows: pl.DataFrame, quarters: pl.DataFrame) -> pl.DataFrame:
    """One row a figure of an activity: id, campo, valor."""
    stated = rows.unpivot(_STATED, index="id", variable_name="campo", value_name="valor")
    calendar = quarters.unpivot(
        ["planned", "achieved"], index=["id", c.QUARTER], variable_name="campo", value_name="valor"
    )
    named = pl.format("{}_q{}", "campo", c.QUARTER).alias("campo")
    return pl.concat([stated, calendar.select("id", named, "valor")])


def _placed(figures: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """CELLS of the figures: a column's letters are looked up once a distinct pattern of columns."""
    letters = [
        (pattern, field, column_letters(column))
        for pattern in rows[c.COLUMNS].drop_nulls().unique()
        for field, column in json.loads(pattern).items()
        if field in FIGURES
    ]
    known = pl.DataFrame(letters, {c.COLUMNS: pl.String, "campo": pl.String, "letters": pl.String}, orient="row")
    places = rows.select("id", "ur", "no_actividad", "hoja", c.ROW, c.COLUMNS)
    placed = figures.join(places, on="id").join(known, on=[c.COLUMNS, "campo"], how="left")
    address = (pl.col("letters") + pl.col(c.ROW).cast(pl.String)).alias("celda")
    order = pl.col("campo").replace_strict(FIGURES, range(len(FIGURES)), return_dtype=pl.Int64)
    return placed.with_columns(address).sort("ur", "no_actividad", "id", order).select(*CELLS)
