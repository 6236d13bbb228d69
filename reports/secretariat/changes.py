"""What changed since the last quarter: how far units moved, and what they changed of what was told before."""

from __future__ import annotations

from typing import Final

import polars as pl

GONE: Final = "Actividad retirada"
# What is changed, by the rule that tells it; of T03, an activity that is gone has no cell.
KINDS: Final = {
    "T01": "Resultado de un trimestre anterior",
    "T02": "Meta o calendario",
    "T03": "Actividad agregada",
    "T04": "Monto asignado",
}


def movements(units: pl.DataFrame) -> pl.DataFrame:
    """``Secretariat.movements``: ur, unidad, antes, despues, cambio (ratios)."""
    moved = units.select(
        "ur",
        "unidad",
        pl.col("cumplimiento_anterior").alias("antes"),
        pl.col("cumplimiento").alias("despues"),
        pl.col("cambio_cumplimiento").alias("cambio"),
    ).filter(pl.col("cambio") != 0)
    return moved.sort(pl.col("cambio").abs(), "ur", descending=[True, False])


def edits(observations: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """``Secretariat.edits``: ur, unidad, no_actividad, cambio, regla, severidad, campo, antes, despues, hoja, celda,
    mensaje, dispensada, conocida_trimestre.
    """
    told = observations.filter(pl.col("regla").is_in(KINDS.keys()))
    named = told.join(units.select("ur", "unidad"), on="ur", how="left")
    gone = (pl.col("regla") == "T03") & pl.col("celda").is_null()
    kind = pl.when(gone).then(pl.lit(GONE)).otherwise(pl.col("regla").replace_strict(KINDS, return_dtype=pl.String))
    before = pl.when(gone).then("valor").otherwise("esperado").alias("antes")
    after = pl.when(~gone).then("valor").alias("despues")
    return named.select(
        *("ur", "unidad", "no_actividad", kind.alias("cambio"), "regla", "severidad", "campo"),
        *(before, after),
        *("hoja", "celda", "mensaje", "dispensada", "conocida_trimestre"),
    ).sort("ur", "no_actividad", "regla", "hoja", "celda", "mensaje", nulls_last=True)
