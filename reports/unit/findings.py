"""Findings as a unit reads them: printed labels, the place in words, what to do, said before or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from config.form import Block, Form
from reports import wording
from reports.unit.labels import Labels
from reports.unit.rules import RuleText, rule_remedy
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from schemas.verdict.revision import SAME

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Finding:
    """One finding; ``field`` is the printed label, ``known``: it was said last time (None: no last time), ``since`` the
    day in words on which the workbook that it was first told of was received, ``answer`` what its unit said to it.
    """

    rule: str
    severity: str
    unit_code: str | None
    activity_no: int | None
    sheet: str | None
    row: int | None
    cell: str | None
    field: str | None
    value: str | None
    expected: str | None
    message: str
    remedy: str
    points: float
    known: bool | None
    since: str | None = None
    answer: str | None = None

    @property
    def where(self) -> str:
        """Sheet and cell: "POA 2, celda H31"."""
        parts = [self.sheet, f"celda{wording.NBSP}{self.cell}" if self.cell else None]
        return ", ".join(part for part in parts if part) or "Todo el libro"

    @property
    def about(self) -> str:
        """Unit and activity: "UR 06, actividad 10"; empty for what belongs to no unit."""
        unit = f"UR{wording.NBSP}{self.unit_code}" if self.unit_code else None
        activity = f"actividad{wording.NBSP}{self.activity_no}" if self.activity_no is not None else None
        return ", ".join(part for part in (unit, activity) if part)


def read_findings(
    judged: Judged, form: Form, remedies: Mapping[str, RuleText], said: set[Key] | None
) -> list[tuple[Finding, bool]]:
    """Findings as a unit reads them, each with whether it is waived; ``said``: what they were about last time."""
    labels, places = Labels(form), _blocks(judged)
    return [
        (_finding(row, labels, places, remedies, said), bool(row[c.WAIVED]))
        for row in judged.findings.iter_rows(named=True)
    ]


def read_gone(findings: pl.DataFrame, form: Form, remedies: Mapping[str, RuleText]) -> list[Finding]:
    """FINDINGS of a workbook that is no longer at hand, as a unit reads them."""
    labels = Labels(form)
    return [_finding(row, labels, {}, remedies, None) for row in findings.iter_rows(named=True)]


def about(row: dict[str, Any]) -> Key:
    """What makes findings of two workbooks the same, wherever their cell stands."""
    return tuple(row[name] for name in SAME if name != c.FILE_ID)


def reading_order(finding: Finding) -> tuple[object, ...]:
    """Sort key: as a reader goes through the workbook, "POA 2" before "POA 10", then row and cell."""
    sheet = [part.zfill(9) if part.isdigit() else part.lower() for part in re.split(r"(\d+)", finding.sheet or "")]
    cell = finding.cell or ""
    return (
        sheet,
        finding.row or 0,
        len(cell),
        cell,
        finding.unit_code or "",
        finding.activity_no or 0,
        finding.rule,
        finding.message,
        finding.value or "",
    )


def _finding(
    row: dict[str, Any],
    labels: Labels,
    places: Mapping[tuple[str, int], Block],
    remedies: Mapping[str, RuleText],
    said: set[Key] | None,
) -> Finding:
    block: Block | None = "activity" if row[c.ACTIVITY_NO] is not None else places.get((row[c.SHEET], row[c.ROW]))
    return Finding(
        rule=row[c.RULE],
        severity=row[c.SEVERITY],
        unit_code=row[c.UNIT_CODE],
        activity_no=row[c.ACTIVITY_NO],
        sheet=row[c.SHEET],
        row=row[c.ROW],
        cell=row[c.CELL],
        field=labels.field(row[c.FIELD], block),
        value=row[c.VALUE],
        expected=row[c.EXPECTED],
        message=row[c.MESSAGE] or "",
        remedy=rule_remedy(row[c.RULE], remedies),
        points=row[c.POINTS] or 0.0,
        known=None if said is None else row[c.KNOWN_SINCE] is not None or about(row) in said,
        since=row[c.KNOWN_SINCE] and wording.day_phrase(row[c.KNOWN_SINCE].isoformat()),
        answer=row[c.ANSWER],
    )


def _blocks(judged: Judged) -> dict[tuple[str, int], Block]:
    """Block of the form that a (sheet, row) belongs to: some fields share their code name between blocks."""
    blocks: dict[tuple[str, int], Block] = {}
    frames: tuple[tuple[Block, pl.DataFrame], ...] = (
        ("header", judged.header),
        ("budget", judged.budget),
        ("activity", judged.activities),
        ("activity", judged.quarantined),
    )
    for block, frame in frames:
        blocks |= dict.fromkeys(frame.select(c.SHEET, c.ROW).iter_rows(), block)
    return blocks
