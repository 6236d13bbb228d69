"""A made office as its public views would tell it: so many URs with so many activities, three quarters."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import polars as pl

from reports.secretariat.report import Secretariat, secretariat
from schemas.contracts import columns as c
from warehouse.queries.as_of import PublishedVersion
from warehouse.queries.figure_cells import CELLS, FIGURES
from warehouse.schema.views import PUBLIC

YEAR, QUARTER = 2024, 3
BOUNDS = (0.9, 0.7, 1.3)
HOSTILE = '</script><script>alert("1")</script><img src=x onerror=alert(2)>'
Row = dict[str, Any]


@cache
def office(units: int = 4, activities: int = 3, name: str = "UNIDAD", text: str = "Informe") -> Secretariat:
    """The third quarter's report: the last UR is missing, the one before late; ``name``, ``text`` begin theirs."""
    of = PublishedVersion(
        year=YEAR,
        quarter=QUARTER,
        version=2,
        state="preliminar",
        published_at=datetime(2024, 10, 16, 18, 30, tzinfo=UTC),
        digest="0123456789abcdef" * 4,
        bounds=BOUNDS,
        versions=((1, 1), (2, 3), (QUARTER, 2)),
        institution=f"{name} DE LA SECRETARÍA",
    )

    def read(view: str, quarter: int, version: int) -> pl.DataFrame:
        made = _VIEWS[view](units, activities, quarter, name, text) if view in _VIEWS else []
        stamped = {"ejercicio": YEAR, "trimestre": quarter, "version": version, "vigente": True}
        return pl.DataFrame([stamped | row for row in made], schema=PUBLIC[view])

    return secretariat(read, of, _cells(units, activities))


def light(ratio: float | None) -> str:
    green, amber, blue = BOUNDS
    if ratio is None:
        return "sin programar"
    return "azul" if ratio > blue else "verde" if ratio >= green else "amarillo" if ratio >= amber else "rojo"


def achieved(unit: int, number: int, quarter: int) -> float:
    """Of three planned each quarter; the first UR falls back in the third."""
    return 0.0 if unit == 1 and quarter == QUARTER else float((unit * 7 + number * 3) % 5)


def code(unit: int) -> str:
    return f"{unit:02}"


def _deliveries(units: int, activities: int, quarter: int, name: str, _: str) -> list[Row]:
    return [
        {
            "ur": code(unit),
            "unidad": f"{name} {unit}",
            "estado": "faltante" if unit == units else "observado" if unit == units - 1 else "aceptado",
            "recibida_en": None if unit == units else datetime(2024, 3 * quarter + 1, 5, 9, 30),
            "oportuna": None if unit == units else unit != units - 1,
            "libro": None if unit == units else f"{code(unit)}.xlsx",
            "renglones": None if unit == units else activities,
            "en_cuarentena": None if unit == units else 0,
            "observaciones": None if unit == units else unit % 3,
            "calidad": None if unit == units else 100.0 - (unit * 3 + quarter) % 40,
            "dispensadas": None if unit == units else 0,
            "estado_version": "preliminar",
        }
        for unit in range(1, units + 1)
    ]


def _activities(units: int, activities: int, quarter: int, name: str, text: str) -> list[Row]:
    def row(unit: int, number: int) -> Row:
        planned = 0.0 if number == 1 and unit == 2 else 3.0 * quarter
        done = sum(achieved(unit, number, each) for each in range(1, quarter + 1))
        compliance = done / planned if planned else None
        return {
            "ur": code(unit),
            "unidad": f"{name} {unit}",
            "no_actividad": number,
            "actividad": f"{text} de acción {number} de la unidad {unit}",
            "estrategia": None if number == 2 else f"ER1-2.1.{number % 4}",
            "unidad_medida": "Informe",
            "monto_asignado": 1000.0 * number,
            "meta_anual": 12.0,
            "programado_a_la_fecha": planned,
            "realizado_a_la_fecha": done,
            "cumplimiento": compliance,
            "avance_anual": done / 12,
            "semaforo": light(compliance),
            "unidad_canonica": "Informe",
            "lectura": "suma",
        }

    return [row(unit, number) for unit in range(1, units) for number in range(1, activities + 1)]


def _means(units: int, activities: int, quarter: int, name: str, text: str, by: tuple[str, ...]) -> list[Row]:
    rows = pl.DataFrame(_activities(units, activities, quarter, name, text), schema=PUBLIC["v_avance_actividad"])
    amount, lights = pl.col("monto_asignado"), pl.col("semaforo")

    def mean(ratio: str) -> pl.Expr:
        value = pl.col(ratio).clip(upper_bound=1.0)
        return ((value * amount).sum() / amount.filter(value.is_not_null()).sum()).alias(ratio)

    counts = {
        "verdes": "verde",
        "amarillos": "amarillo",
        "rojos": "rojo",
        "azules": "azul",
        "sin_programar": "sin programar",
    }
    found = rows.group_by(by, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("actividades"),
        amount.sum(),
        mean("cumplimiento"),
        mean("avance_anual"),
        *((lights == colour).sum().cast(pl.Int64).alias(label) for label, colour in counts.items()),
    )
    return (found if "ur" in by else found.drop(counts)).to_dicts()


def _budget(units: int, activities: int, quarter: int, name: str, _: str) -> list[Row]:
    return [
        {
            "nivel": "principal",
            "ur": code(unit),
            "unidad": f"{name} {unit}",
            "asignado": 10_000.0,
            **{f"ejercido_t{each}": 500.0 * each * (1 + unit % 6) for each in range(1, quarter + 1)},
            "avance_reportado": 0.05 * quarter * (1 + unit % 6),
        }
        for unit in range(1, units)
    ]


def _observations(units: int, activities: int, quarter: int, name: str, text: str) -> list[Row]:
    said = {"severidad": "aviso", "mensaje": "Corrija la celda", "dispensada": False, "conocida_trimestre": quarter}
    cell = {"hoja": "POA 1", "celda": "N21", "campo": "REALIZADO 1er. TRIM (21)", "valor": text, "esperado": "2"}
    late = {"valor": "20/10/2024", "esperado": "15/10/2024"}
    return [
        {"ur": code(1), "no_actividad": 1, "regla": "T01", **said, **cell},
        {"ur": code(units - 1), "regla": "T05", **said, **late},
    ]


def _cells(units: int, activities: int) -> pl.DataFrame:
    def value(unit: int, number: int, field: str) -> float | None:
        if field in c.ACHIEVED:
            quarter = c.ACHIEVED.index(field) + 1
            return achieved(unit, number, quarter) if quarter <= QUARTER else None
        return {c.ASSIGNED_AMOUNT: 1000.0 * number, c.ANNUAL_TARGET: 12.0}.get(field, 3.0)

    rows = [
        (code(unit), number, field, value(unit, number, field), "POA 1", f"{'FHIJKLMNOP'[place]}{20 + number}")
        for unit in range(1, units)
        for number in range(1, activities + 1)
        for place, field in enumerate(FIGURES)
    ]
    return pl.DataFrame(rows, schema=CELLS, orient="row")


_VIEWS = {
    "v_entregas": _deliveries,
    "v_avance_actividad": _activities,
    "v_avance_unidad": lambda *made: _means(*made, by=("ur", "unidad")),
    "v_avance_estrategia": lambda *made: _means(*made, by=("estrategia",)),
    "v_presupuesto": _budget,
    "v_observaciones": _observations,
}
