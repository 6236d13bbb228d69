"""A judged workbook as one JSON document: what `poa check --json` prints."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl

from flows.history import with_history
from schemas.contracts import columns as c
from schemas.contracts.context import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import alone

CODED = ("finalidad", "funcion", "subfuncion", "modalidad")
HEADER = (
    *(c.INSTITUTION, "programme", "programme_amount", "programme_exercised", c.DRAWN_UP_ON),
    *("guiding_axis", "cross_axis", c.GENERAL_AXIS, "strategic_objective", "sector_programme"),
)
PLAIN_ACTIVITY = (
    *(c.ACTIVITY_NO, c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT),
    *(c.MEASURE_UNIT, c.MEASURE, c.READING, c.ANNUAL_TARGET),
)
FINDING = (
    *(c.RULE, c.SEVERITY, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.CELL, c.FIELD, c.VALUE, c.EXPECTED),
    *(c.DIFFERENCE, c.MESSAGE, c.WAIVED),
)


def documents(judged: Judged, context: Context) -> list[dict[str, Any]]:
    """One document per workbook, in the order of the batch."""
    parts = {name: _by_file(getattr(judged, name)) for name in ("units", "header", "budget", "activities")}
    parts |= {name: _by_file(getattr(judged, name)) for name in ("quarantined", "findings")}
    return [
        _document(row, {name: rows.get(row[c.FILE_ID], []) for name, rows in parts.items()}, context)
        for row in judged.files.iter_rows(named=True)
    ]


def documents_alone(judged: Judged, context: Context, closes: date) -> list[dict[str, Any]]:
    """The same of workbooks that are held against each other and nothing else (see `alone`)."""
    return documents(with_history(judged, alone(judged, closes), context), context)


def _by_file(frame: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(row[c.FILE_ID], []).append({name: _plain(value) for name, value in row.items()})
    return rows


def _plain(value: Any) -> Any:
    """Whole numbers without a decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _document(file: dict[str, Any], parts: dict[str, list[dict[str, Any]]], context: Context) -> dict[str, Any]:
    return {
        "file": file[c.FILE],
        "sha256": file[c.SHA256],
        "form": file[c.FORM],
        "verdict": file[c.VERDICT],
        "fiscal_year": file[c.FISCAL_YEAR],
        "quarter": context.quarter,
        "units": [_unit(unit, parts, first=place == 0) for place, unit in enumerate(parts["units"])],
        "header": _header(parts) if parts["header"] else None,
        "findings": [{name: finding[name] for name in FINDING} for finding in parts["findings"]],
        "control": {name: file[name] for name in (c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED)},
    }


def _unit(unit: dict[str, Any], parts: dict[str, list[dict[str, Any]]], *, first: bool) -> dict[str, Any]:
    code = unit[c.UNIT_CODE]
    line = next((line for line in parts["budget"] if line[c.UNIT_CODE] == code), None)
    others = {other[c.UNIT_CODE] for other in parts["units"]}
    # A quarantined row whose UR is none of the workbook's is shown with the first of them, its principal one.
    ours = [
        row for row in parts["quarantined"] if row[c.UNIT_CODE] == code or (first and row[c.UNIT_CODE] not in others)
    ]
    return {
        "unit_code": code,
        "unit_name": unit[c.UNIT_NAME],
        "verdict": unit[c.VERDICT],
        "budget": _budget(line) if line else None,
        "activities": [_activity(row) for row in parts["activities"] if row[c.UNIT_CODE] == code],
        "quarantined": [_quarantined(row) for row in ours],
    }


def _budget(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": line[c.LEVEL],
        c.ASSIGNED_AMOUNT: line[c.ASSIGNED_AMOUNT],
        "exercised": [line[name] for name in c.EXERCISED],
        c.REPORTED_PROGRESS: line[c.REPORTED_PROGRESS],
    }


def _activity(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in PLAIN_ACTIVITY},
        "planned": [row[name] for name in c.PLANNED],
        "achieved": [row[name] for name in c.ACHIEVED],
        **{name: row[name] for name in (c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS, c.PURPOSE, c.JUSTIFICATION)},
        **{name: row[name] for name in (c.SHEET, c.ROW)},
    }


def _quarantined(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "sheet": row[c.SHEET],
        "row": row[c.ROW],
        "cells": json.loads(row[c.CELLS]),
        "rules": row[c.RULES].split(", "),
        "proposal": json.loads(row[c.PROPOSAL]) if row[c.PROPOSAL] else None,
    }


def _header(parts: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    texts = {row[c.FIELD]: row[c.TEXT] for row in parts["header"]}
    codes = {row[c.FIELD]: row[c.CODE] for row in parts["header"]}
    programme = next((line for line in parts["budget"] if line[c.LEVEL] == "programme"), {})
    amounts = {
        "programme": programme.get(c.UNIT_NAME),
        "programme_amount": programme.get(c.ASSIGNED_AMOUNT),
        "programme_exercised": [programme.get(name) for name in c.EXERCISED],
    }
    return {
        **{name: amounts[name] if name in amounts else texts.get(name) for name in HEADER},
        "functional": {name: [codes.get(name), texts.get(name)] for name in CODED},
    }
