"""A workbook that is no POA: the list of posts that a unit sent by mistake."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import xlsxwriter

HEADS = ("No.", "Puesto", "Nivel", "Adscripción", "Turno")
POSTS = (
    ("Jefatura de departamento", 12, "Matutino"),
    ("Analista administrativo", 7, "Matutino"),
    ("Auxiliar contable", 6, "Vespertino"),
    ("Capturista", 4, "Matutino"),
    ("Chofer", 3, "Mixto"),
    ("Intendencia", 2, "Vespertino"),
)


def write_staff_list(path: Path, unit_name: str, *, created: datetime) -> None:
    """Write the list of posts of a unit to ``path``: the same input gives the same bytes."""
    with path.open("wb") as stream, xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": created})
        sheet = book.add_worksheet("PLANTILLA")
        sheet.set_column(1, 3, 38)
        sheet.write_string(0, 0, "PLANTILLA DE PERSONAL")
        sheet.write_row(2, 0, HEADS, book.add_format({"bold": True, "border": 1}))
        for number, (post, level, shift) in enumerate(POSTS, start=1):
            sheet.write_row(2 + number, 0, (number, post, level, unit_name, shift))
