"""What the verdict on a workbook means to its unit, and what the unit does next."""

from __future__ import annotations

from dataclasses import dataclass

from config.policy import Severity
from reports import wording

STILL_CURRENT = "Si ya había una entrega aceptada u observada de este trimestre, esa entrega sigue vigente."


@dataclass(frozen=True)
class State:
    """``verdict`` as a code, its word, a headline, what it means and what to do next."""

    verdict: str
    word: str
    headline: str
    meaning: str
    next_step: str


def state(verdict: str, counts: dict[Severity, int], quarantined: int, units: dict[str, str]) -> State:
    """The state of a workbook: ``counts`` of open findings, ``quarantined`` rows, verdicts of its ``units`` by code."""
    word = wording.VERDICT_WORDS.get(verdict, verdict)
    if verdict == "rechazado":
        return State(verdict, word, *(_no_row_accepted() if units else _not_loaded()))
    if verdict == "observado":
        return State(
            verdict,
            word,
            *_observed(counts, quarantined, [code for code, told in units.items() if told == "rechazado"]),
        )
    return State(verdict, word, *(_with_notes(counts["nota"]) if any(counts.values()) else _clean()))


def _clean() -> tuple[str, str, str]:
    return (
        "Libro aceptado, sin observaciones",
        "El libro se cargó completo: todas sus celdas están llenas y todas sus cuentas cuadran. "
        "Gracias por el cuidado con que se preparó.",
        "No tiene que hacer nada más este trimestre. Conserve este informe como constancia de la revisión.",
    )


def _with_notes(notes: int) -> tuple[str, str, str]:
    noted = wording.counted(notes, "nota", "notas")
    return (
        "Libro aceptado",
        f"El libro se cargó completo y no tiene avisos. Hay {noted} con recomendaciones para mejorarlo.",
        "No tiene que enviarlo de nuevo. Atienda las notas en su siguiente entrega.",
    )


def _observed(counts: dict[Severity, int], quarantined: int, rejected: list[str]) -> tuple[str, str, str]:
    parts = [wording.counted(counts["aviso"], "aviso", "avisos")] if counts["aviso"] else []
    if quarantined:
        parts.append(wording.counted(quarantined, "renglón en cuarentena", "renglones en cuarentena"))
    if counts["nota"]:
        parts.append(wording.counted(counts["nota"], "nota", "notas"))
    meaning = f"El libro se cargó, con {wording.listing(parts)}." if parts else "El libro se cargó con observaciones."
    if quarantined:
        meaning += " Lo que está en cuarentena no cuenta en el consolidado mientras no se corrija."
    if rejected:
        meaning += f" De {wording.listing([f'la UR {code}' for code in rejected])} no se aceptó ningún renglón."
    return (
        "Libro aceptado con observaciones",
        meaning,
        "Corrija las celdas señaladas en su propio libro y envíelo de nuevo. Si una observación no procede, "
        "explique por qué en la columna «Respuesta de la unidad» de la hoja Observaciones.",
    )


def _no_row_accepted() -> tuple[str, str, str]:
    return (
        "Libro rechazado: ningún renglón pudo aceptarse",
        f"El libro se pudo leer, pero ninguna de sus actividades entró al consolidado. {STILL_CURRENT}",
        "Corrija los renglones en cuarentena que se señalan abajo y envíe el libro de nuevo.",
    )


def _not_loaded() -> tuple[str, str, str]:
    return (
        "Libro rechazado: no pudo cargarse",
        f"Ningún dato de este archivo entró al consolidado. {STILL_CURRENT}",
        "Atienda lo que se explica abajo y envíe el libro de nuevo.",
    )
