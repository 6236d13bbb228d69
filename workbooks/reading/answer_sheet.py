"""The sheet "Observaciones" as it is known when it comes back: by its headings, whatever the sheet is called by then.

Programs that save a workbook anew rename parts, renumber styles and move texts about; a row of headings survives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

SHEET_NAME: Final = "Observaciones"
ANSWER: Final = "Respuesta de la unidad"
# A hidden column: YES where the sheet was sent with an answer in it, so that an emptied one is known as taken back.
GIVEN, YES = "Ya respondida", "sí"
RULE, UNIT, ACTIVITY, SHEET, CELL, FIELD = "Regla", "UR", "No. de actividad", "Hoja", "Celda", "Campo"
HEADINGS: Final = (
    ("Severidad", 13),
    (RULE, 7),
    (UNIT, 5),
    (ACTIVITY, 10),
    (SHEET, 9),
    (CELL, 7),
    (FIELD, 18),
    ("Valor", 15),
    ("Esperado", 16),
    ("Qué pasa", 34),
    ("Cómo corregir", 30),
    ("Puntos", 8),
    (GIVEN, 0),
    (ANSWER, 36),
)
AUTHOR: Final = "Revisión del POA"
# Fills of marked cells. No palette has these colours, so that they are known for ours.
MARK_FILLS: Final[Mapping[str, str]] = {
    "archivo": "#F4A7A3",
    "renglon": "#F9C68B",
    "aviso": "#FDE37D",
    "nota": "#BAD7F1",
}
# A unit may delete columns that it does not need; no table of its own has all of these.
TELLING: Final = frozenset({RULE, CELL, "Qué pasa", "Cómo corregir", ANSWER})
DIGITS: Final = 18  # of a number that a frame holds
TOP_ROWS: Final = 40  # a unit may insert rows above the table


class Answered(NamedTuple):
    """One finding's row as a unit returned it: ``activity_no`` as a whole number, ``answer`` empty if taken back."""

    rule: str | None
    unit_code: str | None
    activity_no: int | None
    sheet: str | None
    cell: str | None
    field: str | None
    answer: str


def heading_row(grid: Sequence[Sequence[Any]]) -> int | None:
    """Position of the row of headings in a sheet's values, from 0; None where the sheet is not ours."""
    for number, row in enumerate(grid[:TOP_ROWS]):
        if ANSWER in row and TELLING.issubset(value for value in row if isinstance(value, str)):
            return number
    return None


def answers(grid: Sequence[Sequence[Any]], headings: int) -> Iterator[Answered]:
    """What the unit wrote in the rows under ``headings`` (see ``heading_row``), in whatever order they stand now.

    An emptied answer is told as an empty one; a row that had none and has none is not told.
    """
    place = {value: column for column, value in reversed(list(enumerate(grid[headings]))) if isinstance(value, str)}
    for row in grid[headings + 1 :]:
        told = {name: _text(row[place[name]]) if name in place else None for name, _ in HEADINGS}
        answer = told[ANSWER] or ("" if told[GIVEN] == YES else None)
        if answer is not None:
            yield Answered(
                told[RULE], told[UNIT], _number(told[ACTIVITY]), told[SHEET], told[CELL], told[FIELD], answer
            )


def _text(value: Any) -> str | None:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.strip() or None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) <= DIGITS else None
