"""A unit's quality report as plain values, from frames alone: what the page and the workbook show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from config.form import Form
from config.policy import SEVERITIES, Severity, TrafficLight
from reports import wording
from reports.unit.causes import Cause, causes, corrections
from reports.unit.compliance import UnitChart, charts
from reports.unit.findings import Finding, read_findings, read_gone, reading_order
from reports.unit.rows import QuarantinedRow, UnitActivities, activity_tables, quarantined_rows
from reports.unit.rules import RuleText
from reports.unit.since import Previous, Since, gone, said_before, since
from reports.unit.state import State, state
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged


class NotOneWorkbookError(ValueError):
    """A unit's report is of one workbook; the frames hold none or several."""


@dataclass(frozen=True)
class UnitLine:
    """A unit that the workbook delivers, with its own verdict and quality index (0-100)."""

    unit_code: str
    unit_name: str
    level: str
    verdict: str
    quality: float | None
    accepted: int
    quarantined: int
    findings: int


@dataclass(frozen=True)
class UnitReport:
    """One workbook's report; counts leave out waived findings.

    ``quality`` is 0-100, None where the workbook could not be judged. ``received`` is the day or time of
    receipt as given. ``since`` is what became of it since the workbook before, None without one.
    """

    institution: str | None
    file: str
    sha256: str | None
    sender: str | None
    year: int
    quarter: int
    received: str | None
    state: State
    quality: float | None
    units: tuple[UnitLine, ...]
    rows_found: int
    rows_accepted: int
    rows_quarantined: int
    by_severity: dict[Severity, int]
    causes: tuple[Cause, ...]
    corrections: tuple[Cause, ...]
    waived: tuple[Finding, ...]
    quarantined: tuple[QuarantinedRow, ...]
    activities: tuple[UnitActivities, ...]
    charts: tuple[UnitChart, ...]
    light: TrafficLight | None
    since: Since | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding not waived, in the order of the report."""
        return tuple(finding for cause in self.causes for finding in cause.findings)

    @property
    def loaded(self) -> bool:
        """Whether the workbook could be read as a POA."""
        return bool(self.units)

    @property
    def quality_after(self) -> float | None:
        """The quality index once the best corrections are made."""
        if self.quality is None or not self.corrections:
            return None
        return min(100.0, self.quality + sum(cause.points for cause in self.corrections))


def unit_report(
    judged: Judged,
    *,
    year: int,
    quarter: int,
    received: str | None,
    remedies: Mapping[str, RuleText],
    form: Form,
    previous: Previous | None = None,
    light: TrafficLight | None = None,
) -> UnitReport:
    """The report of the one workbook in ``judged``; raises NotOneWorkbookError where there is not one.

    ``previous`` is the unit's workbook before, to tell what is new from what was said then. Without the ``light``'s
    bounds there is no chart of compliance.
    """
    if judged.files.height != 1:
        raise NotOneWorkbookError(f"a unit's report wants one workbook, the frames hold {judged.files.height}")
    file = judged.files.row(0, named=True)
    everything = read_findings(judged, form, remedies, said_before(previous))
    open_findings = [finding for finding, waived in everything if not waived]
    found = causes(open_findings, remedies)
    units = _units(judged.units)
    verdicts = dict(judged.units.select(c.UNIT_CODE, c.VERDICT).sort(c.UNIT_CODE).iter_rows())
    activities = activity_tables(judged.activities, {unit.unit_code: unit.unit_name for unit in units}, quarter)
    counts = {severity: sum(f.severity == severity for f in open_findings) for severity in SEVERITIES}
    return UnitReport(
        institution=_institution(judged.header),
        file=file[c.FILE],
        sha256=file[c.SHA256],
        sender=file[c.SENDER],
        year=year,
        quarter=quarter,
        received=received,
        state=state(file[c.VERDICT], counts, judged.quarantined.height, verdicts),
        quality=file[c.QUALITY] if units else None,
        units=units,
        rows_found=file[c.ROWS_FOUND] or 0,
        rows_accepted=file[c.ROWS_ACCEPTED] or 0,
        rows_quarantined=file[c.ROWS_QUARANTINED] or 0,
        by_severity=counts,
        causes=found,
        corrections=corrections(found) if units else (),
        waived=tuple(sorted((finding for finding, waived in everything if waived), key=reading_order)),
        quarantined=quarantined_rows(judged.quarantined, judged.findings, form, remedies),
        activities=activities,
        charts=charts(activities, light) if light else (),
        light=light,
        since=_since(judged, previous, found, quarter, form, remedies),
    )


def _since(
    judged: Judged,
    previous: Previous | None,
    found: tuple[Cause, ...],
    quarter: int,
    form: Form,
    remedies: Mapping[str, RuleText],
) -> Since | None:
    if previous is None:
        return None
    corrected = read_gone(gone(judged.findings, previous), form, remedies)
    return since(previous, sorted(corrected, key=reading_order), found, quarter)


def _units(units: pl.DataFrame) -> tuple[UnitLine, ...]:
    """Units of the workbook: the principal one first, then by code."""
    ordered = units.sort(pl.col(c.LEVEL) != "principal", c.UNIT_CODE)
    return tuple(
        UnitLine(
            unit_code=row[c.UNIT_CODE],
            unit_name=row[c.UNIT_NAME] or "",
            level=wording.LEVEL_WORDS.get(row[c.LEVEL], "UR"),
            verdict=wording.VERDICT_WORDS.get(row[c.VERDICT], row[c.VERDICT]),
            quality=row[c.QUALITY],
            accepted=row[c.ROWS_ACCEPTED] or 0,
            quarantined=row[c.ROWS_QUARANTINED] or 0,
            findings=row[c.FINDINGS] or 0,
        )
        for row in ordered.iter_rows(named=True)
    )


def _institution(header: pl.DataFrame) -> str | None:
    texts = header.filter(pl.col(c.FIELD) == c.INSTITUTION)[c.TEXT].drop_nulls()
    return texts[0] if texts.len() else None
