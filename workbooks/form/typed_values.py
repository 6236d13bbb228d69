"""Values as a unit types them: numbers, percentages and dates, stored or as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from config.form import Kind
from schemas.contracts import columns as c
from workbooks.form.content import CellValue, Computed
from workbooks.form.layout import Layout
from workbooks.form.style import Look, look_of

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
EXCEL_EPOCH = date(1899, 12, 30)

# Formulas of the computed columns by field, over the addresses of the fields of the same row.
FORMULAS = {
    c.ACHIEVED_TOTAL: f"=SUM({{{c.ACHIEVED[0]}}}:{{{c.ACHIEVED[-1]}}})",
    c.REPORTED_PROGRESS: f"={{{c.ACHIEVED_TOTAL}}}/{{{c.ANNUAL_TARGET}}}",
}

OPERANDS = {
    c.ACHIEVED_TOTAL: {*c.ACHIEVED},
    c.REPORTED_PROGRESS: {c.ACHIEVED_TOTAL, c.ANNUAL_TARGET},
}


def formula_of(name: str, layout: Layout, cells: Mapping[str, str]) -> str | None:
    """The formula of a computed column over the addresses ``cells`` of its row, None for any other or where the form
    lacks a column that it needs; points are a hundred times the ratio.
    """
    needed = OPERANDS.get(name)
    formula = FORMULAS[name].format(**cells) if needed and needed <= set(cells) else None
    points = name == c.REPORTED_PROGRESS and layout.percents == "75"
    return f"{formula}*100" if formula and points else formula


def typed(value: CellValue, kind: Kind, layout: Layout) -> tuple[CellValue, Look]:
    """What stands in the cell of a value of that kind, and how it looks; text is never touched."""
    look = look_of(kind)
    if isinstance(value, date):
        return dated(value, layout)
    if isinstance(value, Computed):
        scaled = Computed(value.value * 100) if kind == "percent" and layout.percents == "75" else value
        if _computable(kind, layout):
            return scaled, "count" if scaled is not value else look
        value = value.value
    if isinstance(value, str) or value is None:
        return value, look
    if kind == "percent":
        return _percent(value, layout)
    return (_number(value, kind, layout), look) if kind in ("count", "amount") else (value, look)


def dated(value: date, layout: Layout) -> tuple[CellValue, Look]:
    """A date as the layout writes it; a serial number has the General format, so it shows as a number."""
    month = MONTHS[value.month - 1]
    written: dict[str, tuple[CellValue, Look]] = {
        "date": (value, "date"),
        "serial": ((value - EXCEL_EPOCH).days, "code"),
        "15-mar-24": (f"{value.day}-{month[:3]}-{value:%y}", "text"),
        "15-MAR-2024": (f"{value.day}-{month[:3].upper()}-{value.year}", "text"),
        "15/03/2024": (f"{value:%d/%m/%Y}", "text"),
        "2024-03-15": (value.isoformat(), "text"),
        "15 de marzo de 2024": (f"{value.day} de {month} de {value.year}", "text"),
        "Tepic, Nay., a 15 de marzo de 2024": (f"Tepic, Nay., a {value.day} de {month} de {value.year}", "text"),
    }
    return written[layout.dates]


def date_text(value: date, layout: Layout) -> str:
    """A date inside a text, where it cannot be stored."""
    written, _ = dated(value, layout)
    return written if isinstance(written, str) else f"{value:%d/%m/%Y}"


def _computable(kind: Kind, layout: Layout) -> bool:
    """Whether a formula would find numbers, and may show its own."""
    stored = layout.numbers in ("stored", "$ 69,740.00")
    shown = kind != "percent" or layout.percents in ("0.75", "75")
    return stored and shown and layout.totals == "formula"


def _percent(value: float, layout: Layout) -> tuple[CellValue, Look]:
    points = value * 100
    written: dict[str, tuple[CellValue, Look]] = {
        "0.75": (value, "percent"),
        "75": (points, "count"),
        "75%": (f"{points:.0f}%", "code"),
        "75.0 %": (f"{points:.1f} %", "code"),
    }
    return written[layout.percents]


def _number(value: float, kind: Kind, layout: Layout) -> CellValue:
    decimals = 0 if float(value).is_integer() else 2
    grouped = f"{value:,.{decimals}f}"
    written: dict[str, CellValue] = {
        "stored": value,
        "69,740": grouped,
        "69,740.00": f"{value:,.2f}",
        "$ 69,740.00": f"$ {value:,.2f}" if kind == "amount" else value,
        " 69740 ": f" {value:.{decimals}f} ",
        "69 740": grouped.replace(",", " "),
        "69\N{NO-BREAK SPACE}740": grouped.replace(",", "\N{NO-BREAK SPACE}"),
    }
    return written[layout.numbers]
