"""A unit's quality report as plain values, from frames alone: what the page and the workbook show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from config.form import Form
from config.policy import SEVERITIES, Severity
from reports import wording
from reports.causes import Cause, causes, corrections
from reports.findings import Finding, read_findings, reading_order, resolved
from reports.rows import QuarantinedRow, UnitActivities, activity_tables, quarantined_rows
from reports.rules import RuleText
from reports.state import State, state
from schemas import columns as c
from schemas.frames import Judged


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
    receipt as given. ``resolved`` is how many findings of last time are gone, None without a last time.
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
    resolved: int | None

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
    previous: pl.DataFrame | None = None,
    readings: Mapping[str, str] | None = None,
) -> UnitReport:
    """The report of the one workbook in ``judged``; raises NotOneWorkbookError where there is not one.

    ``previous`` holds the findings of the unit's last judged workbook, to tell what is new from what was said
    before. ``readings``: how measures that do not add up over quarters are read (see ``activity_tables``).
    """
    if judged.files.height != 1:
        raise NotOneWorkbookError(f"a unit's report wants one workbook, the frames hold {judged.files.height}")
    file = judged.files.row(0, named=True)
    everything = read_findings(judged, form, remedies, previous)
    open_findings = [finding for finding, waived in everything if not waived]
    found = causes(open_findings, remedies)
    units = _units(judged.units)
    verdicts = dict(judged.units.select(c.UNIT_CODE, c.VERDICT).sort(c.UNIT_CODE).iter_rows())
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
        activities=activity_tables(
            judged.activities, {unit.unit_code: unit.unit_name for unit in units}, quarter, readings or {}
        ),
        resolved=resolved(judged.findings, previous),
    )


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
