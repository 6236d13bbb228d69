"""The first sheet of the secretariat's workbook: headline figures by quarter, charts, rankings and notes on method."""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from reports import wording
from reports.secretariat.charts import LIGHTS, SERIES
from reports.secretariat.method import CONCEPTS, DEFAULT
from reports.secretariat.report import Secretariat
from reports.secretariat.sheets import UNITS as UNIT_COLUMNS
from reports.secretariat.units import QUADRANTS
from workbooks.export.report_sheet import CellBlock, Chart, Kind, ReportSheet, Series, Table, TableColumn, Value

NAME: Final = "Resumen"
KINDS: Final[dict[str, Kind]] = {"pesos": "pesos", "razón": "ratio", "índice": "index"}
ORDER: Final = tuple(CONCEPTS)
HEADLINE, UNITS, STRATEGIES, LINES = range(4)  # tables, in their order
FIRST_VALUE: Final = 1  # column of the first quarter
SPENT_AT, PROGRESS_AT = (
    [one.name for one in UNIT_COLUMNS].index(name) for name in ("avance_presupuestal", "avance_anual")
)
CHARTS_AT: Final = 6  # column where charts begin
SIZE: Final = (430, 240)
TWICE: Final = 878
NAMED: Final = 60  # URs in a scatter that can still be told apart by name
GREY, WINE, INK = "#9AA0A7", "#7B1E3A", "#22262B"
COLOURS: Final = {name: colour for name, _, _, colour in LIGHTS} | {"sin programar": GREY}
STATES: Final = ("#2e7d4f", "#c79a00", "#b3261e", "#5b1512")
BELOW: Final = 28  # row of the wide chart, from 0
WIDE: Final = 15  # rows that it covers


def summary(report: Secretariat, title: str) -> ReportSheet:
    """The sheet ``Resumen``."""
    units = report.units.drop_nulls("cumplimiento").sort("cumplimiento", "ur")
    return ReportSheet(
        NAME,
        title,
        (_headline(report), _by_unit(report, units), _by_strategy(report), _quadrants(report)),
        filtered=False,
        charts=(*_beside(report), _compliance(report, units)),
        notes=tuple((note.title, note.text) for note in report.notes),
        across=CHARTS_AT + 13,
    )


def _headline(report: Secretariat) -> Table:
    """Each figure by quarter, and what it changed since the last one."""
    quarters = report.trend["trimestre"].to_list()
    changed = len(quarters) > 1
    rows = [
        _headline_row(concept, report.trend[key].to_list(), changed=changed) for key, (concept, *_) in CONCEPTS.items()
    ]
    columns = [TableColumn("Cifra", "text", 40), *(TableColumn(f"T{quarter}", "figure", 13) for quarter in quarters)]
    if changed:
        columns.append(TableColumn("Cambio", "figure change", 13))
    return Table(tuple(columns), rows, kinds=tuple(KINDS.get(unit, "whole") for _, unit, _ in CONCEPTS.values()))


def _headline_row(concept: str, values: list[float | None], *, changed: bool) -> list[Value]:
    if not changed:
        return [concept, *values]
    before, now = values[-2:]
    return [concept, *values, None if now is None or before is None else now - before]


def _by_unit(report: Secretariat, units: pl.DataFrame) -> Table:
    columns = (
        TableColumn("Unidad", "long", 40),
        TableColumn("UR", "code", 13),
        TableColumn("Cumplimiento", "ratio", 13),
        TableColumn("Semáforo", "mark", 13),
        TableColumn("Verde desde", "ratio", 13),
    )
    rows = units.select("unidad", "ur", "cumplimiento", "semaforo", pl.lit(report.of.bounds[0])).rows()
    return Table(columns, rows, "Cumplimiento por unidad, primero el más bajo", space=WIDE + 1)


def _by_strategy(report: Secretariat) -> Table:
    columns = (
        TableColumn("Estrategia", "text", 40),
        TableColumn("Actividades", "whole", 13),
        TableColumn("Cumplimiento", "ratio", 13),
        TableColumn("Semáforo", "mark", 13),
        TableColumn("Avance físico anual", "ratio", 13),
        TableColumn("Monto asignado", "pesos", 16),
    )
    named = report.strategies.with_columns(pl.col("estrategia").fill_null("(sin estrategia)"))
    rows = named.select("estrategia", "actividades", "cumplimiento", "semaforo", "avance_anual", "monto_asignado")
    return Table(columns, rows.rows(), "Cumplimiento por estrategia, primero el más bajo")


def _quadrants(report: Secretariat) -> Table:
    """How many URs stand where, and beside it the ends of the two lines that part them."""
    columns = (
        TableColumn("Avance y presupuesto", "text", 40),
        TableColumn("UR", "whole", 13),
        TableColumn("Límite: presupuesto", "ratio", 13),
        TableColumn("Límite: físico", "ratio", 13),
    )
    bound = report.reference
    (left, right), (down, up) = _scales(report)
    ends = ((bound, down), (bound, up), (left, bound), (right, bound))
    counts = [report.units.filter(cuadrante=name).height for name in QUADRANTS]
    rows = [(name, count, *end) for name, count, end in zip(QUADRANTS, counts, ends, strict=True)]
    title = f"Avance físico anual y avance presupuestal, contra {wording.percent(bound)} ({DEFAULT})"
    return Table(columns, rows, title)


def _beside(report: Secretariat) -> tuple[Chart, ...]:
    """The charts to the right of the tables."""
    right = CHARTS_AT + 7
    return (
        _counts(report, ("aceptadas", "faltantes"), "Entregas por estado", STATES, (3, CHARTS_AT)),
        _counts(report, ("verdes", "sin_programar"), "Actividades por semáforo", tuple(COLOURS.values()), (3, right)),
        _trend(report, (15, CHARTS_AT)),
        _scatter(report, (BELOW + WIDE + 1, CHARTS_AT)),
    )


def _counts(
    report: Secretariat, ends: tuple[str, str], title: str, colours: tuple[str, ...], at: tuple[int, int]
) -> Chart:
    """Bars of headline figures from one to another."""
    first, last = (ORDER.index(key) for key in ends)
    place = FIRST_VALUE + report.trend.height - 1
    names = CellBlock(NAME, HEADLINE, (first, last), (0, 0))
    values = CellBlock(NAME, HEADLINE, (first, last), (place, place))
    return Chart("bar", title, (Series(title, names, values, colours),), at, SIZE, "#,##0")


def _trend(report: Secretariat, at: tuple[int, int]) -> Chart:
    last = FIRST_VALUE + report.trend.height - 1
    quarters = CellBlock(NAME, HEADLINE, (-1, -1), (FIRST_VALUE, last))
    series = tuple(
        Series(name, quarters, CellBlock(NAME, HEADLINE, (row, row), (FIRST_VALUE, last)), (colour,))
        for name, row, colour in ((name, ORDER.index(key), colour) for name, key, colour, _ in SERIES)
    )
    over = max((value for _, key, *_ in SERIES for value in report.trend[key].drop_nulls()), default=0.0) > 1
    return Chart(
        "line", "Tendencia por trimestre", series, at, (TWICE, 240), "0 %", legend=True, ends=(0, None if over else 1.0)
    )


def _scatter(report: Secretariat, at: tuple[int, int]) -> Chart:
    """URs by share of the budget exercised and annual progress, under the lines that part the quadrants.

    Those that want to be looked at are named: all but the quadrant of those that are well.
    """
    last = max(report.units.height - 1, 0)
    budget, progress = (CellBlock("Unidades", 0, (0, last), (place, place)) for place in (SPENT_AT, PROGRESS_AT))
    behind = report.units["cuadrante"].is_in(QUADRANTS[1:]).fill_null(value=False)
    labels = tuple(ur if told else "" for ur, told in zip(report.units["ur"], behind, strict=True))
    lines = [
        Series(f"límite del {name}", _ends_of(rows, 2), _ends_of(rows, 3), (GREY,), line=True)
        for name, rows in (("presupuesto", (0, 1)), ("avance", (2, 3)))
    ]
    across, up = _scales(report)
    return Chart(
        "scatter",
        "Avance físico y presupuestal por UR (con clave, las que no avanzan y ejercen)",
        (Series("UR", budget, progress, (WINE,), labels=labels if behind.sum() <= NAMED else ()), *lines),
        at,
        (TWICE, 520),
        "0 %",
        ("Avance presupuestal", "Avance físico anual"),
        ends=up,
        across=across,
    )


def _ends_of(rows: tuple[int, int], place: int) -> CellBlock:
    return CellBlock(NAME, LINES, rows, (place, place))


def _scales(report: Secretariat) -> tuple[tuple[float, float], tuple[float, float]]:
    """From which to which ratio the scatter's axes go: what is drawn, to full tenths."""
    drawn = report.units.drop_nulls(["avance_anual", "avance_presupuestal"])
    return _tenths(drawn["avance_presupuestal"], report.reference), _tenths(drawn["avance_anual"], report.reference)


def _tenths(values: pl.Series, bound: float) -> tuple[float, float]:
    told = [*values, bound]
    return max(math.floor(min(told) * 10 - 0.1), 0) / 10, math.ceil(max(told) * 10 + 0.1) / 10


def _compliance(report: Secretariat, units: pl.DataFrame) -> Chart:
    """Bars in the colour of their light, the lowest first, under the line of green."""
    end = max(units.height - 1, 0)
    codes, values, target = (CellBlock(NAME, UNITS, (0, end), (place, place)) for place in (1, 2, 4))
    bars = Series("Cumplimiento", codes, values, tuple(COLOURS[light] for light in units["semaforo"]) or (WINE,))
    line = Series(f"verde desde {wording.percent(report.of.bounds[0])}", codes, target, (INK,), line=True)
    title = f"Cumplimiento por UR, con la línea de {wording.percent(report.of.bounds[0])} ({DEFAULT})"
    return Chart("column", title, (bars, line), (BELOW, 0), (1660, 280), "0 %", ends=(0, 1.0))
