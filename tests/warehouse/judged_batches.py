"""Judged batches made by hand, and a consolidation of them as the flow would run it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from config.calendar import Window
from config.catalog import Unit
from config.form import load_form
from config.policy import TrafficLight, load_policy
from schemas.contracts import columns as c
from schemas.contracts import frames as f
from schemas.contracts.history_inputs import History
from schemas.contracts.submission import Submission
from schemas.verdict.revision import revised
from warehouse.connect import Warehouse
from warehouse.consolidation import Consolidation, ControlTotals, Judge, Provenance, Published, begin

UNITS = {
    "06": Unit("06", "UNIDAD DE ANÁLISIS", None, None),
    "63": Unit("63", "DEPARTAMENTO DE INFORMÁTICA", "06", "ur63@example.gob.mx"),
    "07": Unit("07", "UNIDAD DE PLANEACIÓN", None, None),
}
FORM = load_form(2024)
LIGHT = TrafficLight(green=0.9, amber=0.7, blue=1.3)
ZONE = ZoneInfo("America/Mazatlan")
RULES = Provenance(rules="r1", form="f1", policy="p1", catalogs="c1")
IN_TIME = datetime(2024, 10, 5, 18, 30, tzinfo=UTC)
TOO_LATE = datetime(2024, 11, 5, 18, 30, tzinfo=UTC)
COLUMNS = json.dumps({"activity_no": 2, "description": 3})

Row = dict[str, Any]
Four = tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True)
class Book:
    """One judged workbook: its receipt and its rows in each frame."""

    receipt: Submission
    file: Row
    units: Sequence[Row] = ()
    budget: Sequence[Row] = ()
    activities: Sequence[Row] = ()
    quarantined: Sequence[Row] = ()
    extra: Sequence[Row] = ()
    findings: Sequence[Row] = ()

    def received(self, when: datetime) -> Book:
        return replace(self, receipt=replace(self.receipt, received_at=when))


def activity(unit: str, no: int, planned: Four, achieved: Four, amount: float | None = 100.0, **more: Any) -> Row:
    return {
        c.UNIT_CODE: unit,
        c.ACTIVITY_NO: no,
        c.DESCRIPTION: f"Actividad {no}",
        c.STRATEGY_CODE: "ER1-2.1.1",
        c.ASSIGNED_AMOUNT: amount,
        c.MEASURE_UNIT: "Informes",
        c.MEASURE: "Informe",
        c.READING: "sum",
        c.ANNUAL_TARGET: float(sum(n or 0 for n in planned)),
        **dict(zip(c.PLANNED, planned, strict=True)),
        **dict(zip(c.ACHIEVED, achieved, strict=True)),
        c.SHEET: f"POA {unit}",
        c.PAGE: 0,
        c.ROW: 20 + no,
        **more,
    }


def finding(rule: str, unit: str | None = None, severity: str = "aviso", **more: Any) -> Row:
    return {
        c.RULE: rule,
        c.SEVERITY: severity,
        c.UNIT_CODE: unit,
        c.MESSAGE: f"Regla {rule}: corrija la celda",
        c.WAIVED: False,
        **more,
    }


def quarantined(unit: str | None, row: int, rules: str = "R18") -> Row:
    cells = json.dumps({"description": "Elaborar informes", "planned_q1": "3"}, ensure_ascii=False)
    return {c.UNIT_CODE: unit, c.SHEET: "POA 06", c.PAGE: 0, c.ROW: row, c.RULES: rules, c.CELLS: cells}


def extra(unit: str | None, no: int | None, value: str, **more: Any) -> Row:
    place = {c.SHEET: "POA 06", c.ROW: 20 + (no or 0), c.COL: 24, c.CELL: f"X{20 + (no or 0)}"}
    return {c.UNIT_CODE: unit, c.ACTIVITY_NO: no, c.LABEL: "MUNICIPIO", c.VALUE: value, **place, **more}


def book(
    name: str,
    activities: Sequence[Row],
    *,
    derived: Sequence[str] = (),
    sender: str | None = None,
    verdict: str = "aceptado",
    findings: Sequence[Row] = (),
    quarantined: Sequence[Row] = (),
    extra: Sequence[Row] = (),
    received_at: datetime = IN_TIME,
) -> Book:
    """A workbook whose principal UR is that of its first activity; ``name`` stands for its bytes."""
    codes = list(dict.fromkeys(row[c.UNIT_CODE] for row in activities))
    delivered = [(code, "derived" if code in derived else "principal") for code in codes]
    principal = next(code for code, level in delivered if level == "principal")
    lines = [_line(i, level, code, 500.0) for i, (code, level) in enumerate(delivered, 1)]
    return Book(
        receipt=_receipt(name, sender, received_at),
        file=_file(name, principal, verdict, len(activities), len(quarantined)),
        units=[_unit(code, level, verdict, activities, quarantined, findings) for code, level in delivered],
        budget=[_line(0, "programme", None, 1000.0), *lines],
        activities=activities,
        quarantined=quarantined,
        extra=extra,
        findings=findings,
    )


def rejected(name: str, sender: str | None, *findings: Row, received_at: datetime = IN_TIME) -> Book:
    """A workbook rejected whole: nothing of it but findings."""
    said = findings or (finding("A01", severity="archivo"),)
    file = _file(name, sender, "rechazado", 0, 0) | {c.FORM: None, c.FISCAL_YEAR: None, c.QUALITY: 0.0}
    return Book(receipt=_receipt(name, sender, received_at), file=file, findings=said)


def judged(*books: Book) -> f.Judged:
    """The books as one batch, in their order."""
    rows: dict[str, list[Row]] = {name: [] for name in f.CONTRACTS}
    for file_id, one in enumerate(books):
        header = {c.FIELD: c.INSTITUTION, c.TEXT: "SECRETARÍA", c.SHEET: "POA 06", c.ROW: 5, c.COL: 2}
        page = {c.SHEET: "POA 06", c.PAGE: 0, c.TOP_ROW: 1, c.BOTTOM_ROW: 40, c.COLUMNS: COLUMNS}
        accepted = bool(one.units)
        parts = {
            "files": [one.file],
            "units": one.units,
            "header": [header] if accepted else [],
            "budget": one.budget,
            "activities": one.activities,
            "pages": [page] if accepted else [],
            "quarantined": one.quarantined,
            "extra": one.extra,
            "findings": one.findings,
        }
        for name, part in parts.items():
            rows[name] += [{**row, c.FILE_ID: file_id} for row in part]
    return f.Judged(**{name: _frame(rows[name], contract) for name, contract in f.CONTRACTS.items()})


def window(quarter: int, year: int = 2024) -> Window:
    opens = {1: date(year, 4, 1), 2: date(year, 7, 1), 3: date(year, 10, 1), 4: date(year + 1, 1, 2)}[quarter]
    ends = {1: date(year, 3, 31), 2: date(year, 6, 30), 3: date(year, 9, 30), 4: date(year, 12, 31)}[quarter]
    return Window(year=year, quarter=quarter, ends=ends, opens=opens, closes=opens.replace(day=15))


def beginning(warehouse: Warehouse, *, year: int = 2024, quarter: int = 3, lock_timeout: float = 5, **more: Any) -> Any:
    """``begin`` with the defaults of these tests."""
    settings = {
        "year": year,
        "quarter": quarter,
        "command": "consolidate",
        "provenance": RULES,
        "units": UNITS,
        "light": LIGHT,
        "form": FORM,
        "window": window(quarter, year),
        "zone": ZONE,
        "lock_timeout": lock_timeout,
    }
    return begin(warehouse, **settings | more)


def totals(books: Sequence[Book], seen: int) -> ControlTotals:
    """The control totals of a run that judged ``books`` of ``seen`` workbooks, the others being unchanged."""
    verdicts = [one.file[c.VERDICT] for one in books]
    accepted = sum(len(one.activities) for one in books)
    held = sum(len(one.quarantined) for one in books)
    return ControlTotals(
        seen=seen,
        accepted=verdicts.count("aceptado"),
        observed=verdicts.count("observado"),
        rejected=verdicts.count("rechazado"),
        unchanged=seen - len(books),
        skipped=0,
        rows_found=accepted + held,
        rows_accepted=accepted,
        rows_quarantined=held,
    )


def nothing_told(judged: f.Judged, _: History) -> pl.DataFrame:
    """A judge that tells nothing in history scope."""
    return f.empty(f.FINDINGS)


def revised_by_policy(judged: f.Judged, told: pl.DataFrame, history: History) -> f.Judged:
    return revised(judged, told, history, load_policy())


QUIET = Judge(nothing_told, revised_by_policy)


def consolidate(warehouse: Warehouse, *books: Book, judge: Judge = QUIET, **more: Any) -> Published:
    """Receives, loads and publishes the books, one batch each, as the flow does."""
    run: Consolidation
    with beginning(warehouse, **more) as run:
        known = run.unchanged([one.receipt for one in books])
        new = [one for one in books if one.receipt not in known]
        for one in new:
            run.load(judged(one), [one.receipt])
        return run.publish(totals(new, len(books)), judge)


def _receipt(name: str, sender: str | None, received_at: datetime) -> Submission:
    content = name.encode()
    file = f"{name}.xlsx"
    return Submission(Path(file), file, sha256(content).hexdigest(), len(content), sender, received_at)


def _file(name: str, sender: str | None, verdict: str, accepted: int, held: int) -> Row:
    return {
        c.FILE: f"{name}.xlsx",
        c.SHA256: sha256(name.encode()).hexdigest(),
        c.BYTES: len(name),
        c.SENDER: sender,
        c.FORM: "poa_2024",
        c.FISCAL_YEAR: 2024,
        c.VERDICT: verdict,
        c.QUALITY: 95.5,
        c.ASKED: 200,
        c.ROWS_FOUND: accepted + held,
        c.ROWS_ACCEPTED: accepted,
        c.ROWS_QUARANTINED: held,
    }


def _unit(
    code: str,
    level: str,
    verdict: str,
    activities: Sequence[Row],
    held: Sequence[Row],
    findings: Sequence[Row],
) -> Row:
    def own(rows: Sequence[Row]) -> int:
        return sum(row[c.UNIT_CODE] == code for row in rows)

    return {
        c.UNIT_CODE: code,
        c.UNIT_NAME: f"UR {code}",
        c.LEVEL: level,
        c.VERDICT: verdict,
        c.QUALITY: 97.5,
        c.ROWS_ACCEPTED: own(activities),
        c.ROWS_QUARANTINED: own(held),
        c.FINDINGS: own(findings),
        c.FINDINGS_WAIVED: 0,
        c.ASKED: 100,
    }


def _line(line: int, level: str, unit: str | None, assigned: float) -> Row:
    return {
        c.LINE: line,
        c.LEVEL: level,
        c.UNIT_CODE: unit,
        c.UNIT_NAME: "MODERNIZACIÓN" if unit is None else f"UR {unit}",
        c.ASSIGNED_AMOUNT: assigned,
        **dict.fromkeys(c.EXERCISED, assigned / 4),
        c.REPORTED_PROGRESS: 0.5,
        c.SHEET: "POA 06",
        c.ROW: 10 + line,
        c.COLUMNS: json.dumps({"assigned_amount": 7}),
        c.half(c.ASSIGNED_AMOUNT): 0.5,
    }


def _frame(rows: list[Row], contract: f.Contract) -> pl.DataFrame:
    return f.conform(pl.DataFrame(rows, schema=contract), contract) if rows else f.empty(contract)
