"""The Spanish that a unit reads: severities, states, quarters, counts and numbers."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from config.policy import SEVERITIES, Severity

SEVERITY_WORDS: dict[Severity, str] = {
    "archivo": "Archivo rechazado",
    "renglon": "Renglón en cuarentena",
    "aviso": "Aviso",
    "nota": "Nota",
}
SEVERITY_PLURALS: dict[Severity, str] = {
    "archivo": "Archivo rechazado",
    "renglon": "Renglones en cuarentena",
    "aviso": "Avisos",
    "nota": "Notas",
}
SEVERITY_MEANINGS: dict[Severity, str] = {
    "archivo": "Impiden cargar el libro: ningún dato entró al consolidado.",
    "renglon": "El renglón se guardó completo, pero no cuenta en el consolidado mientras no se corrija.",
    "aviso": "El dato se cargó. Debe corregirse o responderse.",
    "nota": "Recomendaciones para mejorar el libro. No impiden la aceptación.",
}
VERDICT_WORDS = {"aceptado": "Aceptado", "observado": "Observado", "rechazado": "Rechazado"}

LEVEL_WORDS = {"principal": "UR principal", "derived": "UR derivada"}
QUARTER_WORDS = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}
MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
)
NBSP = "\N{NO-BREAK SPACE}"

# Control characters become their printed pictures and reversals of writing direction a visible mark: what a
# cell hides shows, and it cannot rearrange the page.
_VISIBLE = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | dict.fromkeys(
    (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD
)


def severity_rank(severity: str) -> int:
    """0 for the gravest severity; one that the policy does not know comes last."""
    known: tuple[str, ...] = SEVERITIES
    return known.index(severity) if severity in known else len(known)


def quarter_phrase(year: int, quarter: int) -> str:
    """Such as "tercer trimestre de 2024"."""
    return f"{QUARTER_WORDS[quarter]} trimestre de {year}"


def day_phrase(text: str) -> str:
    """An ISO date (or the date of an ISO time) in words; any other text as it is."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def counted(number: int, one: str, many: str) -> str:
    """Such as "1 aviso", "3 avisos"; the space does not break."""
    return f"{number:,}{NBSP}{one if number == 1 else many}"


def figure(value: float | None, decimals: int = 2) -> str:
    """A number with comma for thousands and no trailing zeros: 69,740, 4.2; a dash where there is none."""
    if value is None:
        return "—"
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def index(value: float | None) -> str:
    """The quality index to a tenth: "92.4"; only a perfect one reads "100"."""
    if value is None:
        return "—"
    return "100" if value >= 100 else f"{min(value, 99.9):.1f}"


def points(value: float) -> str:
    """Points of the quality index, to a tenth: "4.2 puntos", "1 punto", "menos de 0.1 puntos"."""
    if value < 0.05:
        return f"menos de 0.1{NBSP}puntos"
    text = figure(value, 1)
    return f"{text}{NBSP}{'punto' if text == '1' else 'puntos'}"


def percent(ratio: float | None) -> str:
    """A ratio as a whole percentage: 0.63 is "63 %"; a dash where there is none."""
    return "—" if ratio is None else f"{ratio * 100:,.0f}{NBSP}%"


def listing(parts: list[str]) -> str:
    """Such as "a, b y c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} y {parts[-1]}" if parts else ""


def visible(text: str) -> str:
    """``text`` with control characters and reversals of direction made visible."""
    return text.translate(_VISIBLE)


def slug(text: str) -> str:
    """``text`` as ASCII letters, digits and single hyphens, safe in an address or a file name, or empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a space where there is one, and marked as cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip() + "…"
