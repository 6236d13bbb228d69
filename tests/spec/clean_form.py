"""A clean form's content, and one defect at a time put into it; what the form computes follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, CellValue, Computed, Row, WorkbookContent

Change = Callable[[WorkbookContent], WorkbookContent]

PLANNED, ACHIEVED = (30, 30, 30, 30), (30, 30, 30, None)
WORK = (
    "Informe de novedades de la unidad",
    "Capacitación del personal operativo",
    "Mantenimiento de los equipos de cómputo",
    "Atención de solicitudes ciudadanas",
    "Supervisión de las delegaciones",
    "Actualización del padrón de personal",
    "Respaldo de las bases de datos",
    "Asistencia a los usuarios del sistema",
)
UNITS = (("06", "UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA", 6), ("63", "DEPARTAMENTO DE INFORMATICA", 2))
AMOUNT = 100_000  # of each activity
SHARES = (0.25, 0.5, 0.75, None)  # exercised up to each quarter


def clean_content() -> WorkbookContent:
    """Two units, six activities and two, on three pages; the third quarter is reported."""
    work = iter(WORK)
    return WorkbookContent(
        header={
            c.INSTITUTION: "SECRETARIA DE SEGURIDAD",
            c.DRAWN_UP_ON: date(2024, 10, 5),
            "guiding_axis": "ER1 Gobernanza",
            "cross_axis": "E2 Seguridad y Justicia",
            c.GENERAL_AXIS: "ER1-2.1 Fortalecimiento de las instituciones",
            "strategic_objective": "ER1-2.1.1 Instituciones sólidas",
            "finalidad": ("1", "GOBIERNO"),
            "funcion": ("7", "ASUNTOS DE ORDEN PÚBLICO Y DE SEGURIDAD INTERIOR"),
            "subfuncion": ("1", "POLICÍA"),
            "modalidad": ("E", "PRESTACIÓN DE SERVICIOS PÚBLICOS"),
            "sector_programme": "Programa de seguridad",
        },
        budget=(
            _line("programme", "PROGRAMA DE SEGURIDAD", None, 8),
            _line("principal", UNITS[0][1], "06", 6),
            _line("derived", UNITS[1][1], "63", 2),
        ),
        activities=tuple(
            computed(_activity(int(code), number, next(work)))
            for code, _, count in UNITS
            for number in range(1, count + 1)
        ),
        signatories=dict.fromkeys(("drawn_up_by", "integrated_by", "headed_by"), "Titular de la unidad"),
    )


def _line(level: Any, name: str, code: str | None, activities: int) -> BudgetLine:
    amount = AMOUNT * activities
    exercised = {q: share and amount * share for q, share in zip(c.EXERCISED, SHARES, strict=True)}
    return BudgetLine(level, name, code, {c.ASSIGNED_AMOUNT: amount, **exercised, c.REPORTED_PROGRESS: 0.75})


def _activity(unit: int, number: int, description: str) -> Row:
    return {
        c.UNIT_CODE: unit,
        c.ACTIVITY_NO: number,
        c.DESCRIPTION: description,
        c.LEGAL_BASIS: "Art. 11 Fracc. XVIII",
        c.STRATEGY_CODE: "ER1-2.1.1",
        c.ASSIGNED_AMOUNT: AMOUNT,
        c.MEASURE_UNIT: "Informes",
        c.ANNUAL_TARGET: sum(PLANNED),
        **dict(zip(c.PLANNED, PLANNED, strict=True)),
        **dict(zip(c.ACHIEVED, ACHIEVED, strict=True)),
        c.PURPOSE: f"Cumplir: {description.lower()}",
        c.JUSTIFICATION: None,
    }


def computed(row: Row) -> Row:
    """The row with the results of the form's own formulas, as Excel would store them."""
    total = sum(value for name in c.ACHIEVED if isinstance(value := row[name], int | float))
    annual = row[c.ANNUAL_TARGET]
    progress = Computed(total / annual) if isinstance(annual, int | float) and annual else None
    return {**row, c.ACHIEVED_TOTAL: Computed(total), c.REPORTED_PROGRESS: progress}


def activity(position: int, **cells: CellValue) -> Change:
    """Cells of an activity typed over; what is computed from them follows, unless it is typed over too."""

    def change(content: WorkbookContent) -> WorkbookContent:
        rows = list(content.activities)
        rows[position] = {**computed({**rows[position], **cells}), **cells}
        return replace(content, activities=tuple(rows))

    return change


def line(position: int, **cells: CellValue) -> Change:
    """Cells of a budget line typed over; ``name`` and ``unit_code`` are what stands beside its label."""

    def change(content: WorkbookContent) -> WorkbookContent:
        lines = list(content.budget)
        named: dict[str, Any] = {key: cells[key] for key in ("name", "unit_code") if key in cells}
        values = {key: value for key, value in cells.items() if key not in named}
        old = lines[position]
        lines[position] = replace(old, **named, values={**old.values, **values})
        return replace(content, budget=tuple(lines))

    return change


def header(**values: Any) -> Change:
    """Fields of the header written otherwise, on every page."""
    return lambda content: replace(content, header={**content.header, **values})
