"""One published version of a quarter as the secretariat's report counts it: its units, and its totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import polars as pl

# A public view's rows of a version of the report's year: view, quarter, version.
ReadView: TypeAlias = Callable[[str, int, int], pl.DataFrame]

# Databases add in the order that they find rows: what they agree on is kept.
DECIMALS: Final = 6
RATIOS: Final = ("cumplimiento", "avance_anual")
LIGHTS: Final = ("verde", "amarillo", "rojo", "azul", "sin programar")
SPENT: Final = ("ejercido_t1", "ejercido_t2", "ejercido_t3", "ejercido_t4")
NEAR: Final = 0.005  # a ratio: half of the last digit of a whole percentage
DELIVERED: Final = ("aceptado", "observado")

Bounds: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class QuarterViews:
    """The public views of one version, ratios rounded; ``budget`` with what was exercised to date."""

    quarter: int
    version: int
    deliveries: pl.DataFrame
    activities: pl.DataFrame
    units: pl.DataFrame
    strategies: pl.DataFrame
    budget: pl.DataFrame
    observations: pl.DataFrame
    quarantined: int


def read_quarter(read: ReadView, quarter: int, version: int) -> QuarterViews:
    """The quarter's version out of the views."""

    def of(view: str) -> pl.DataFrame:
        rows = read(view, quarter, version).drop("ejercicio", "trimestre", "version", "vigente")
        # By every column: of rows alike in what views are sorted by, databases give any first.
        return rows.sort(rows.columns, nulls_last=True)

    return QuarterViews(
        quarter,
        version,
        deliveries=of("v_entregas"),
        activities=_rounded(of("v_avance_actividad")),
        units=_rounded(of("v_avance_unidad")),
        strategies=_rounded(of("v_avance_estrategia")),
        budget=exercised(of("v_presupuesto"), quarter),
        # Answers come later than the version that they are about.
        observations=of("v_observaciones").drop("respuesta"),
        quarantined=of("v_cuarentena").height,
    )


def exercised(lines: pl.DataFrame, quarter: int) -> pl.DataFrame:
    """Budget lines with ``ejercido`` (pesos) up to the quarter and ``avance_presupuestal``, its share of the assigned.

    The form asks for accumulated amounts: it is the last one, as P03 and P04 read it. Where the amounts fall from one
    quarter to the next, or only their sum gives the percentage reported, it is their sum.
    """
    past = SPENT[:quarter]
    complete = pl.all_horizontal(pl.col(name).is_not_null() for name in past)
    rising = [pl.col(after) >= pl.col(before) for before, after in pairwise(past)]
    steady = pl.all_horizontal(rising) if rising else pl.lit(value=True)
    last = pl.when(complete & steady).then(pl.col(past[-1]))
    total = pl.when(complete).then(pl.sum_horizontal(past))
    by_sum = _reported(total) & ~_reported(last)
    spent = pl.when(by_sum).then(total).otherwise(pl.coalesce(last, total)).round(2)
    return lines.with_columns(spent.alias("ejercido")).with_columns(
        _share("ejercido", "asignado").alias("avance_presupuestal")
    )


def light(ratio: str, bounds: Bounds) -> pl.Expr:
    """The traffic light of a mean, as v_avance_actividad names it; null stays null."""
    green, amber, blue = bounds
    value = pl.col(ratio)
    return (
        pl.when(value > blue)
        .then(pl.lit("azul"))
        .when(value >= green)
        .then(pl.lit("verde"))
        .when(value >= amber)
        .then(pl.lit("amarillo"))
        .when(value.is_not_null())
        .then(pl.lit("rojo"))
    )


def totals(of: QuarterViews) -> dict[str, int | float | None]:
    """Every headline figure of the quarter: counts, pesos, ratios 0-1 and the mean quality index 0-100."""
    states, lights = of.deliveries["estado"], of.activities["semaforo"]
    told = of.observations.filter(~pl.col("dispensada"))
    lines = of.budget.filter(pl.col("nivel") != "programa")
    known = lines.drop_nulls(["asignado", "ejercido"])
    assigned = float(known["asignado"].sum())
    quality = of.deliveries["calidad"].drop_nulls()
    means = of.activities.select(_mean(ratio) for ratio in RATIOS).row(0)
    return {
        "unidades": states.len(),
        "entregadas": int(states.is_in(DELIVERED).sum()),
        **{name: int((states == state).sum()) for name, state in _STATES.items()},
        "tardias": int((~of.deliveries["oportuna"].fill_null(value=True)).sum()),
        "actividades": of.activities.height,
        "en_cuarentena": of.quarantined,
        "observaciones": told.height,
        "dispensadas": of.observations.height - told.height,
        "calidad": round(sum(quality) / quality.len(), 4) if quality.len() else None,
        **dict(zip(RATIOS, means, strict=True)),
        **{name: int((lights == colour).sum()) for name, colour in zip(_LIGHTS, LIGHTS, strict=True)},
        "asignado": round(float(lines["asignado"].sum()), 2),
        "ejercido": round(float(known["ejercido"].sum()), 2) if known.height else None,
        "avance_presupuestal": round(float(known["ejercido"].sum()) / assigned, DECIMALS) if assigned > 0 else None,
    }


_STATES: Final = {
    "aceptadas": "aceptado",
    "observadas": "observado",
    "rechazadas": "rechazado",
    "faltantes": "faltante",
}
_LIGHTS: Final = ("verdes", "amarillos", "rojos", "azules", "sin_programar")


def _mean(ratio: str) -> pl.Expr:
    """The mean over all activities, as the views take a unit's: each capped at 1, weighted by assigned amount."""
    value = pl.col(ratio).clip(upper_bound=1.0)
    weight = pl.when(value.is_not_null()).then(pl.col("monto_asignado").fill_null(0.0))
    weighted = (value * weight).sum() / weight.sum()
    return pl.when(weight.sum() > 0).then(weighted).otherwise(value.mean()).round(DECIMALS).alias(ratio)


def _rounded(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col(RATIOS).round(DECIMALS))


def _reported(amount: pl.Expr) -> pl.Expr:
    """Whether the reported percentage is that of the amount; False where either is not known."""
    off = (amount / pl.col("asignado") - pl.col("avance_reportado")).abs()
    return ((pl.col("asignado") > 0) & (off <= NEAR)).fill_null(value=False)


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole)).round(DECIMALS)
