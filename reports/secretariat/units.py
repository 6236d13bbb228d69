"""The units of the secretariat's report: how each stands, and who delivered what in which quarter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from reports.secretariat.quarter import DECIMALS, Bounds, QuarterViews, light

# By share of the budget exercised and annual progress, each held against the ``reference``.
BOTH, AHEAD, SPENDING, NEITHER = QUADRANTS = (
    "Avanza y ejerce",
    "Avanza más de lo que ejerce",
    "Ejerce más de lo que avanza",
    "Rezago en ambos",
)
LATE: Final = "T05"
_DAY: Final = "%d/%m/%Y"


def unit_rows(now: QuarterViews, before: QuarterViews | None, bounds: Bounds) -> pl.DataFrame:
    """``Secretariat.units``."""
    spent = now.budget.filter(pl.col("nivel") != "programa").select("ur", "asignado", "ejercido", "avance_presupuestal")
    rows = (
        now.deliveries.drop("estado_version")
        .join(now.units.drop("unidad"), on="ur", how="left", maintain_order="left")
        .join(spent.unique("ur", keep="first", maintain_order=True), on="ur", how="left", maintain_order="left")
        .join(_earlier(before), on="ur", how="left", maintain_order="left")
    )
    changes = (
        (pl.col(name) - pl.col(f"{name}_anterior")).round(6).alias(f"cambio_{name}")
        for name in ("cumplimiento", "calidad")
    )
    place = pl.col("calidad").rank("min", descending=True).cast(pl.Int64).alias("lugar_calidad")
    quadrant = _quadrant(reference(now.quarter, bounds)).alias("cuadrante")
    return rows.with_columns(light("cumplimiento", bounds).alias("semaforo"), quadrant, *changes, place).sort("ur")


def reference(quarter: int, bounds: Bounds) -> float:
    """What is green (ratio) if the year passes evenly: the bound of green of the share of the year that has passed."""
    return round(bounds[0] * quarter / 4, DECIMALS)


def matrix(quarters: Sequence[QuarterViews]) -> pl.DataFrame:
    """``Secretariat.matrix``; ``dias_tarde`` as T05 told it, null where it did not."""
    return pl.concat([_deliveries(of) for of in quarters]).sort("ur", "trimestre")


def _earlier(before: QuarterViews | None) -> pl.DataFrame:
    if before is None:
        schema = {"ur": pl.String, "calidad_anterior": pl.Float64, "cumplimiento_anterior": pl.Float64}
        return pl.DataFrame(schema=schema)
    quality = before.deliveries.select("ur", pl.col("calidad").alias("calidad_anterior"))
    compliance = before.units.select("ur", pl.col("cumplimiento").alias("cumplimiento_anterior"))
    return quality.join(compliance, on="ur", how="left")


def _quadrant(bound: float) -> pl.Expr:
    ahead, spent = pl.col("avance_anual") >= bound, pl.col("avance_presupuestal") >= bound
    return (
        pl.when(ahead & spent)
        .then(pl.lit(BOTH))
        .when(ahead & ~spent)
        .then(pl.lit(AHEAD))
        .when(~ahead & spent)
        .then(pl.lit(SPENDING))
        .when(~ahead & ~spent)
        .then(pl.lit(NEITHER))
    )


def _deliveries(of: QuarterViews) -> pl.DataFrame:
    days = [pl.col(name).str.to_date(_DAY, strict=False) for name in ("valor", "esperado")]
    late = (
        of.observations.filter(pl.col("regla") == LATE)
        .group_by("ur")
        .agg((days[0] - days[1]).dt.total_days().max().alias("dias_tarde"))
    )
    return of.deliveries.join(late, on="ur", how="left").select(
        *("ur", "unidad"),
        pl.lit(of.quarter, pl.Int64).alias("trimestre"),
        pl.lit(of.version, pl.Int64).alias("version"),
        *("estado", "oportuna", "recibida_en", "dias_tarde"),
    )
