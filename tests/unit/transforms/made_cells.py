"""Sheets written as text tables, as the cells that a reader would give of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.evidence import Evidence
from transforms.evidence import typed_evidence
from transforms.locate.blocks import Blocks, blocks
from transforms.repair.layout_choice import choose_layout
from transforms.rows.text_rows import text_rows
from transforms.typed.values import clean_texts
from workbooks.reading.cells import CELLS, MERGES, SHEETS, TEXTS

TITLE = "PROGRAMA OPERATIVO ANUAL (POA) 2024"
HEADER = """
INSTITUCIÓN (1): | SECRETARIA DE SEGURIDAD
EJE GENERAL (9): | ER1-2.1 Fortalecimiento
Finalidad | 1 | GOBIERNO
"""
BUDGET = """
 | | Monto asignado (4) | Monto ejercido acumulado (5) | | | | | Comentarios
 | | | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM | % de Avance
Programa Presupuestal (2): | PROGRAMA DE SEGURIDAD | #1000 | #250 | #500 | #750 | | 75%
UR PRINCIPAL (3): | 06 UNIDAD DE ANALISIS | #1000 | #250 | #500 | #750 | | 75%
"""
TABLE = """
UR (específica) (13) | No. ACT (14) | ACTIVIDAD (DESCRIPCIÓN) (15) | METAS | | | | | | SEGUIMIENTO DE AVANCES (21)
 | | | UNIDAD DE MEDIDA (19) | META ANUAL (19) | CALENDARIO | | | | REALIZADO | | | | TOTAL ACUMULADO | % DE AVANCE
 | | | | | 1er. TRIM (20) | 2o. TRIM (20) | 3o. TRIM (20) | 4o. TRIM (20) | 1er. TRIM | 2o. TRIM | 3o. TRIM | 4o. TRIM
"""
ROW = "06 | #{no} | {text} | Informes | #12 | #3 | #3 | #3 | #3 | #3 | #3 | #3 | | #9 | 75%\n"
FIELDS = (
    *(c.UNIT_CODE, c.ACTIVITY_NO, c.DESCRIPTION, c.MEASURE_UNIT, c.ANNUAL_TARGET),
    *(*c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS),
)


def rows(*numbers: int, text: str = "Informe de novedades") -> str:
    """Sound activity rows with these numbers."""
    return "".join(ROW.format(no=number, text=text) for number in numbers)


def page(*numbers: int, title: str = TITLE) -> str:
    """A whole page of the form: title, header, budget lines and a table with these activities."""
    return "\n".join([title, *(part.strip("\n") for part in (HEADER, BUDGET, TABLE)), rows(*numbers)])


@dataclass(frozen=True)
class Sheet:
    """A sheet as text: a line a row, ``|`` between cells, ``#`` before a number, ``@`` before a date; an empty cell is
    empty. ``merged`` are areas such as (1, 1, 2, 3): from row 1, column 1 to row 2, column 3.
    """

    text: str
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: bool = False

    def cells(self) -> list[tuple[int, int, str]]:
        lines = self.text.split("\n")
        return [
            (row, col, cell.strip().replace("\\n", "\n"))
            for row, line in enumerate(lines, 1)
            for col, cell in enumerate(line.split("|"), 1)
            if cell.strip()
        ]


@dataclass
class Batch:
    """Workbooks of named sheets as frames, and the steps of the data path over them."""

    form: Form
    workbooks: Sequence[Mapping[str, Sheet | str]]
    texts_by_id: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells, sheets, merges = [], [], []
        for file_id, workbook in enumerate(self.workbooks):
            for sheet_no, (name, given) in enumerate(workbook.items()):
                sheet = Sheet(given) if isinstance(given, str) else given
                sheets.append((file_id, sheet_no, name, not sheet.hidden))
                merges += [(file_id, sheet_no, *area) for area in sheet.merged]
                cells += [(file_id, sheet_no, *self._cell(*cell)) for cell in sheet.cells()]
        self.cells = pl.DataFrame(cells, schema=CELLS, orient="row")
        self.sheets = pl.DataFrame(sheets, schema=SHEETS, orient="row")
        self.merges = pl.DataFrame(merges, schema=MERGES, orient="row")
        ids = self.texts_by_id
        self.texts = pl.DataFrame({c.TEXT_ID: list(ids.values()), c.TEXT: list(ids)}, schema=TEXTS)

    def _cell(self, row: int, col: int, text: str) -> tuple[object, ...]:
        if text.startswith("#"):
            return (row, col, None, float(text[1:]), None)
        if text.startswith("@"):
            return (row, col, None, None, date.fromisoformat(text[1:]))
        return (row, col, self.texts_by_id.setdefault(text, len(self.texts_by_id)), None, None)

    def blocks(self) -> Blocks:
        return blocks(self.cells, self.texts, self.merges, self.sheets, self.form)

    def evidence(self, *, apply_proposals: bool = False) -> Evidence:
        texts, count = clean_texts(self.texts), len(self.workbooks)
        layout = choose_layout(self.cells, texts, self.blocks(), self.form)
        found = text_rows(self.cells, layout.blocks, self.form)
        return typed_evidence(
            count, self.cells, texts, self.sheets, layout, found, self.form, apply_proposals=apply_proposals
        )


def workbook(form: Form, *sheets: Sheet | str) -> Batch:
    """One workbook with these sheets."""
    return Batch(form, [{f"Hoja{number}": sheet for number, sheet in enumerate(sheets, 1)}])
