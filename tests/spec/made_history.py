"""A workbook made for a spec, judged, and the history that it is held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
from made_workbook import SOUND_BUDGET, SOUND_ROWS, Workbook, made_each

from schemas.contracts import columns as c
from schemas.contracts import history_inputs as h
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged, conform, joined
from schemas.findings.engine import findings
from schemas.findings.history_engine import history_findings
from schemas.language.measures import measured
from schemas.verdict.verdict import verdict

CLOSES = date(2024, 10, 15)
ENDS = {1: date(2024, 3, 31), 2: date(2024, 6, 30), 3: date(2024, 9, 30), 4: date(2024, 12, 31)}


def judged(
    context: Context,
    *,
    rows: Iterable[Mapping[str, str]] = SOUND_ROWS,
    header: Mapping[str, str] | None = None,
    budget: Iterable[Mapping[str, str]] = SOUND_BUDGET,
    file: str = "UR06.xlsx",
) -> Judged:
    """One workbook, sound but for what is given, judged in row and workbook scope; the same is judged once."""
    workbook = Workbook(tuple(rows), header, tuple(budget))
    asked = (context.quarter, id(context.policy), id(context.catalog), repr(workbook), file)
    if asked not in _KNOWN:
        _KNOWN[asked] = (context, _judged(context, workbook, file))
    return _KNOWN[asked][1]


# With its context, which thereby outlives the ids that it is asked for by.
_KNOWN: dict[tuple[object, ...], tuple[Context, Judged]] = {}


def _judged(context: Context, workbook: Workbook, file: str) -> Judged:
    evidence = measured(made_each(context.form, [workbook]), context)
    files = pl.DataFrame(
        [(0, file, "0" * 64, 1000, None)],
        schema={
            c.FILE_ID: pl.Int64,
            **dict.fromkeys((c.FILE, c.SHA256), pl.String),
            c.BYTES: pl.Int64,
            c.SENDER: pl.String,
        },
        orient="row",
    )
    return verdict(evidence, findings(evidence, context, {}), files, context)


def at(context: Context, quarter: int) -> Context:
    """The same context, another quarter reported."""
    return replace(context, quarter=quarter, quarter_ends=ENDS[quarter])


def history(
    now: Judged, earlier: Mapping[int, Judged] | None = None, **frames: Iterable[Mapping[str, Any]]
) -> h.History:
    """The history of ``now``: one workbook of each of the ``earlier`` quarters, and rows for frames given by name."""
    found = h.alone(now, CLOSES)
    for quarter, before in (earlier or {}).items():
        for name, frame in _earlier(quarter, before).items():
            found = replace(found, **{name: pl.concat([getattr(found, name), conform(frame, h.HISTORY[name])])})
    for name, rows in frames.items():
        found = replace(found, **{name: pl.DataFrame(list(rows), schema=h.HISTORY[name])})
    return found


def _earlier(quarter: int, before: Judged) -> dict[str, pl.DataFrame]:
    dated = before.header.filter(pl.col(c.FIELD) == c.DRAWN_UP_ON).select(
        c.FILE_ID, pl.col(c.TEXT).alias(c.DRAWN_UP_ON)
    )
    of_units = before.units.join(dated, on=c.FILE_ID, how="left").join(before.files, on=c.FILE_ID, how="left")
    not_due = [pl.lit(None, pl.Float64).alias(name) for name in c.ACHIEVED[quarter:]]
    told = before.findings.filter((pl.col(c.SEVERITY) != "nota") & pl.col(c.UNIT_CODE).is_not_null())
    frames = {
        "earlier": of_units.with_columns(pl.lit(datetime(2024, quarter * 3 + 1, 5)).alias(c.RECEIVED_AT)),
        "activities": before.activities.with_columns(not_due),
        "quarantined": before.quarantined,
        "budget": before.budget.drop_nulls(c.UNIT_CODE),
        "findings": told,
    }
    return {name: frame.with_columns(pl.lit(quarter, pl.Int64).alias(c.QUARTER)) for name, frame in frames.items()}


def told_of(now: Judged, past: h.History, context: Context, rule: str) -> list[str]:
    """``severity cell field: found → expected`` of each history finding of ``rule``."""
    found = history_findings(now, past, context).filter(pl.col(c.RULE) == rule)
    rows = found.select(c.SEVERITY, c.CELL, c.FIELD, c.VALUE, c.EXPECTED).iter_rows()
    return [
        " ".join(part for part in (severity, cell, f"{field}:" if field else None, value) if part)
        + (f" → {expected}" if expected else "")
        for severity, cell, field, value, expected in rows
    ]


def together(*workbooks: Judged) -> Judged:
    """Several workbooks as one batch."""
    first, *others = workbooks
    for other in others:
        first = joined(first, other)
    return first
