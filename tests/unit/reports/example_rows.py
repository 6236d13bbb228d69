"""Rows of the judged example: rule cards, findings, activities and a quarantined row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from schemas.contracts import columns as c


@dataclass(frozen=True)
class Card:
    """What the reports read of a rule's card."""

    code: str
    title: str
    remedy: str


REMEDIES = {
    code: Card(code, title, remedy)
    for code, title, remedy in (
        (
            "A01",
            "El archivo se puede leer",
            "Abra el libro en su equipo, guárdelo como .xlsx y envíelo de nuevo.",
        ),
        ("E03", "El encabezado está completo", "Llene el dato en todas las hojas del libro."),
        (
            "E06",
            "La fecha de elaboración corresponde al trimestre",
            "Anote la fecha en que elaboró esta entrega.",
        ),
        (
            "P04",
            "El porcentaje ejercido es el ejercido entre lo asignado",
            "Revise los montos ejercidos y vuelva a calcular el porcentaje.",
        ),
        (
            "P05",
            "No hay ejercido en un trimestre que no ha terminado",
            "Borre el monto del trimestre que todavía no termina.",
        ),
        ("R01", "Las celdas obligatorias están llenas", "Llene la celda."),
        (
            "R02",
            "Hay un número donde el formato pide un número",
            "Escriba solo el número, sin palabras ni unidades.",
        ),
        (
            "R05",
            "La suma del calendario es la meta anual",
            "Revise cuál de los dos es correcto, la meta anual o el calendario, y corrija el otro.",
        ),
        (
            "R07",
            "El porcentaje de avance es el total entre la meta anual",
            "Escriba el porcentaje que resulta de dividir el total acumulado entre la meta anual.",
        ),
        (
            "R13",
            "La estrategia pertenece al eje general del encabezado",
            "Escriba la clave de una estrategia del eje general, o corrija el eje general del encabezado.",
        ),
        ("R15", "La unidad de medida se escribe siempre igual", "Use la misma redacción en todo el libro."),
    )
}


def finding(rule: str, severity: str, **values: Any) -> dict[str, Any]:
    """A row of the findings frame; ``at`` is "sheet!A1"."""
    sheet, _, cell = (values.pop("at", "") or "!").partition("!")
    letters = cell.rstrip("0123456789")
    row = int(cell[len(letters) :]) if cell else None
    base = {c.FILE_ID: 0, c.RULE: rule, c.SEVERITY: severity, c.MESSAGE: "", c.POINTS: 0.0, c.WAIVED: False}
    place = {
        c.SHEET: sheet or None,
        c.CELL: cell or None,
        c.ROW: row,
        c.COL: ord(letters) - 64 if letters else None,
    }
    return base | place | values


def _strategy(row: int, number: int) -> dict[str, Any]:
    sheet = "POA 3" if number < 4 else "POA 4"
    return finding(
        "R13",
        "aviso",
        at=f"{sheet}!E{row}",
        unit_code="63",
        activity_no=number,
        field=c.STRATEGY_CODE,
        value="ER1-2.5.5",
        expected="ER1-2.1…",
        message="La estrategia ER1-2.5.5 no pertenece al eje general ER1-2.1 que declara el encabezado.",
        points=0.36,
    )


def _budget(rule: str, row: int, unit: str | None) -> dict[str, Any]:
    assigned, exercised = {None: (921517, 230379), "06": (697403, 174351), "63": (224114, 56028)}[unit]
    if rule == "P05":
        return finding(
            "P05",
            "aviso",
            at=f"POA 1!J{row}",
            unit_code=unit,
            field=c.EXERCISED[3],
            value=f"{exercised:,}",
            expected="vacío",
            message="El cuarto trimestre no ha terminado y ya tiene monto ejercido.",
            points=0.36,
        )
    return finding(
        "P04",
        "aviso",
        at=f"POA 1!K{row}",
        unit_code=unit,
        field=c.REPORTED_PROGRESS,
        value="50 %",
        expected="25 % o 75 %",
        message=f"Dice 50 %, pero lo ejercido entre lo asignado ({assigned:,}) da 25 % o 75 %.",
        points=0.36,
    )


OPEN_FINDINGS = [
    finding(
        "R15",
        "nota",
        at="POA 1!G30",
        unit_code="06",
        activity_no=4,
        field=c.MEASURE_UNIT,
        value="Manual estadístico",
        expected="Manuales estadísticos",
        message="En otra actividad se escribió «Manuales estadísticos».",
        points=0.07,
    ),
    finding(
        "R05",
        "aviso",
        at="POA 2!H31",
        unit_code="06",
        activity_no=10,
        field=c.ANNUAL_TARGET,
        value="62",
        expected="52",
        difference=10.0,
        message="La meta anual dice 62, pero el calendario suma 52.",
        points=0.36,
    ),
    finding(
        "R07",
        "aviso",
        at="POA 2!R31",
        unit_code="06",
        activity_no=10,
        field=c.REPORTED_PROGRESS,
        value="75 %",
        expected="63 %",
        message="El avance dice 75 %, pero 39 entre 62 es 63 %.",
        points=0.36,
    ),
    *(_strategy(row, number) for row, number in ((27, 1), (28, 2), (29, 3), (27, 4))),
    *(_budget(rule, row, unit) for rule in ("P04", "P05") for row, unit in ((5, None), (6, "06"), (7, "63"))),
    finding(
        "E03",
        "aviso",
        at="POA 1!C13",
        field="strategic_objective",
        value=None,
        expected="clave y texto",
        message="El objetivo estratégico está vacío.",
        points=0.36,
    ),
    finding(
        "E06",
        "nota",
        at="POA 1!S3",
        field=c.DRAWN_UP_ON,
        value="15-mar-24",
        expected="30 de septiembre de 2024 o después",
        message="La fecha es anterior al fin del trimestre que se informa.",
        points=0.07,
    ),
    finding(
        "R01",
        "aviso",
        at="POA 2!S27",
        unit_code="06",
        activity_no=6,
        field=c.PURPOSE,
        value=None,
        expected="texto",
        message="Falta el objetivo de la actividad.",
        points=0.36,
    ),
    finding(
        "R02",
        "renglon",
        at="POA 2!I28",
        unit_code="06",
        activity_no=7,
        field=c.PLANNED[0],
        value="tres",
        expected="un número",
        message="El calendario del primer trimestre dice «tres»; se necesita un número.",
        points=2.1,
    ),
]
WAIVED = finding(
    "R05",
    "aviso",
    at="POA 1!H31",
    unit_code="06",
    activity_no=5,
    field=c.ANNUAL_TARGET,
    value="240",
    expected="250",
    message="La meta anual dice 240, pero el calendario suma 250.",
    waived=True,
)


def _activity(unit: str, number: int, at: str, text: str, figures: str, **more: Any) -> dict[str, Any]:
    """``figures``: measure unit, annual target, planned and achieved by quarter, bar-separated."""
    measure, target, planned, achieved = (part.strip() for part in figures.split("|"))
    sheet, _, row = at.partition("!")
    return {
        c.FILE_ID: 0,
        c.UNIT_CODE: unit,
        c.ACTIVITY_NO: number,
        c.DESCRIPTION: text,
        c.MEASURE_UNIT: measure,
        c.ANNUAL_TARGET: float(target),
        **dict(zip(c.PLANNED, map(float, planned.split()), strict=True)),
        **dict(zip(c.ACHIEVED, map(float, achieved.split()), strict=True)),
        c.SHEET: sheet,
        c.ROW: int(row),
        c.PAGE: 0,
    } | more


ACTIVITY_ROWS = [
    _activity(
        "06",
        1,
        "POA 1!27",
        "Alimentación de la base de datos de las novedades diarias de incidencias de la Policía Estatal",
        "Informes | 12 | 3 3 3 3 | 3 3 3 0",
    ),
    _activity(
        "06",
        4,
        "POA 1!30",
        "Procesamiento y análisis de la información obtenida de las policías municipales",
        "Manual estadístico | 52 | 13 13 13 13 | 13 13 13 0",
    ),
    _activity(
        "06",
        5,
        "POA 1!31",
        "Presentación del producto de inteligencia generado a partir de los datos recabados en la Unidad",
        "Presentación ejecutiva | 240 | 60 60 60 60 | 70 65 65 0",
    ),
    _activity(
        "06",
        10,
        "POA 2!31",
        "Alimentación del Registro Nacional de Detenciones de la Policía Estatal",
        "Registros en la base de datos | 62 | 13 13 13 13 | 13 13 13 0",
    ),
    _activity(
        "63",
        1,
        "POA 3!27",
        "Mantenimiento preventivo a equipos de cómputo.",
        "Mantenimiento a equipos | 600 | 150 150 150 150 | 91 140 95 0",
    ),
    _activity(
        "63",
        3,
        "POA 3!29",
        "Soporte técnico a los usuarios de cómputo, tanto presencial como de forma remota",
        "Asistencias | 1000 | 250 250 250 250 | 230 245 170 0",
    ),
    _activity(
        "63",
        4,
        "POA 4!27",
        "Mantener actualizado el inventario del equipo de cómputo.",
        "Actualizaciones en Archivo Digital | 2 | 0 1 0 1 | 0 1 0 0",
    ),
]

QUARANTINED_ROWS = [
    {
        c.FILE_ID: 0,
        c.UNIT_CODE: "06",
        c.ACTIVITY_NO: 7,
        c.SHEET: "POA 2",
        c.PAGE: 0,
        c.ROW: 28,
        c.RULES: "R02",
        c.CELLS: json.dumps(
            {
                c.UNIT_CODE: "6",
                c.ACTIVITY_NO: "7",
                c.DESCRIPTION: "CiberPatrullaje permanente",
                c.MEASURE_UNIT: "Reporte mensual",
                c.ANNUAL_TARGET: "12",
                c.PLANNED[0]: "tres",
                c.PLANNED[1]: "3",
                c.PLANNED[2]: "3",
                c.PLANNED[3]: "3",
            }
        ),
    }
]
