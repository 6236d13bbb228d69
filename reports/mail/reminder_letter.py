"""Reminders to units that have not delivered: what is due, and what each says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from config.calendar import Window
from reports import wording
from reports.mail.letter import Letter, LetterSection, one_line
from reports.mail.report_letter import AUTOMATIC

Kind = Literal["opening", "closing", "overdue"]
BEFORE_CLOSING: Final = timedelta(days=10)
SUBJECTS: Final[dict[Kind, str]] = {
    "opening": "se abre la recepción de libros",
    "closing": "se acerca el cierre",
    "overdue": "entrega pendiente",
}


def due_kind(window: Window, day: date) -> Kind | None:
    """The reminder that is due on ``day``: the last one whose day has come, so that days missed send one, not three.

    They fall due on the day that the window opens, ten days before its last day (where that is after it opened), and
    the day after its last one. ``day`` is one of the calendar's time zone.
    """
    days: dict[Kind, date] = {"opening": window.opens}
    if window.closes - BEFORE_CLOSING > window.opens:
        days["closing"] = window.closes - BEFORE_CLOSING
    days["overdue"] = window.closes + timedelta(days=1)
    come = [kind for kind, due in days.items() if due <= day]
    return come[-1] if come else None


def reminder_letter(kind: Kind, window: Window, day: date, unit_code: str, unit: str, rejected: bool) -> Letter:
    """The reminder of ``kind`` as said on ``day``; ``rejected``: a workbook came, and none was accepted."""
    period = f"POA, {wording.quarter_phrase(window.year, window.quarter)}"
    closes = wording.day_phrase(window.closes.isoformat())
    headline, meaning = _said(kind, window, day, closes)
    if rejected:
        meaning += " El libro que envió se rechazó: atienda el informe que recibió y envíelo de nuevo."
    return Letter(
        subject=one_line(f"{period}: UR {unit_code}, {SUBJECTS[kind]}"),
        title=period,
        unit=one_line(unit),
        opening=_opening(kind),
        tone="rechazado" if kind == "overdue" else "aviso",
        headline=headline,
        meaning=(meaning,),
        figure=None,
        sections=(
            LetterSection(
                "Fechas del trimestre",
                facts=(
                    ("Trimestre que se informa", wording.quarter_phrase(window.year, window.quarter).capitalize()),
                    ("Se reciben libros desde", f"el {wording.day_phrase(window.opens.isoformat())}"),
                    ("Último día", f"el {closes}"),
                ),
            ),
            LetterSection(
                "Cómo entregar",
                (
                    "Envíe el libro del POA de su unidad, el mismo de cada trimestre con un trimestre más capturado, "
                    "por el medio acostumbrado.",
                    "Si su unidad ya lo entregó, o sus actividades van en el libro de otra, responda a este correo.",
                ),
            ),
        ),
        closing=(AUTOMATIC,),
    )


def _opening(kind: Kind) -> str:
    if kind == "opening":
        return "Se le informa que ya puede entregar el avance de su Programa Operativo Anual."
    return "En los registros de la oficina de planeación no hay una entrega aceptada de su unidad."


def _said(kind: Kind, window: Window, day: date, closes: str) -> tuple[str, str]:
    if kind == "overdue":
        late = (day - window.closes).days
        days = wording.counted(late, "día de retraso", "días de retraso")
        return "Su entrega está pendiente", f"El plazo terminó el {closes}: lleva {days}. Envíe su libro cuanto antes."
    left = (window.closes - day).days
    if kind == "opening":
        return "Está abierta la recepción de libros", f"Puede entregar desde hoy y hasta el {closes}."
    days = wording.counted(left, "día", "días")
    rest = "Hoy es el último día." if left == 0 else f"Faltan {days}." if left > 1 else f"Falta {days}."
    return "Falta su entrega", f"El último día para entregar es el {closes}. {rest}"
