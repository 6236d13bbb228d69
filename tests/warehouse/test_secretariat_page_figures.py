"""Every table of the secretariat's page, as it is printed, against SQL on the public views."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from a_year import LivedYear

from flows.outputs.secretariat import report_of
from reports import wording
from reports.secretariat.page import change, render_secretariat
from reports.secretariat.page_data import ratio
from warehouse.connect import Warehouse

# The second quarter as first published, when UR 11 was missing; then the first quarter's second version was current.
WHICH = "ejercicio = 2024 AND trimestre = 2 AND version = 1"
Show = Callable[[Any], str]


class Tables(HTMLParser):
    """Rows of each table's body by its id, the text of each cell; and the texts of scripts by theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self.scripts: dict[str, str] = {}
        self._table = self._script = ""
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._table = given.get("id", "")
            self.rows[self._table] = []
        elif tag == "script":
            self._script = given.get("id", "")
        elif tag == "tr":
            self.rows[self._table].append([])
        elif tag in ("td", "th"):
            self.rows[self._table][-1].append("")
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag not in ("td", "th")
        self._script = "" if tag == "script" else self._script

    def handle_data(self, data: str) -> None:
        if self._open:
            self.rows[self._table][-1][-1] += data
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data

    def of(self, table: str, columns: tuple[int, ...]) -> list[tuple[str, ...]]:
        return [tuple(row[column].strip() for column in columns) for row in self.rows[table][1:]]


@pytest.fixture(scope="module")
def year(year_on_sqlite: LivedYear) -> Warehouse:
    return year_on_sqlite.warehouse


@pytest.fixture(scope="module")
def page(year: Warehouse) -> Tables:
    tables = Tables()
    tables.feed(render_secretariat(report_of(year, 2024, 2, 1)))
    return tables


def text(value: object) -> str:
    return "—" if value is None else str(value)


def state(value: str) -> str:
    return value.capitalize()


def asked(warehouse: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with warehouse.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question)]


UNITS = f"""
    SELECT ur, estado, u.cumplimiento, u.avance_anual, (ejercido_t1 + ejercido_t2) / asignado, actividades, rojos,
        observaciones
    FROM v_entregas e LEFT JOIN v_avance_unidad u USING (ejercicio, trimestre, version, ur)
    LEFT JOIN v_presupuesto b USING (ejercicio, trimestre, version, ur) WHERE {WHICH} ORDER BY ur"""
STRATEGIES = f"""
    SELECT estrategia, actividades, monto_asignado, cumplimiento, avance_anual
    FROM v_avance_estrategia WHERE {WHICH} ORDER BY cumplimiento"""
DELIVERIES = """
    SELECT ur, a.estado || CASE WHEN a.ur = '05' THEN ' 5\N{NO-BREAK SPACE}días tarde' ELSE '' END, b.estado
    FROM v_entregas a JOIN v_entregas b USING (ejercicio, ur)
    WHERE (a.trimestre, a.version, b.trimestre, b.version) = (1, 2, 2, 1) ORDER BY ur"""
QUALITY = f"""
    SELECT ur, e.calidad, a.calidad, e.calidad - a.calidad, e.observaciones
    FROM v_entregas e LEFT JOIN (SELECT ur, calidad FROM v_entregas WHERE trimestre = 1 AND version = 2) a USING (ur)
    WHERE {WHICH} AND e.calidad IS NOT NULL ORDER BY e.calidad DESC, ur"""
EDITS = f"""
    SELECT ur, no_actividad, campo, esperado, valor FROM v_observaciones
    WHERE {WHICH} AND regla IN ('T01', 'T02', 'T03', 'T04') ORDER BY ur, no_actividad, regla, hoja, celda, mensaje"""


changed: Show = partial(change, scale=1.0)


@pytest.mark.parametrize(
    ("table", "columns", "question", "shown"),
    [
        ("unidades", (0, 2, 3, 6, 7, 8, 9, 10), UNITS, (text, state, ratio, ratio, ratio, text, text, text)),
        ("estrategias", (0, 1, 2, 3, 5), STRATEGIES, (text, text, wording.figure, ratio, ratio)),
        ("entregas", (0, 2, 3), DELIVERIES, (text, state, state)),
        ("calidad", (1, 3, 4, 5, 6), QUALITY, (text, wording.index, wording.index, changed, text)),
        ("cambios", (0, 1, 3, 4, 5), EDITS, (text, text, text, text, text)),
    ],
    ids=["units", "strategies", "deliveries", "quality", "edits"],
)
def test_table(
    year: Warehouse, page: Tables, table: str, columns: tuple[int, ...], question: str, shown: tuple[Show, ...]
) -> None:
    by_sql = [tuple(show(value) for show, value in zip(shown, row, strict=True)) for row in asked(year, question)]
    assert page.of(table, columns) == by_sql
    assert by_sql


def test_trend(year: Warehouse, page: Tables) -> None:
    """Counts and means by quarter; both versions are the ones that were current then."""
    told = {row[0]: row[1:] for row in page.rows["tendencia"]}
    for concept, question in {
        "Unidades que entregaron": "COUNT(*) FROM v_entregas WHERE {} AND estado IN ('aceptado', 'observado')",
        "Unidades faltantes": "COUNT(*) FROM v_entregas WHERE {} AND estado = 'faltante'",
        "Actividades consolidadas": "COUNT(*) FROM v_avance_actividad WHERE {}",
        "Renglones en cuarentena": "COUNT(*) FROM v_cuarentena WHERE {}",
        "Observaciones por atender": "COUNT(*) FROM v_observaciones WHERE {} AND NOT dispensada",
        "Presupuesto asignado": "SUM(asignado) FROM v_presupuesto WHERE {} AND nivel <> 'programa'",
    }.items():
        versions = ("trimestre = 1 AND version = 2", "trimestre = 2 AND version = 1")
        by_sql = [asked(year, f"SELECT {question.format(which)}")[0][0] for which in versions]
        assert told[concept] == [wording.figure(value) for value in by_sql], concept


def test_activities_of_the_script(year: Warehouse, page: Tables) -> None:
    names = (
        ("ur", "ur"),
        ("no", "no_actividad"),
        ("texto", "actividad"),
        ("estrategia", "estrategia"),
        ("luz", "semaforo"),
        ("programado", "programado_a_la_fecha"),
        ("realizado", "realizado_a_la_fecha"),
    )
    told = [tuple(row[name] for name, _ in names) for row in json.loads(page.scripts["datos"])["actividades"]]
    columns = ", ".join(column for _, column in names)
    assert told == asked(year, f"SELECT {columns} FROM v_avance_actividad WHERE {WHICH} ORDER BY ur, no_actividad")
