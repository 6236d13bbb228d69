"""Sheets that units keep beside the form: instructions, catalogues, hidden lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from schemas.contracts import columns as c
from workbooks.form.content import CellValue
from workbooks.form.job import Job
from workbooks.form.table_rows import unit_of

WIDTH = 48


def instructions(book: Any, job: Job) -> None:
    """A sheet that names and explains every field of the form."""
    form = job.form
    told = [(field.printed, field.description) for field in form.field]
    hints = [
        ("Antes de empezar", f"Llene una hoja por cada página del {form.form.title}."),
        ("Las metas", "La suma del CALENDARIO (20) debe ser igual a la META ANUAL (19)."),
        ("El avance", "El REALIZADO de cada trimestre se anota al cierre del mismo; no llene los siguientes."),
    ]
    _sheet(
        book, "Instructivo", [(f"{form.form.title}: instructivo de llenado",), ("Campo", "Qué se anota"), *told, *hints]
    )


def catalogue(book: Any, job: Job) -> None:
    """A sheet with the units of the workbook, or with their activities and measures."""
    if job.layout.catalogue == "units":
        units = [(line.unit_code, line.name) for line in job.content.budget if line.unit_code]
        _sheet(book, "Catálogo UR", [("UR", "UNIDAD RESPONSABLE"), *units])
        return
    rows = [(unit_of(row), row.get(c.DESCRIPTION), row.get(c.MEASURE_UNIT)) for row in job.content.activities]
    _sheet(book, "Catálogo", [("UR", "ACTIVIDAD", "UNIDAD DE MEDIDA"), *rows])


def hidden_lists(book: Any, job: Job) -> None:
    """A hidden sheet of lists for drop-downs."""
    measures = sorted({str(row.get(c.MEASURE_UNIT)) for row in job.content.activities})
    rows = [("TRIMESTRE", "UNIDAD DE MEDIDA"), *zip(job.form.form.quarters, measures, strict=False)]
    _sheet(book, "Listas", rows).hide()


def _sheet(book: Any, name: str, rows: Iterable[Sequence[CellValue]]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 2, WIDTH)
    for row, values in enumerate(rows):
        for col, value in enumerate(values):
            sheet.write(row, col, value)
    return sheet
