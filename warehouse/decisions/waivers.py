"""Waivers stored: granting them, those in force in a quarter, and the changes that they authorised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Integer, Text, and_, column, or_, select, table

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from schemas.contracts.history_inputs import AUTHORISED
from schemas.findings.waiving import AUTHORISING, WAIVERS
from warehouse.database.bulk import insert_frame, read_frame
from warehouse.database.keys import Keys
from warehouse.schema.snapshot_tables import snapshot_waiver, waiver
from warehouse.schema.tables import finding
from warehouse.submissions.load import numbered

GRANTED: Final[Contract] = {
    **WAIVERS,
    **dict.fromkeys(("year", c.QUARTER), pl.Int64),
    **dict.fromkeys((c.SHEET, c.CELL, "reason", "author"), pl.String),
    "granted_at": pl.Datetime,
    "until": pl.Date,
}
# A finding that a version shows; `unit_code` is the UR that it is shown under.
WAIVABLE: Final[Contract] = {
    **dict.fromkeys((c.RULE, c.SEVERITY), pl.String),
    c.ACTIVITY_NO: pl.Int64,
    **dict.fromkeys((c.SHEET, c.CELL, c.FIELD, c.VALUE, c.MESSAGE), pl.String),
    c.UNIT_CODE: pl.String,
    "until": pl.Date,
}


@dataclass(frozen=True)
class Grant:
    """Who waives, why, and until which day: the last quarter that ends by then is the last one waived."""

    author: str
    reason: str
    until: date


def grant(connection: Connection, keys: Keys, findings: pl.DataFrame, by: Grant, window: Window, now: datetime) -> None:
    """Stores a waiver per row of ``findings``: what the finding is about, its value, and sheet and cell for people."""
    rows = findings.select(c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, c.VALUE, c.SHEET, c.CELL).with_columns(
        pl.lit(window.year).alias("year"),
        pl.lit(window.quarter).alias(c.QUARTER),
        pl.lit(by.reason).alias("reason"),
        pl.lit(by.author).alias("author"),
        pl.lit(now).alias("granted_at"),
        pl.lit(by.until).alias("until"),
    )
    insert_frame(connection, waiver, numbered(keys, waiver, rows))


def in_force(connection: Connection, window: Window) -> pl.DataFrame:
    """WAIVERS of the quarter: granted in it or before, and not ended; the one that lasts longest last."""
    rows = select(*(waiver.c["id" if name == c.WAIVER_ID else name] for name in WAIVERS))
    wanted = rows.where(_granted_by(window), waiver.c.until >= window.ends)
    return read_frame(connection, wanted.order_by(waiver.c.until, waiver.c.id), WAIVERS)


def authorised(connection: Connection, window: Window) -> pl.DataFrame:
    """AUTHORISED in earlier quarters of the fiscal year."""
    rows = select(*(waiver.c[name] for name in AUTHORISED)).where(waiver.c.rule.in_(AUTHORISING))
    wanted = rows.where(waiver.c.year == window.year, waiver.c.quarter < window.quarter)
    return read_frame(connection, wanted.order_by(waiver.c.quarter, waiver.c.id), AUTHORISED)


def granted(connection: Connection, year: int) -> pl.DataFrame:
    """Every waiver that was granted in the year, or that lasts into it: GRANTED."""
    rows = select(*(waiver.c["id" if name == c.WAIVER_ID else name] for name in GRANTED))
    lasting = or_(waiver.c.year == year, and_(waiver.c.year < year, waiver.c.until >= date(year, 1, 1)))
    return read_frame(connection, rows.where(lasting).order_by(waiver.c.id), GRANTED)


def _granted_by(window: Window) -> Any:
    same_year = and_(waiver.c.year == window.year, waiver.c.quarter <= window.quarter)
    return or_(waiver.c.year < window.year, same_year)


def waivable(connection: Connection, snapshot_id: int) -> pl.DataFrame:
    """WAIVABLE: every finding that a version shows, under the UR whose it is, with the day until which it is waived."""
    shown = table(
        "visible_finding", *(column(name, Integer) for name in ("snapshot_id", "finding_id")), column("ur", Text)
    )
    source = (
        shown.join(finding, finding.c.id == shown.c.finding_id)
        .outerjoin(
            snapshot_waiver,
            and_(snapshot_waiver.c.snapshot_id == shown.c.snapshot_id, snapshot_waiver.c.finding_id == finding.c.id),
        )
        .outerjoin(waiver, waiver.c.id == snapshot_waiver.c.waiver_id)
    )
    named = (finding.c[name] for name in WAIVABLE if name not in (c.UNIT_CODE, "until"))
    rows = select(*named, shown.c.ur, waiver.c.until).select_from(source)
    found = rows.where(shown.c.snapshot_id == snapshot_id).order_by(finding.c.id)
    return read_frame(connection, found, WAIVABLE)
