"""The last sheet of the secretariat's workbook: what every figure and every column means."""

from __future__ import annotations

from typing import Final

from config.form import Form
from reports.secretariat.method import CONCEPTS
from reports.secretariat.sheets import ACTIVITIES, BUDGET, DELIVERY, EDITS, FINDINGS, UNIT, UNITS, UR, Shown
from warehouse.schema.dictionary import ViewColumn, view_columns
from warehouse.schema.views import PUBLIC
from workbooks.export.report_sheet import ReportSheet, Table, TableColumn

# Meaning and unit of what the report works out of the views.
OWN: Final[dict[str, tuple[str, str | None]]] = {
    "cambio_cumplimiento": ("Cumplimiento menos el del trimestre anterior, en puntos porcentuales.", "razón"),
    "avance_presupuestal": ("Ejercido a la fecha entre asignado.", "razón"),
    "cuadrante": ("Avance físico anual y avance presupuestal contra el límite de los cuadrantes.", None),
    "ejercido": ("Lo ejercido del primer trimestre al que se informa; cómo se lee: notas de la hoja Resumen.", "pesos"),
    "lugar_calidad": ("Lugar por índice de calidad; 1 es el mejor, y las iguales lo comparten.", None),
    "cambio_calidad": ("Índice de calidad menos el del trimestre anterior.", "índice 0 a 100"),
    "celdas_programado": ("Celdas de las que sale lo programado a la fecha.", None),
    "celdas_realizado": ("Celdas de las que sale lo realizado a la fecha.", None),
    "a_tiempo": ("Si llegó dentro del plazo; se fija al recibirlo y no se recalcula.", None),
    "dias_tarde": ("Días naturales entre el cierre de la recepción y la entrega.", "días"),
    "dispensa": ("sí, donde una dispensa la silencia; se cuenta aparte.", None),
    "cambio": ("Qué cambió de lo informado antes: resultado, meta o calendario, actividad o monto.", None),
    "estados": ("Estado de la entrega en cada trimestre, en la versión vigente al publicarse este corte.", None),
}
STATES: Final = Shown("estados", "Estado T1, T2…", "mark", 24)
SHEETS: Final[dict[str, tuple[Shown, ...]]] = {
    "Unidades": UNITS,
    "Actividades": ACTIVITIES,
    "Presupuesto": BUDGET,
    "Entregas": (UR, UNIT, STATES, *DELIVERY),
    "Observaciones": FINDINGS,
    "Cambios": EDITS,
}
COLUMNS: Final = (
    TableColumn("Hoja", "text", 15),
    TableColumn("Columna", "long", 30),
    TableColumn("Qué dice", "long", 80),
    TableColumn("Unidad", "text", 17),
    TableColumn("Campo del formato", "long", 34),
)


def glossary(form: Form, quarter: int) -> ReportSheet:
    """The sheet ``Diccionario``: figures of the summary, then the columns of each sheet."""
    told = {column.name: column for view in PUBLIC for column in view_columns(view, form)}
    later = {f"ejercido_t{after}" for after in range(quarter + 1, 5)}
    figures = [("Resumen", concept, meaning, unit, None) for concept, unit, meaning in CONCEPTS.values()]
    columns = [
        (sheet, shown.heading.replace("-", ""), *_meaning(shown.name, told))
        for sheet, all_shown in SHEETS.items()
        for shown in all_shown
        if shown.name not in later
    ]
    return ReportSheet(
        "Diccionario", "Diccionario: qué dice cada cifra y cada columna", (Table(COLUMNS, [*figures, *columns]),), 2
    )


def _meaning(name: str, told: dict[str, ViewColumn]) -> tuple[str, str | None, str | None]:
    """Meaning, unit and printed field of the column."""
    if name in OWN:
        return (*OWN[name], None)
    column = told[name]
    field = column.field
    printed = f"({field.number}) {field.label}" if field and field.number else None
    return column.meaning, column.unit, printed
