"""The activities of the secretariat's report, each with the cells that its figures came from."""

from __future__ import annotations

from typing import Final

import polars as pl

from reports.secretariat.quarter import QuarterViews
from schemas.contracts import columns as c

KEY: Final = ("ur", "no_actividad")


def placed_activities(of: QuarterViews, cells: pl.DataFrame) -> pl.DataFrame:
    """``Secretariat.activities``: the view's columns, libro, hoja, celda_monto, celda_meta, celdas_programado and
    celdas_realizado (the quarters to date, such as "J27, K27, L27").
    """
    groups = {
        "celda_monto": (c.ASSIGNED_AMOUNT,),
        "celda_meta": (c.ANNUAL_TARGET,),
        "celdas_programado": c.PLANNED[: of.quarter],
        "celdas_realizado": c.ACHIEVED[: of.quarter],
    }
    places = cells.group_by(KEY, maintain_order=True).agg(
        pl.col("hoja").first(), *(_listed(fields).alias(name) for name, fields in groups.items())
    )
    files = of.deliveries.select("ur", "libro")
    return (
        of.activities.join(files, on="ur", how="left", maintain_order="left")
        .join(places, on=KEY, how="left", maintain_order="left", nulls_equal=True)
        .sort("ur", "no_actividad", "actividad", nulls_last=True)
    )


def _listed(fields: tuple[str, ...]) -> pl.Expr:
    found = pl.col("celda").filter(pl.col("campo").is_in(fields)).drop_nulls().str.join(", ")
    return pl.when(found != "").then(found)
