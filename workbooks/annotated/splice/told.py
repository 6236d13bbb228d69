"""What the marked cells of a workbook are told: which findings each has, how grave, and the words of its note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workbooks.annotated.splice.sheet import Place, place_of
from workbooks.export.observations import Observation
from workbooks.reading.answer_sheet import AUTHOR, MARK_FILLS

HIDDEN: Final = "Hoja oculta."
LONGEST: Final = 1_500  # characters of a note
SEVERITIES: Final = tuple(MARK_FILLS)


@dataclass(frozen=True)
class NoteLine:
    """A paragraph of a note; the first of each finding is bold."""

    words: str
    bold: bool = False


def found_in(rows: Iterable[Observation], sheet: str, anchors: Mapping[Place, Place]) -> dict[Place, list[Observation]]:
    """Findings of one sheet by the cell that shows them; waived ones mark nothing."""
    found: dict[Place, list[Observation]] = {}
    for row in rows:
        place = place_of(row.cell or "")
        if row.sheet == sheet and place is not None and row.severity in MARK_FILLS:
            found.setdefault(anchors.get(place, place), []).append(row)
    return found


def gravest(rows: Iterable[Observation]) -> str:
    """The severity that a cell with several findings is filled for."""
    return min((row.severity for row in rows), key=SEVERITIES.index)


def lines(rows: Iterable[Observation]) -> tuple[NoteLine, ...]:
    """What is wrong in one cell: of each finding the message, what was expected, how to correct it and what it adds."""
    made: list[NoteLine] = []
    for row in sorted(rows, key=lambda row: SEVERITIES.index(row.severity)):
        made += [NoteLine("")] if made else []
        made.append(NoteLine(f"{AUTHOR} · {row.severity_words} ({row.rule})", bold=True))
        told = (
            row.message,
            row.expected and f"Se esperaba: {row.expected}",
            row.remedy and f"Cómo corregir: {row.remedy}",
            row.points and f"Corregirlo suma {_points(row.points)} al índice de calidad.",
        )
        made += [NoteLine(words) for words in told if words]
    return tuple(made)


def _points(points: float) -> str:
    return (
        "menos de 0.1 puntos" if points < 0.05 else f"{points:.1f} {'punto' if f'{points:.1f}' == '1.0' else 'puntos'}"
    )
