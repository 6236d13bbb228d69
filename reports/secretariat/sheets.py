"""Which columns the sheets of the secretariat's workbook show, under which heading, and what is totalled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from workbooks.export.report_sheet import Kind, Table, TableColumn


@dataclass(frozen=True)
class Shown:
    """The column ``name`` of a frame; ``width`` in characters."""

    name: str
    heading: str
    kind: Kind
    width: float
    total: Literal["sum", "mean", "count"] | None = None


UR: Final = Shown("ur", "UR", "code", 6, "count")
UNIT: Final = Shown("unidad", "Unidad", "long", 34)
ACTIVITY: Final = Shown("no_actividad", "No. act.", "code", 6)
COMPLIANCE: Final = Shown("cumplimiento", "Cumpli-miento", "ratio", 10)
LIGHT: Final = Shown("semaforo", "Semáforo", "mark", 12)
PROGRESS: Final = Shown("avance_anual", "Avance físico anual", "ratio", 11)
SPENT: Final = Shown("avance_presupuestal", "Avance presupuestal", "ratio", 12)
SHEET: Final = Shown("hoja", "Hoja", "text", 10)

UNITS: Final = (
    UR,
    UNIT,
    Shown("estado", "Estado", "mark", 11),
    COMPLIANCE,
    LIGHT,
    Shown("cambio_cumplimiento", "Cambio del cumplimiento", "ratio change", 14),
    PROGRESS,
    SPENT,
    Shown("cuadrante", "Avance y presupuesto", "long", 18),
    Shown("asignado", "Asignado", "pesos", 15, "sum"),
    Shown("ejercido", "Ejercido a la fecha", "pesos", 15, "sum"),
    Shown("actividades", "Activi-dades", "whole", 8, "sum"),
    Shown("verdes", "En verde", "whole", 8, "sum"),
    Shown("amarillos", "En amarillo", "whole", 10, "sum"),
    Shown("rojos", "En rojo", "whole", 8, "sum"),
    Shown("azules", "En azul", "whole", 8, "sum"),
    Shown("sin_programar", "Sin programar", "whole", 10, "sum"),
    Shown("en_cuarentena", "En cua-rentena", "whole", 10, "sum"),
    Shown("observaciones", "Observa-ciones", "whole", 10, "sum"),
    Shown("dispensadas", "Dispen-sadas", "whole", 9, "sum"),
    Shown("calidad", "Índice de calidad", "index", 9, "mean"),
    Shown("lugar_calidad", "Lugar por calidad", "whole", 9),
    Shown("cambio_calidad", "Cambio de la calidad", "index change", 10),
)
ACTIVITIES: Final = (
    UR,
    Shown("unidad", "Unidad", "long", 30),
    ACTIVITY,
    Shown("actividad", "Actividad", "long", 52),
    Shown("estrategia", "Estrategia", "text", 11),
    Shown("unidad_medida", "Unidad de medida", "long", 14),
    Shown("monto_asignado", "Monto asignado", "pesos", 15, "sum"),
    Shown("meta_anual", "Meta anual", "measure", 10),
    Shown("programado_a_la_fecha", "Programado a la fecha", "measure", 12),
    Shown("realizado_a_la_fecha", "Realizado a la fecha", "measure", 11),
    COMPLIANCE,
    PROGRESS,
    Shown("semaforo", "Semáforo", "mark", 14),
    Shown("lectura", "Lectura", "text", 9),
    Shown("libro", "Libro", "text", 24),
    SHEET,
    Shown("celdas_programado", "Celdas de lo programado", "text", 18),
    Shown("celdas_realizado", "Celdas de lo realizado", "text", 18),
)
SPENT_BY_QUARTER: Final = tuple(
    Shown(f"ejercido_t{quarter}", f"Ejercido T{quarter}, como se informó", "pesos", 16) for quarter in (1, 2, 3, 4)
)
BUDGET: Final = (
    UR,
    UNIT,
    Shown("nivel", "Nivel", "text", 11),
    Shown("asignado", "Asignado", "pesos", 15, "sum"),
    *SPENT_BY_QUARTER,
    Shown("ejercido", "Ejercido a la fecha", "pesos", 15, "sum"),
    SPENT,
    Shown("avance_reportado", "Avance que informó", "ratio", 11),
)
# What comes after the states of the quarters.
DELIVERY: Final = (
    Shown("recibida_en", "Recibida", "moment", 16),
    Shown("a_tiempo", "En plazo", "code", 8),
    Shown("dias_tarde", "Días tarde", "whole", 8),
    Shown("libro", "Libro", "text", 26),
    Shown("renglones", "Renglones", "whole", 10, "sum"),
    Shown("en_cuarentena", "En cua-rentena", "whole", 10, "sum"),
    Shown("observaciones", "Observa-ciones", "whole", 10, "sum"),
    Shown("calidad", "Índice de calidad", "index", 9, "mean"),
)
FINDINGS: Final = (
    UR,
    ACTIVITY,
    Shown("regla", "Regla", "code", 7),
    Shown("severidad", "Severidad", "mark", 10),
    Shown("campo", "Campo", "long", 22),
    Shown("valor", "Dice", "long", 18),
    Shown("esperado", "Se esperaba", "long", 18),
    Shown("diferencia", "Diferencia", "measure", 12),
    Shown("mensaje", "Observación", "long", 70),
    SHEET,
    Shown("celda", "Celda", "code", 8),
    Shown("dispensa", "Dispen-sada", "code", 8),
    Shown("conocida_trimestre", "Señalada desde T", "whole", 10),
)
EDITS: Final = (
    UR,
    UNIT,
    ACTIVITY,
    Shown("cambio", "Qué cambió", "long", 26),
    Shown("campo", "Campo", "long", 24),
    Shown("antes", "Antes", "long", 14),
    Shown("despues", "Ahora", "long", 14),
    Shown("mensaje", "Observación", "long", 70),
    SHEET,
    Shown("celda", "Celda", "code", 8),
    Shown("dispensa", "Dispen-sada", "code", 8),
)


def table(shown: tuple[Shown, ...], rows: pl.DataFrame, title: str = "", empty: str = "Ninguno.") -> Table:
    """The columns of ``rows`` that are shown, in their order."""
    columns = tuple(TableColumn(one.heading, one.kind, one.width, one.total) for one in shown)
    return Table(columns, rows.select(one.name for one in shown).rows(), title, empty)
