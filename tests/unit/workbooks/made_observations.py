"""A sheet of observations, and rows for one."""

from __future__ import annotations

from dataclasses import replace

from workbooks.export.observations import Observation, ObservationsSheet


def observation(severity: str = "aviso", **values: object) -> Observation:
    row = Observation(
        severity=severity,
        severity_words=severity.capitalize(),
        rule="R05",
        unit_code="06",
        activity_no=10,
        sheet="POA 2",
        cell="H31",
        field="META ANUAL (19)",
        value="62",
        expected="52",
        message="La meta anual dice 62, pero el calendario suma 52.",
        remedy="Corrija la meta anual o el calendario.",
        points=0.36,
    )
    return replace(row, **values)


SHEET = ObservationsSheet(
    title="Observaciones al POA, tercer trimestre de 2024",
    subject="UR 06 UNIDAD DE ANALISIS. Archivo: UR06.xlsx",
    state="Observado",
    quality=92.44,
    counts=(("archivo", "Archivo rechazado", 0), ("renglon", "En cuarentena", 1), ("aviso", "Avisos", 1)),
    instruction="Corrija cada celda en su propio libro.",
    footer="UR06 & UR63",
    rows=(observation("renglon", cell="I28"), observation("aviso")),
)
