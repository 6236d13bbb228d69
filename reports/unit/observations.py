"""The unit's quality report as the rows of its workbook of observations."""

from __future__ import annotations

from reports import wording
from reports.unit.causes import Cause
from reports.unit.findings import Finding
from reports.unit.report import UnitReport
from workbooks.export.observations import CauseLine, Observation, ObservationsSheet

INSTRUCTION = (
    "Corrija cada celda en su propio libro y envíelo de nuevo. Si una observación no procede, explique "
    "por qué en la columna «Respuesta de la unidad» de esta hoja: se lee cuando llega con su siguiente envío. "
    "«Puntos» es lo que suma corregirla al índice de calidad."
)
NOTHING = "El libro no tiene observaciones. Gracias por el cuidado con que se preparó."


def observations_sheet(report: UnitReport) -> ObservationsSheet:
    """The sheet of ``report``: its findings in the report's order, waived ones last and told apart."""
    units = "; ".join(f"UR {unit.unit_code} {unit.unit_name}" for unit in report.units)
    sender = units or (f"UR {report.sender}" if report.sender else "Unidad desconocida")
    rows = [_observation(finding) for finding in report.findings]
    rows += [_observation(finding, waived=True) for finding in report.waived]
    quarter = wording.quarter_phrase(report.year, report.quarter)
    return ObservationsSheet(
        title=f"Observaciones al POA, {quarter}",
        subject=wording.visible(f"{sender}. Archivo: {report.file}"),
        state=report.state.word,
        quality=report.quality,
        counts=tuple(
            (severity, wording.SEVERITY_WORDS[severity], count) for severity, count in report.by_severity.items()
        ),
        instruction=_instruction(report),
        footer=f"POA {report.year}, trimestre {report.quarter}. {wording.visible(report.file)}",
        rows=tuple(rows),
        causes=tuple(_cause(cause) for cause in report.causes),
    )


def _instruction(report: UnitReport) -> str:
    if not report.findings:
        return NOTHING
    return INSTRUCTION if report.loaded else f"{report.state.meaning} {report.state.next_step}"


def _observation(finding: Finding, waived: bool = False) -> Observation:
    words = _severity_words(finding.severity)
    return Observation(
        severity="" if waived else finding.severity,
        severity_words=f"{words} (dispensado)" if waived else words,
        rule=finding.rule,
        unit_code=finding.unit_code,
        activity_no=finding.activity_no,
        sheet=finding.sheet,
        cell=finding.cell,
        field=finding.field,
        value=_visible(finding.value),
        expected=_visible(finding.expected),
        message=wording.visible(finding.message),
        remedy="" if waived else finding.remedy,
        points=None if waived or not finding.points else round(finding.points, 2),
        answer=finding.answer,
    )


def _cause(cause: Cause) -> CauseLine:
    found = wording.counted(len(cause.findings), "observación", "observaciones")
    cells = f" en {wording.counted(cause.cells, 'celda', 'celdas')}" if cause.cells else ""
    return CauseLine(
        severity=cause.severity,
        severity_words=_severity_words(cause.severity),
        rule=cause.rule,
        cause=wording.visible(f"{cause.title}: {cause.field}" if cause.field else cause.title),
        extent=f"{found}{cells}",
        points=round(cause.points, 2) if cause.points else None,
    )


def _severity_words(severity: str) -> str:
    return next((word for code, word in wording.SEVERITY_WORDS.items() if code == severity), severity)


def _visible(text: str | None) -> str | None:
    return None if text is None else wording.visible(text)
