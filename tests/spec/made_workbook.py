"""A workbook made for a spec: sound but for what the spec says, typed by the product's own steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.findings.engine import findings
from schemas.language.measures import measured
from transforms.odd_texts import odd_texts
from transforms.repair.displaced import DISPLACED
from transforms.rows.text_rows import TextRows
from transforms.signatures import SIGNATURES
from transforms.typed.header import header_pages, header_values
from transforms.typed.rows import activity_rows, budget_lines, typed_cells, wide_rows
from transforms.typed.values import clean_texts
from transforms.unknown_columns import UNKNOWN, UNKNOWN_CELLS

FIRST_ROW = 27
SOUND_ROW = {
    "unit_code": "06",
    "description": "Informe de novedades",
    "legal_basis": "Art. 11 Fracc. XVIII",
    "strategy_code": "ER1-2.1.1",
    "assigned_amount": "#500",
    "measure_unit": "Informes",
    "annual_target": "#12",
    "planned_q1": "#3",
    "planned_q2": "#3",
    "planned_q3": "#3",
    "planned_q4": "#3",
    "achieved_q1": "#3",
    "achieved_q2": "#3",
    "achieved_q3": "#3",
    "achieved_q4": "",
    "achieved_total": "#9",
    "reported_progress": "75%",
    "purpose": "Tener la información al día",
    "justification": "Se cumplió lo previsto",
}
SOUND_HEADER = {
    "institution": "SECRETARIA DE SEGURIDAD",
    "drawn_up_on": "05/10/2024",
    "guiding_axis": "ER1 Gobernanza",
    "cross_axis": "E2 Seguridad y Justicia",
    "general_axis": "ER1-2.1 Fortalecimiento de las instituciones",
    "strategic_objective": "ER1-2.1.1 Objetivo",
    "finalidad": "1 GOBIERNO",
    "funcion": "7 ASUNTOS DE ORDEN PÚBLICO Y DE SEGURIDAD INTERIOR",
    "subfuncion": "1 POLICÍA",
    "modalidad": "E PRESTACIÓN DE SERVICIOS PÚBLICOS",
    "sector_programme": "Programa de seguridad",
}
SOUND_LINE = {
    "exercised_q1": "#250",
    "exercised_q2": "#500",
    "exercised_q3": "#750",
    "exercised_q4": "",
    "reported_progress": "75%",
    "comments": "",
}
SOUND_BUDGET: tuple[Mapping[str, str], ...] = (
    {"level": "programme", "unit_name": "PROGRAMA DE SEGURIDAD", "assigned_amount": "#1000"},
    {
        "level": "principal",
        "unit_name": "06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA",
        "assigned_amount": "#1000",
    },
)
SOUND_ROWS: tuple[Mapping[str, str], ...] = ({"activity_no": "#1"}, {"activity_no": "#2"})


def told(
    context: Context,
    *,
    rows: Iterable[Mapping[str, str]] = SOUND_ROWS,
    header: Mapping[str, str] | None = None,
    budget: Iterable[Mapping[str, str]] = SOUND_BUDGET,
) -> pl.DataFrame:
    """Findings about a sound workbook changed as given. Values are texts as typed; ``#`` marks a stored number."""
    evidence = measured(made(context.form, rows=rows, header=header, budget=budget), context)
    return findings(evidence, context, {})


def told_each(context: Context, workbooks: Sequence[Workbook]) -> list[pl.DataFrame]:
    """Findings about each of ``workbooks``, judged as one batch: that takes as long as one alone."""
    every = findings(measured(made_each(context.form, workbooks), context), context, {})
    return [every.filter(pl.col(c.FILE_ID) == file_id) for file_id in range(len(workbooks))]


@dataclass(frozen=True)
class Workbook:
    """A sound workbook, but for the cells given."""

    rows: Iterable[Mapping[str, str]] = SOUND_ROWS
    header: Mapping[str, str] | None = None
    budget: Iterable[Mapping[str, str]] = SOUND_BUDGET


def made(
    form: Form,
    *,
    rows: Iterable[Mapping[str, str]] = SOUND_ROWS,
    header: Mapping[str, str] | None = None,
    budget: Iterable[Mapping[str, str]] = SOUND_BUDGET,
) -> Evidence:
    """The evidence of such a workbook: one page, on sheet "POA 1", with every column in the form's order."""
    return made_each(form, [Workbook(rows, header, budget)])


def made_each(form: Form, workbooks: Sequence[Workbook]) -> Evidence:
    """The evidence of such workbooks as one batch, file_id by position."""
    texts = _Texts()
    budget_columns = _columns(["unit_name", *(f.name for f in form.budget)], first=3)
    activity_columns = _columns([f.name for f in form.activity], first=1)
    header_columns = _columns([f.name for f in form.header], first=3)
    headers, lines, levels, activities = [], [], [], []
    for file_id, workbook in enumerate(workbooks):
        above = [{**SOUND_LINE, **line} for line in workbook.budget]
        below = [{**SOUND_ROW, "activity_no": f"#{i}", **row} for i, row in enumerate(workbook.rows, 1)]
        headers.append(texts.long(file_id, [{**SOUND_HEADER, **(workbook.header or {})}], header_columns, 3))
        lines.append(texts.long(file_id, above, budget_columns, 5))
        levels += [(file_id, 5 + i, line["level"]) for i, line in enumerate(above)]
        activities.append(texts.long(file_id, below, activity_columns, FIRST_ROW))
    clean = clean_texts(texts.frame())
    second = pl.lit(None, pl.Int32).alias(f"second_{c.TEXT_ID}")
    levelled = pl.DataFrame(levels, schema=LEVELS, orient="row")
    filled = pl.concat(lines).join(levelled, on=[c.FILE_ID, c.ROW], how="left").drop_nulls(c.LEVEL)
    header_long, activity_long = pl.concat(headers), pl.concat(activities)
    header_cells = pl.concat([_with_holes(i, header) for i, header in enumerate(headers)]).with_columns(second)
    every = range(len(workbooks))
    sheets = _rows({**_only(c.FILE_ID, c.SHEET_NO), c.SHEET: pl.String}, [(i, 0, "POA 1") for i in every])
    pages = header_pages(header_cells, clean, sheets, form)
    cells = pl.concat([header_long, filled.select(header_long.columns), activity_long])
    return Evidence(
        workbooks=_rows(WORKBOOKS, [(i, 1, 2024, None) for i in every]),
        header=header_values(pages),
        header_pages=pages,
        budget=budget_lines(filled, clean, sheets, form),
        rows=activity_rows(wide_rows(typed_cells(activity_long, clean), form, "activity"), sheets, form),
        pages=_rows(PAGE, [(i, 0, 0, False, "POA 1", FIRST_ROW - 1) for i in every]),
        displaced=pl.DataFrame(schema=DISPLACED),
        unknown_columns=pl.DataFrame(schema=UNKNOWN),
        unknown_cells=pl.DataFrame(schema=UNKNOWN_CELLS),
        signatures=_rows(SIGNATURES, [(i, "POA 1", 40, 1, True) for i in every]),
        odd_texts=odd_texts(cells, clean, TextRows(header_cells, filled, activity_long), sheets, form),
        unread=sheets.clear(),
        budget_columns=_addresses(every, budget_columns),
        activity_columns=_addresses(every, activity_columns),
    )


PLACE = {c.FILE_ID: pl.Int64, c.SHEET_NO: pl.Int32, c.PAGE: pl.Int64, c.ROW: pl.Int32, c.COL: pl.Int32}


def _only(*names: str) -> dict[str, Any]:
    return {name: PLACE[name] for name in names}


PAGE = {**_only(c.FILE_ID, c.SHEET_NO, c.PAGE), c.BY_ORDER: pl.Boolean, c.SHEET: pl.String, c.HEADER_ROW: pl.Int32}
LEVELS = {**_only(c.FILE_ID, c.ROW), c.LEVEL: pl.String}
WORKBOOKS = {c.FILE_ID: pl.Int64, c.PAGES: pl.Int64, c.FISCAL_YEAR: pl.Int64, c.MISSING: pl.String}
LONG = {
    **PLACE,
    c.FIELD: pl.String,
    c.TEXT_ID: pl.Int32,
    c.NUMBER: pl.Float64,
    c.DATE: pl.Date,
}


class _Texts:
    """Cells in long form, each distinct text known once."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def long(self, file_id: int, lines: Sequence[Mapping[str, str]], columns: dict[str, int], top: int) -> pl.DataFrame:
        cells = [
            (file_id, *self._cell(top + i, columns[name], name, value))
            for i, line in enumerate(lines)
            for name, value in line.items()
            if name in columns and value != ""
        ]
        return _rows(LONG, cells)

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(
            {c.TEXT_ID: list(self._ids.values()), c.TEXT: list(self._ids)},
            schema={c.TEXT_ID: pl.Int32, c.TEXT: pl.String},
        )

    def _cell(self, row: int, col: int, name: str, value: str) -> tuple[object, ...]:
        if re.match(r"#[-0-9]", value):
            return (0, 0, row, col, name, None, float(value[1:]), None)
        if re.match(r"@[0-9]", value):
            return (0, 0, row, col, name, None, None, date.fromisoformat(value[1:]))
        return (0, 0, row, col, name, self._ids.setdefault(value, len(self._ids)), None, None)


def _columns(names: list[str], first: int) -> dict[str, int]:
    return {name: first + place for place, name in enumerate(names)}


def _with_holes(file_id: int, long: pl.DataFrame) -> pl.DataFrame:
    """The header's frame tells empty fields too."""
    filled = set(long[c.FIELD])
    holes = [
        (file_id, 0, 0, 3, 3 + place, name, None, None, None)
        for place, name in enumerate(SOUND_HEADER)
        if name not in filled
    ]
    return pl.concat([long, _rows(LONG, holes)])


def _addresses(files: Iterable[int], columns: dict[str, int]) -> pl.DataFrame:
    rows = [(file_id, 0, 0, name, col) for file_id in files for name, col in columns.items()]
    return _rows({**_only(c.FILE_ID, c.SHEET_NO, c.PAGE), c.FIELD: pl.String, c.COL: pl.Int32}, rows)


def _rows(schema: Mapping[str, Any], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")
