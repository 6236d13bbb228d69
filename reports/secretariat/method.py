"""The headline figures and the notes on method of the secretariat's report, in its reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from reports import wording
from warehouse.queries.as_of import PublishedVersion

DEFAULT: Final = "valor de referencia, no es norma"

# clave: what it is called, its unit and what it means, in the order of the report.
CONCEPTS: Final = {
    "unidades": ("Unidades que deben entregar", "UR", "UR del catálogo a la fecha del corte."),
    "entregadas": ("Unidades que entregaron", "UR", "Con un libro aceptado u observado que cuenta."),
    "aceptadas": ("Entregas aceptadas", "UR", "Sin avisos ni renglones en cuarentena."),
    "observadas": ("Entregas observadas", "UR", "Se cargaron y tienen avisos o renglones en cuarentena."),
    "rechazadas": ("Entregas rechazadas", "UR", "Ningún dato de su libro entró al consolidado."),
    "faltantes": ("Unidades faltantes", "UR", "No entregaron nada que cuente."),
    "tardias": ("Entregas fuera de plazo", "UR", "El libro que cuenta llegó después del cierre de la recepción."),
    "actividades": ("Actividades consolidadas", "actividades", "Renglones aceptados de los libros que cuentan."),
    "en_cuarentena": ("Renglones en cuarentena", "renglones", "Guardados completos, sin contar hasta que se corrijan."),
    "observaciones": ("Observaciones por atender", "observaciones", "Sin las dispensadas."),
    "dispensadas": ("Observaciones dispensadas", "observaciones", "Se listan y se cuentan aparte."),
    "calidad": ("Índice de calidad promedio", "índice", "Promedio simple del índice de las UR que lo tienen."),
    "cumplimiento": ("Cumplimiento", "razón", "Realizado entre programado a la fecha, ponderado por monto."),
    "avance_anual": ("Avance físico anual", "razón", "Realizado a la fecha entre la meta anual, ponderado por monto."),
    "verdes": ("Actividades en verde", "actividades", "Cumplen lo programado a la fecha."),
    "amarillos": ("Actividades en amarillo", "actividades", "Cumplen parte de lo programado a la fecha."),
    "rojos": ("Actividades en rojo", "actividades", "Están lejos de lo programado a la fecha."),
    "azules": ("Actividades en azul", "actividades", "Rebasan por mucho lo programado: conviene revisar la meta."),
    "sin_programar": ("Actividades sin programar", "actividades", "No tienen nada programado a la fecha."),
    "asignado": ("Presupuesto asignado", "pesos", "Suma de lo asignado a las UR que entregaron."),
    "ejercido": ("Presupuesto ejercido", "pesos", "Suma de lo ejercido a la fecha, como lo informaron las UR."),
    "avance_presupuestal": ("Avance presupuestal", "razón", "Ejercido entre asignado, de las UR que informan ambos."),
}


@dataclass(frozen=True)
class Note:
    """A note on method: ``title`` and ``text`` in Spanish."""

    title: str
    text: str


def headline(trend: pl.DataFrame) -> pl.DataFrame:
    """``Secretariat.headline`` out of the trend's last two quarters."""
    now = trend.row(-1, named=True)
    before = trend.row(-2, named=True) if trend.height > 1 else {}
    rows = [
        (key, concept, now[key], unit, before.get(key), meaning) for key, (concept, unit, meaning) in CONCEPTS.items()
    ]
    schema = {
        **dict.fromkeys(("clave", "concepto"), pl.String),
        "valor": pl.Float64,
        "unidad": pl.String,
        "anterior": pl.Float64,
        "significado": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def method(of: PublishedVersion, units: pl.DataFrame) -> tuple[Note, ...]:
    """How the figures are worked out, what they leave out, and which version they are of."""
    return (
        Note("Corte", _snapshot(of)),
        Note("Quién falta", _missing(units)),
        Note(
            "Cumplimiento",
            "Realizado a la fecha entre programado a la fecha. El de una UR, una estrategia o el total es el promedio "
            "de sus actividades ponderado por monto asignado, cada una hasta 100 %; simple donde no hay montos. Una "
            "actividad sin nada programado a la fecha no entra en el promedio.",
        ),
        Note(
            "Avance físico anual",
            "Realizado a la fecha entre la meta anual, promediado como el cumplimiento.",
        ),
        Note("Semáforo", _lights(of)),
        Note(
            "Presupuesto ejercido",
            "Como lo informaron las unidades: la última cifra acumulada, o la suma de los trimestres donde las cifras "
            "bajan de uno a otro o donde solo la suma corresponde al % de avance informado. Una UR que no informa "
            "todos los trimestres vencidos no entra en el avance presupuestal.",
        ),
        Note(
            "Cuadrantes",
            "El avance físico anual y el avance presupuestal se comparan con el límite del verde de la parte "
            f"transcurrida del año: {wording.percent(of.bounds[0])} de {wording.percent(of.quarter / 4)} ({DEFAULT}).",
        ),
        Note(
            "Índice de calidad",
            "De 0 a 100: la parte de las celdas que pide el formato que no tiene observaciones, según su gravedad. "
            "Califica el llenado del libro, no el desempeño de la unidad.",
        ),
        Note(
            "Trimestres anteriores",
            f"Se comparan con la versión que era la vigente al publicarse este corte: {_versions(of)}.",
        ),
    )


def _snapshot(of: PublishedVersion) -> str:
    day = wording.day_phrase(of.published_at.date().isoformat())
    return (
        f"Versión {of.version} ({of.state}) del {wording.quarter_phrase(of.year, of.quarter)}, publicada el {day} "
        f"a las {of.published_at:%H:%M} (UTC). Huella del corte (SHA-256): {of.digest}."
    )


def _missing(units: pl.DataFrame) -> str:
    states = (("faltante", "No entregaron"), ("rechazado", "Entrega rechazada"))
    parts = []
    for state, words in states:
        codes = units.filter(pl.col("estado") == state)["ur"].to_list()
        if codes:
            parts.append(f"{words}: UR {wording.listing(codes)}.")
    return " ".join(parts) or "Ninguna: todas las UR del catálogo entregaron un libro que cuenta."


def _lights(of: PublishedVersion) -> str:
    green, amber, blue = (wording.percent(bound) for bound in of.bounds)
    return (
        f"Verde desde {green}; amarillo desde {amber}; rojo por debajo; azul por encima de {blue} (la meta quedó "
        f"corta); sin programar donde a la fecha no se programó nada. Los límites son los de la política del "
        f"corte: {DEFAULT}."
    )


def _versions(of: PublishedVersion) -> str:
    earlier = [f"T{quarter} versión {version}" for quarter, version in of.versions[:-1]]
    return wording.listing(earlier) if earlier else "no hay ninguno"
