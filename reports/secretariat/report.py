"""What the secretariat's report says of one published version: frames and figures, for the page and the workbook."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from reports.secretariat.activities import placed_activities
from reports.secretariat.changes import edits, movements
from reports.secretariat.method import Note, headline, method
from reports.secretariat.quarter import QuarterViews, ReadView, light, read_quarter, totals
from reports.secretariat.units import matrix, reference, unit_rows
from warehouse.queries.as_of import PublishedVersion


@dataclass(frozen=True)
class Secretariat:
    """The whole report of the version ``of``; columns that the public views have mean what they mean there.

    Ratios are 0-1 and rounded to six decimals, amounts are pesos, ``calidad`` is 0-100, a change is after less before.

    - ``headline``: one row a figure: clave, concepto, valor, unidad (UR, actividades, pesos, razón…), anterior (of the
      last quarter, null without one), significado.
    - ``units``: one row a UR expected, by code: v_entregas beside v_avance_unidad; semaforo of its mean (null: nothing
      delivered or planned); asignado, ejercido, avance_presupuestal, cuadrante; cumplimiento_anterior,
      cambio_cumplimiento, calidad_anterior, cambio_calidad, lugar_calidad (1 is the best; equals share a place).
    - ``strategies``: v_avance_estrategia with semaforo, the lowest compliance first.
    - ``matrix``: UR × quarter, long: ur, unidad, trimestre, version, estado, oportuna, recibida_en, dias_tarde.
    - ``trend``: one row a quarter up to this one: trimestre, version and every figure of ``headline`` by its clave.
    - ``movements``: URs whose compliance moved since the last quarter, the furthest first: antes, despues, cambio.
    - ``edits``: changed results of earlier quarters, targets, activities and amounts (T01-T04), with their cells.
    - ``activities``: v_avance_actividad, with libro, hoja, and the cells of its figures.
    - ``cells``: `warehouse.queries.figure_cells.CELLS`, one row a figure of an activity.
    - ``budget``: v_presupuesto with ejercido and avance_presupuestal to date.
    - ``observations``: v_observaciones without answers.
    """

    of: PublishedVersion
    headline: pl.DataFrame
    units: pl.DataFrame
    strategies: pl.DataFrame
    matrix: pl.DataFrame
    trend: pl.DataFrame
    movements: pl.DataFrame
    edits: pl.DataFrame
    activities: pl.DataFrame
    cells: pl.DataFrame
    budget: pl.DataFrame
    observations: pl.DataFrame
    notes: tuple[Note, ...]

    @property
    def missing(self) -> pl.DataFrame:
        """The URs that delivered nothing that counts: ur, unidad, estado (rechazado or faltante)."""
        return self.units.filter(pl.col("estado").is_in(["rechazado", "faltante"])).select("ur", "unidad", "estado")

    @property
    def reference(self) -> float:
        """Where the quadrants part (ratio)."""
        return reference(self.of.quarter, self.of.bounds)


def secretariat(read: ReadView, of: PublishedVersion, cells: pl.DataFrame) -> Secretariat:
    """The report of the version ``of`` out of its public views and its figures' ``cells``."""
    quarters = [read_quarter(read, quarter, version) for quarter, version in of.versions]
    now, before = quarters[-1], quarters[-2] if len(quarters) > 1 else None
    trend = pl.DataFrame([_trend_row(quarter) for quarter in quarters], infer_schema_length=None)
    units = unit_rows(now, before, of.bounds)
    semaforo = light("cumplimiento", of.bounds).alias("semaforo")
    return Secretariat(
        of=of,
        headline=headline(trend),
        units=units,
        strategies=now.strategies.with_columns(semaforo).sort("cumplimiento", "estrategia", nulls_last=True),
        matrix=matrix(quarters),
        trend=trend,
        movements=movements(units),
        edits=edits(now.observations, units),
        activities=placed_activities(now, cells),
        cells=cells,
        budget=now.budget,
        observations=now.observations,
        notes=method(of, units),
    )


def _trend_row(of: QuarterViews) -> dict[str, int | float | None]:
    return {"trimestre": of.quarter, "version": of.version, **totals(of)}
