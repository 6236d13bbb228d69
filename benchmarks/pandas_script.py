"""What a careful analyst would write instead: pandas, every sheet of every workbook into SQLite.

It reads and loads, and checks nothing. It stands alone on purpose, so its column names are its own. It knows this one
layout: labels in their printed wording, three rows of column labels, one page a sheet.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import pandas as pd  # type: ignore[import-untyped]

QUARTERS = {"1er. TRIM": 1, "2o. TRIM": 2, "3o. TRIM": 3, "4o. TRIM": 4}
COLUMNS = {
    "UR (específica)": "unit_code",
    "No. ACT": "activity_no",
    "ACTIVIDAD (DESCRIPCIÓN)": "description",
    "Art y fracc. del Reglamento Int.": "legal_basis",
    "Estrategia Vinculante (clave)": "strategy_code",
    "Montos asignados por actividad": "assigned_amount",
    "UNIDAD DE MEDIDA": "measure_unit",
    "META ANUAL": "annual_target",
    "TOTAL ACUMULADO": "achieved_total",
    "% DE AVANCE vs META": "reported_progress",
    "OBJETIVO DE LA ACTIVIDAD (Bien o servicio que produce)": "purpose",
    "JUSTIFICACIÓN DE RESULTADOS": "justification",
    **{f"CALENDARIO {label}": f"planned_q{quarter}" for label, quarter in QUARTERS.items()},
    **{f"REALIZADO {label}": f"achieved_q{quarter}" for label, quarter in QUARTERS.items()},
}
TEXTS = ("unit_code", "description", "legal_basis", "strategy_code", "measure_unit", "purpose", "justification")
HEADER = {
    "INSTITUCIÓN": "institution",
    "Fecha de elaboración": "drawn_up_on",
    "EJE RECTOR": "guiding_axis",
    "EJE TRANSVERSAL": "cross_axis",
    "EJE GENERAL": "general_axis",
    "Objetivo Estratégico": "strategic_objective",
    "Finalidad": "finalidad",
    "Función": "funcion",
    "Subfunción": "subfuncion",
    "Modalidad": "modalidad",
}
LINES = {"Programa Presupuestal": "programme", "UR PRINCIPAL": "principal", "UR DERIVADA": "derived"}
BUDGET = ("assigned_amount", "exercised_q1", "exercised_q2", "exercised_q3", "exercised_q4", "reported_progress")
CODED = ("finalidad", "funcion", "subfuncion", "modalidad")
FIRST_AMOUNT = "Monto asignado a la institución"
LABEL_ROWS = 3
NUMBER = re.compile(r"\(\d+\)")


def load(paths: Iterable[Path], database: Path, engine: Literal["openpyxl", "calamine"] = "openpyxl") -> None:
    """All workbooks of ``paths``, read by ``engine``, into the tables activity, header and budget of a SQLite file."""
    tables, headers, lines = [], [], []
    for path in paths:
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine=engine)
        for number, (sheet, raw) in enumerate(sheets.items()):
            top = label_row(raw)
            if top is None:
                continue
            tables.append(activity_table(raw, top).assign(file=path.name, sheet=sheet))
            if number == 0:
                headers.append({"file": path.name, **header_values(raw, top)})
                lines += [{"file": path.name, **line} for line in budget_lines(raw, top)]
    with closing(sqlite3.connect(database)) as connection:
        typed(pd.concat(tables, ignore_index=True)).to_sql("activity", connection, index=False)
        pd.DataFrame(headers).to_sql("header", connection, index=False)
        pd.DataFrame(lines).to_sql("budget", connection, index=False)
        connection.commit()


def label_row(raw: pd.DataFrame) -> int | None:
    """Position of the first row of column labels; None where the sheet has no table of activities."""
    for position, cells in enumerate(raw.to_numpy()):
        if any(plain(cell) == "No. ACT" for cell in cells):
            return position
    return None


def activity_table(raw: pd.DataFrame, top: int) -> pd.DataFrame:
    """The sheet's table as written, under the names of COLUMNS; what stands below it is still there."""
    cells = raw.to_numpy()
    names = column_names(*cells[top : top + LABEL_ROWS])
    return pd.DataFrame(cells[top + LABEL_ROWS :], columns=names)[list(COLUMNS.values())]


def column_names(upper: Iterable[Any], middle: Iterable[Any], lower: Iterable[Any]) -> list[str]:
    """The name in COLUMNS of each column, by its three label cells; nothing where it has none."""
    names, group = [], ""
    for high, mid, low in zip(map(plain, upper), map(plain, middle), map(plain, lower), strict=True):
        group = mid or group
        label = low or mid or high
        names.append(COLUMNS.get(f"{group} {label}" if label in QUARTERS else label, ""))
    return names


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that have an activity number, with numbers as numbers and texts as texts."""
    for name in COLUMNS.values():
        rows[name] = texts(rows[name]) if name in TEXTS else numbers(rows[name])
    rows = rows[rows["activity_no"].notna()]
    return rows.assign(unit_code=rows["unit_code"].str.zfill(2))


def header_values(raw: pd.DataFrame, top: int) -> dict[str, Any]:
    """What stands right of each label of HEADER: the first filled cell, of a coded field two."""
    values: dict[str, Any] = {}
    for cells in raw.iloc[:top].to_numpy():
        for position, cell in enumerate(cells):
            name = HEADER.get(plain(cell))
            if name and name not in values:
                filled = [str(value) for value in cells[position + 1 :] if pd.notna(value)]
                values[name] = " ".join(filled[: 2 if name in CODED else 1]) or None
    return values


def budget_lines(raw: pd.DataFrame, top: int) -> list[dict[str, Any]]:
    """One record a budget line: level, name and the amounts from the column of the assigned amount on."""
    rows = raw.iloc[:top].to_numpy()
    first = next(position for cells in rows for position, cell in enumerate(cells) if plain(cell) == FIRST_AMOUNT)
    lines = []
    for cells in rows:
        level = LINES.get(plain(cells[0]))
        if level:
            name = next((str(cell) for cell in cells[1:first] if pd.notna(cell)), None)
            lines.append({"level": level, "name": name, **dict(zip(BUDGET, cells[first:], strict=False))})
    return lines


def plain(cell: Any) -> str:
    """A label without its printed number, colon and line breaks; an empty text for what is no text."""
    if not isinstance(cell, str):
        return ""
    return " ".join(NUMBER.sub("", cell).split()).rstrip(": ")


def texts(column: pd.Series) -> pd.Series:
    """The column as text, trimmed; what is missing stays missing."""
    return column.map(lambda cell: str(cell).strip(), na_action="ignore")


def numbers(column: pd.Series) -> pd.Series:
    """The column as numbers, without thousands separators and peso signs."""
    return pd.to_numeric(column.astype("string").str.replace(r"[$,\s]", "", regex=True), errors="coerce")
