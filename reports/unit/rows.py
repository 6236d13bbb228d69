"""The rows of a workbook as its unit reads them: activities accepted, and rows set apart with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import fmean
from typing import Any

import polars as pl

from config.form import Form
from reports import wording
from reports.unit.labels import Labels
from reports.unit.rules import RuleText, rule_title
from schemas.contracts import columns as c
from schemas.language.measures import AVERAGE, LAST, MAXIMUM, SUM


@dataclass(frozen=True)
class ActivityLine:
    """An accepted activity; ``planned`` and ``achieved`` are to date, in its measure unit, None if blank; pesos."""

    activity_no: int | None
    description: str
    measure_unit: str
    annual_target: float | None
    planned: float | None
    achieved: float | None
    amount: float = 0.0

    @property
    def compliance(self) -> float | None:
        """Achieved ÷ planned to date (ratio); None where nothing was planned to date."""
        return _ratio(self.achieved, self.planned)

    @property
    def annual_progress(self) -> float | None:
        """Achieved to date ÷ annual target (ratio); None without a target."""
        return _ratio(self.achieved, self.annual_target)


@dataclass(frozen=True)
class UnitActivities:
    """The accepted activities of one unit, by number."""

    unit_code: str
    unit_name: str
    activities: tuple[ActivityLine, ...]


@dataclass(frozen=True)
class QuarantinedRow:
    """A row set apart: where it stands, what it holds (label, as written), why, and how it might be read."""

    unit_code: str | None
    activity_no: int | None
    sheet: str
    row: int
    cells: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    proposal: tuple[tuple[str, str], ...]
    proposed: bool

    @property
    def where(self) -> str:
        """Sheet and row: "POA 2, renglón 29"."""
        return f"{self.sheet}, renglón{wording.NBSP}{self.row}"

    @property
    def about(self) -> str:
        """Unit and activity as far as they can be read."""
        unit = f"UR{wording.NBSP}{self.unit_code}" if self.unit_code else "UR ilegible"
        number = self.activity_no
        return unit if number is None else f"{unit}, actividad{wording.NBSP}{number}"


def activity_tables(activities: pl.DataFrame, names: Mapping[str, str], quarter: int) -> tuple[UnitActivities, ...]:
    """Accepted activities by unit and number, with figures up to ``quarter``, read as each unit of measure wants."""
    ordered = activities.sort(c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.ROW)
    return tuple(
        UnitActivities(
            code,
            names.get(code, ""),
            tuple(_line(row, quarter) for row in rows.iter_rows(named=True)),
        )
        for (code,), rows in ordered.group_by(c.UNIT_CODE, maintain_order=True)
        if isinstance(code, str)
    )


def quarantined_rows(
    quarantined: pl.DataFrame, findings: pl.DataFrame, form: Form, remedies: Mapping[str, RuleText]
) -> tuple[QuarantinedRow, ...]:
    """Quarantined rows by sheet and row; the reasons are their findings' messages, else the rules' titles."""
    labels = Labels(form)
    said: dict[tuple[str, int, str], list[str]] = {}
    grave = pl.col(c.SEVERITY) == "renglon"
    for finding in findings.filter(grave & pl.col(c.ROW).is_not_null()).iter_rows(named=True):
        key = finding[c.SHEET], finding[c.ROW], finding[c.RULE].split(".")[0]
        said.setdefault(key, []).append(finding[c.MESSAGE])
    rows = quarantined.sort(c.SHEET, c.ROW).iter_rows(named=True)
    return tuple(_quarantined(row, said, labels, remedies) for row in rows)


def to_date(
    planned: Sequence[float | None], achieved: Sequence[float | None], reading: str = SUM
) -> tuple[float | None, float | None]:
    """What was planned and achieved over those quarters, each as one figure, None where all are blank.

    Read as the views read them: a quarter with nothing planned is no part of an average, and one with nothing planned
    and nothing achieved is not the last.
    """
    quarters = list(zip(planned, achieved, strict=True))
    if reading == LAST:
        due = [plan for plan in planned if plan]
        done = [done for plan, done in quarters if done is not None and (plan or done)]
        return _figure(planned, due[-1:]), _figure(achieved, done[-1:])
    if reading == AVERAGE:
        due = [plan for plan in planned if plan]
        done = [done for plan, done in quarters if plan and done is not None]
        return _figure(planned, [fmean(due)] if due else []), _figure(achieved, [fmean(done)] if done else [])
    one = max if reading == MAXIMUM else fsum
    return tuple(one(filled) if (filled := _filled(values)) else None for values in (planned, achieved))  # type: ignore[return-value]


def _filled(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _figure(values: Sequence[float | None], read: Sequence[float]) -> float | None:
    """The one figure ``read`` out of ``values``; 0 where none counts, None where there are none."""
    return read[0] if read else (0.0 if _filled(values) else None)


def _line(row: dict[str, Any], quarter: int) -> ActivityLine:
    planned, achieved = ([row[name] for name in names[:quarter]] for names in (c.PLANNED, c.ACHIEVED))
    to_plan, done = to_date(planned, achieved, row[c.READING] or SUM)
    return ActivityLine(
        activity_no=row[c.ACTIVITY_NO],
        description=row[c.DESCRIPTION] or "",
        measure_unit=row[c.MEASURE_UNIT] or "",
        annual_target=row[c.ANNUAL_TARGET],
        planned=to_plan,
        achieved=done,
        amount=row[c.ASSIGNED_AMOUNT] or 0.0,
    )


def _quarantined(
    row: dict[str, Any],
    said: Mapping[tuple[str, int, str], list[str]],
    labels: Labels,
    remedies: Mapping[str, RuleText],
) -> QuarantinedRow:
    reasons: list[str] = []
    for rule in filter(None, (part.strip() for part in (row[c.RULES] or "").split(","))):
        reasons += said.get((row[c.SHEET], row[c.ROW], rule.split(".")[0])) or [rule_title(rule, remedies)]
    proposal = _loaded(row[c.PROPOSAL])
    return QuarantinedRow(
        unit_code=row[c.UNIT_CODE],
        activity_no=row[c.ACTIVITY_NO],
        sheet=row[c.SHEET] or "",
        row=row[c.ROW],
        cells=_pairs(_loaded(row[c.CELLS]), labels),
        reasons=tuple(dict.fromkeys(reasons)),
        proposal=_pairs(proposal.get(c.CELLS, proposal), labels, known_only=True),
        proposed=row[c.PROPOSAL] is not None,
    )


def _loaded(text: str | None) -> dict[str, Any]:
    """The JSON object in ``text``; empty where it holds anything else."""
    loaded = json.loads(text) if text else None
    return loaded if isinstance(loaded, dict) else {}


def _pairs(cells: Any, labels: Labels, known_only: bool = False) -> tuple[tuple[str, str], ...]:
    """(label, as written) of cells that hold something, in the form's order; then those the form lacks."""
    if not isinstance(cells, dict):
        return ()
    order = [field.name for field in labels.form.activity]
    others = [] if known_only else [name for name in cells if name not in order]
    written = [(name, cells[name]) for name in (*order, *others) if cells.get(name) not in (None, "")]
    return tuple((labels.field(name, "activity") or "Otra columna", _written(value)) for name, value in written)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    return wording.figure(float(value)) if isinstance(value, int | float) else str(value)


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None
