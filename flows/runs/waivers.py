"""Waiving findings of a published quarter, and listing what is waived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from config.calendar import load_calendar
from config.errors import UsageError
from config.settings import Settings
from flows.runs.quarter_run import NOTHING_READ, history_judge, quarter_run
from schemas.contracts import columns as c
from schemas.findings.waiving import AUTHORISING, PINNED, WAIVABLE
from schemas.rules.rulebook import CARDS
from warehouse.connect import open_warehouse
from warehouse.consolidation import Grant, Published
from warehouse.queries.published import waivers_of

SHOWN = 12  # of what can be waived, in a message
ACTIVE, ENDED, LAPSED, BASELINE = "active", "ended", "lapsed", "baseline"


@dataclass(frozen=True)
class WaiveRequest:
    """Which findings of a quarter's current version to waive: of a rule and UR, of one activity or cell where named.

    ``cell`` is an address such as E27, or with its sheet, POA 1!E27.
    """

    year: int
    quarter: int
    rule: str
    unit: str
    activity: int | None
    cell: str | None
    grant: Grant


@dataclass(frozen=True)
class WaivedFindings:
    """How many findings were waived, and the version that says so."""

    findings: int
    published: Published


def waive(request: WaiveRequest, settings: Settings) -> WaivedFindings:
    """Waives what the request names and publishes a new version, in one transaction; no workbook is read again.

    Raises UsageError where nothing of that kind can be waived, saying what can; WarehouseError where nothing was
    published for the quarter.
    """
    _check(request, load_calendar(settings.config_dir).of(request.year, request.quarter).ends)
    with quarter_run(request.year, request.quarter, "waive", settings) as (ctx, consolidation):
        findings = _chosen(consolidation.waivable(), request)
        consolidation.waive(findings.unique(PINNED, keep="first", maintain_order=True), request.grant)
        published = consolidation.publish(NOTHING_READ, history_judge(ctx))
    return WaivedFindings(findings.height, published)


def waivers(year: int, quarter: int | None, settings: Settings) -> pl.DataFrame:
    """Every waiver that concerns the year, with its `state` in ``quarter`` (the last one published where not told).

    active: it silences a finding; ended: its day has passed; lapsed: what it was pinned to is no longer told, for
    the value changed or was corrected; baseline: what it authorised is what later quarters are held against.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        granted, published, told = waivers_of(warehouse, year, quarter)
    quarter = quarter or published
    if quarter is None:
        raise UsageError(f"{year} has no snapshot; run `poa consolidate` first")
    ends = load_calendar(settings.config_dir).of(year, quarter).ends
    earlier = pl.col(c.QUARTER) < quarter
    known = granted.filter((pl.col("year") < year) | (pl.col(c.QUARTER) <= quarter))
    return known.with_columns(
        pl.when(pl.col(c.WAIVER_ID).is_in(told))
        .then(pl.lit(ACTIVE))
        .when(pl.col(c.RULE).is_in(AUTHORISING) & (pl.col("year") == year) & earlier)
        .then(pl.lit(BASELINE))
        .when(pl.col("until") < ends)
        .then(pl.lit(ENDED))
        .otherwise(pl.lit(LAPSED))
        .alias("state")
    )


def _check(request: WaiveRequest, ends: date) -> None:
    if request.rule not in CARDS:
        raise UsageError(f"there is no rule {request.rule}; docs/reglas.md lists them")
    for option, text in (("--by", request.grant.author), ("--reason", request.grant.reason)):
        if not text.strip():
            raise UsageError(f"{option} is empty; a waiver says who granted it and why")
    if request.grant.until < ends:
        raise UsageError(
            f"--until {request.grant.until} is before the end of {request.year} T{request.quarter}, {ends}: the waiver "
            "would not even hold for it"
        )


def _chosen(found: pl.DataFrame, request: WaiveRequest) -> pl.DataFrame:
    of_rule = found.filter(pl.col(c.RULE) == request.rule, pl.col(c.UNIT_CODE) == request.unit)
    chosen = of_rule
    if request.activity is not None:
        chosen = chosen.filter(pl.col(c.ACTIVITY_NO) == request.activity)
    if request.cell is not None:
        sheet, _, cell = request.cell.rpartition("!")
        chosen = chosen.filter(pl.col(c.CELL) == cell.replace("$", "").upper())
        chosen = chosen.filter(pl.col(c.SHEET) == sheet.strip("'")) if sheet else chosen
    kept_out = chosen.filter(~pl.col(c.SEVERITY).is_in(WAIVABLE))
    if kept_out.height:
        raise UsageError(
            f"{request.rule} of UR {request.unit} has severity {kept_out[c.SEVERITY][0]}, which keeps data out: a "
            "waiver would not let it in. Have the workbook corrected, add what is missing to the catalogue, accept "
            "readings with --apply-proposals, or change the rule's severity in policy.toml"
        )
    free = chosen.filter((pl.col("until") < request.grant.until).fill_null(value=True))
    if free.is_empty():
        raise UsageError(_nothing(chosen, of_rule, found, request))
    return free


def _nothing(chosen: pl.DataFrame, of_rule: pl.DataFrame, found: pl.DataFrame, request: WaiveRequest) -> str:
    if chosen.height:
        return f"{request.rule} of UR {request.unit} is waived already, until {chosen['until'].to_list()[0]}"
    quarter = f"{request.year} T{request.quarter}"
    others = found.filter(pl.col(c.UNIT_CODE) == request.unit, pl.col(c.SEVERITY).is_in(WAIVABLE))
    if of_rule.is_empty() and others.is_empty():
        return f"{quarter} has nothing to waive of UR {request.unit}"
    rows = of_rule if of_rule.height else others
    told = [_place(row) for row in rows.head(SHOWN).iter_rows(named=True)]
    more = [f"and {rows.height - SHOWN} more"] if rows.height > SHOWN else []
    return f"{quarter} has no such finding; of UR {request.unit} can be waived: {'; '.join([*told, *more])}"


def _place(row: dict[str, object]) -> str:
    activity = f" --activity {row[c.ACTIVITY_NO]}" if row[c.ACTIVITY_NO] is not None else ""
    cell = f" --cell '{row[c.SHEET]}!{row[c.CELL]}'" if row[c.CELL] else ""
    return f"--rule {row[c.RULE]}{activity}{cell}"
