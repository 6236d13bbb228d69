"""What the script of the secretariat's page works on: rows of the charts, activities, the cells of their figures."""

from __future__ import annotations

import json
from typing import Any, Final

import polars as pl

from reports import wording
from reports.secretariat.charts import LIGHTS, SERIES, chart_specs
from reports.secretariat.report import Secretariat
from schemas.contracts import columns as c

Row = dict[str, Any]

LETTERS: Final = {name: letter for name, _, letter, _ in LIGHTS}
# What would end a script or begin a comment in it.
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def page_data(report: Secretariat) -> str:
    """JSON that stands inside a script element: no text of a unit can end it."""
    data = {"graficas": chart_specs(report), "filas": _chart_rows(report), "actividades": _activities(report)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def ratio(value: float | None) -> str:
    """A ratio as a percentage to a tenth: 0.896 is "89.6 %"; a dash where there is none."""
    return "—" if value is None else f"{wording.figure(value * 100, 1)}{wording.NBSP}%"


def _chart_rows(report: Secretariat) -> dict[str, list[Row]]:
    """Rows of the charts by the name of their data; ``tope`` is compliance as far as it is drawn."""
    units = report.units.drop_nulls("cumplimiento").sort("cumplimiento", "ur")
    budget = report.units.drop_nulls(["avance_anual", "avance_presupuestal"]).sort("ur")
    green, amber, _ = report.of.bounds
    return {
        "unidades": [_bar(row, "ur", "unidad") for row in units.iter_rows(named=True)],
        "estrategias": [
            _bar(row, "estrategia") for row in report.strategies.drop_nulls("cumplimiento").iter_rows(named=True)
        ],
        "presupuesto": [
            _bar(row, "ur", "unidad", "cuadrante")
            | {"ejercido": row["avance_presupuestal"], "avance": row["avance_anual"]}
            for row in budget.iter_rows(named=True)
        ],
        "limites": [
            {"valor": bound, "texto": f"{LETTERS[name]} {wording.percent(bound)}"}
            for name, bound in (("verde", green), ("amarillo", amber))
        ],
        "referencia": [{"valor": report.reference}],
        "una": [{}],
        "tendencia": [
            {"trimestre": f"T{row['trimestre']}", "serie": name, "valor": row[column], "texto": ratio(row[column])}
            for name, column, *_ in SERIES
            for row in report.trend.iter_rows(named=True)
            if row[column] is not None
        ],
    }


def _bar(row: Row, *names: str) -> Row:
    named = {name: row[name] or "(sin estrategia)" for name in names}
    return named | {
        "tope": min(row["cumplimiento"] or 0.0, 1.0),
        "texto": ratio(row["cumplimiento"]),
        "semaforo": row["semaforo"] or "sin programar",
        "letra": LETTERS.get(row["semaforo"], ""),
    }


def _activities(report: Secretariat) -> list[Row]:
    """Activities with the figures and cells that the page unfolds: each a [value, cell], in the order of quarters."""
    figures = _figures(report)
    return [
        {
            "ur": row["ur"],
            "unidad": row["unidad"],
            "no": row["no_actividad"],
            "texto": row["actividad"] or "",
            "estrategia": row["estrategia"] or "",
            "medida": row["unidad_medida"] or "",
            "lectura": row["lectura"],
            "luz": row["semaforo"],
            "cumplimiento": row["cumplimiento"],
            "programado": row["programado_a_la_fecha"],
            "realizado": row["realizado_a_la_fecha"],
            "libro": row["libro"] or "",
            "hoja": row["hoja"] or "",
            "celdas": figures.get((row["ur"], row["no_actividad"]), {}),
        }
        for row in report.activities.iter_rows(named=True)
    ]


def _figures(report: Secretariat) -> dict[tuple[str, int | None], dict[str, list[list[Any]]]]:
    quarter = report.of.quarter
    groups = {
        c.ASSIGNED_AMOUNT: "monto",
        c.ANNUAL_TARGET: "meta",
        **dict.fromkeys(c.PLANNED[:quarter], "programado"),
        **dict.fromkeys(c.ACHIEVED[:quarter], "realizado"),
    }
    told = report.cells.filter(pl.col("campo").is_in(groups.keys()))
    found: dict[tuple[str, int | None], dict[str, list[list[Any]]]] = {}
    for ur, number, field, value, cell in told.select("ur", "no_actividad", "campo", "valor", "celda").iter_rows():
        found.setdefault((ur, number), {}).setdefault(groups[field], []).append([value, cell])
    return found
