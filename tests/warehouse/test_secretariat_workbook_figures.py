"""Every sheet of the secretariat's workbook, read as another program reads it, against SQL on the public views."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from a_year import LivedYear
from python_calamine import CalamineWorkbook, load_workbook
from test_secretariat_figures import HEADLINE

from config.form import load_form
from flows.outputs.secretariat import report_of
from reports.secretariat.method import CONCEPTS
from reports.secretariat.workbook import secretariat_workbook
from warehouse.connect import Warehouse
from workbooks.export.report_workbook import write_report

# The second quarter as first published; then the first quarter's second version was current.
WHICH = "ejercicio = 2024 AND trimestre = 2 AND version = 1"
EARLIER = "ejercicio = 2024 AND trimestre = 1 AND version = 2"
HEADINGS = 4  # row of a filtered sheet's headings, from 0, below title, subject and totals


@pytest.fixture(scope="module")
def year(year_on_sqlite: LivedYear) -> Warehouse:
    return year_on_sqlite.warehouse


@pytest.fixture(scope="module")
def path(year: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "informe.xlsx"
    write_report(path, secretariat_workbook(report_of(year, 2024, 2, 1), load_form(2024)))
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> CalamineWorkbook:
    return load_workbook(path)


def rows(book: CalamineWorkbook, sheet: str, headings: tuple[str, ...], first: str = "UR") -> list[tuple[Any, ...]]:
    """Columns of a sheet's first table; empty cells are None."""
    cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    heading = next(place for place, row in enumerate(cells) if row[0] == first)
    places = [cells[heading].index(name) for name in headings]
    found = []
    for row in cells[heading + 1 :]:
        if not any(row):
            break
        found.append(tuple(None if row[place] == "" else row[place] for place in places))
    return found


def asked(warehouse: Warehouse, question: str) -> list[tuple[Any, ...]]:
    """The answer's rows; numbers as near as the report rounds them."""
    with warehouse.engine.connect() as connection:
        answer = connection.exec_driver_sql(question.replace("WHICH", WHICH))
        return [tuple(map(near, row)) for row in answer]


def one(warehouse: Warehouse, question: str) -> float:
    with warehouse.engine.connect() as connection:
        return float(connection.exec_driver_sql(question.replace("WHICH", WHICH)).scalar_one())


def near(value: object) -> object:
    return pytest.approx(value, abs=1e-6) if isinstance(value, int | float) else value


SHEETS = {
    "units": (
        "Unidades",
        ("UR", "Estado", "Cumpli-miento", "Avance físico anual", "Asignado", "Ejercido a la fecha",
         "Avance presupuestal", "Activi-dades", "En verde", "En amarillo", "En rojo", "En azul",
         "Sin programar", "Observa-ciones"),
        """SELECT ur, estado, u.cumplimiento, u.avance_anual, asignado, ejercido_t1 + ejercido_t2,
               (ejercido_t1 + ejercido_t2) / asignado, actividades, verdes, amarillos, rojos, azules, sin_programar,
               observaciones
           FROM v_entregas e LEFT JOIN v_avance_unidad u USING (ejercicio, trimestre, version, ur)
           LEFT JOIN v_presupuesto b USING (ejercicio, trimestre, version, ur) WHERE WHICH ORDER BY ur""",
    ),
    "activities": (
        "Actividades",
        ("UR", "No. act.", "Actividad", "Estrategia", "Unidad de medida", "Monto asignado", "Meta anual",
         "Programado a la fecha", "Realizado a la fecha", "Cumpli-miento", "Avance físico anual", "Semáforo",
         "Lectura"),
        """SELECT ur, no_actividad, actividad, estrategia, unidad_medida, monto_asignado, meta_anual,
               programado_a_la_fecha, realizado_a_la_fecha, cumplimiento, avance_anual, semaforo, lectura
           FROM v_avance_actividad WHERE WHICH ORDER BY ur, no_actividad""",
    ),
    "budget": (
        "Presupuesto",
        ("UR", "Nivel", "Asignado", "Ejercido T1, como se informó", "Ejercido T2, como se informó",
         "Ejercido a la fecha", "Avance presupuestal", "Avance que informó"),
        """SELECT ur, nivel, asignado, ejercido_t1, ejercido_t2, ejercido_t1 + ejercido_t2,
               (ejercido_t1 + ejercido_t2) / asignado, avance_reportado
           FROM v_presupuesto WHERE WHICH AND nivel <> 'programa' ORDER BY ur""",
    ),
    "deliveries": (
        "Entregas",
        ("UR", "Estado T2", "En plazo", "Libro", "Renglones", "En cua-rentena", "Observa-ciones", "Índice de calidad"),
        """SELECT ur, estado, CASE oportuna WHEN 1 THEN 'sí' WHEN 0 THEN 'no' END, libro, renglones, en_cuarentena,
               observaciones, calidad FROM v_entregas WHERE WHICH ORDER BY ur""",
    ),
    "findings": (
        "Observaciones",
        ("UR", "No. act.", "Regla", "Dice", "Se esperaba", "Diferencia", "Observación", "Hoja", "Celda"),
        """SELECT COALESCE(ur, '—'), no_actividad, regla, valor, esperado, diferencia, mensaje, hoja, celda
           FROM v_observaciones WHERE WHICH
           ORDER BY ur NULLS LAST, no_actividad NULLS LAST, regla, hoja NULLS LAST, celda NULLS LAST, mensaje""",
    ),
    "changes": (
        "Cambios",
        ("UR", "No. act.", "Campo", "Antes", "Ahora", "Observación", "Celda"),
        """SELECT ur, no_actividad, campo, esperado, valor, mensaje, celda FROM v_observaciones
           WHERE WHICH AND regla IN ('T01', 'T02', 'T03', 'T04')
           ORDER BY ur, no_actividad, regla, hoja, celda, mensaje""",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sheet", "headings", "question"), SHEETS.values(), ids=SHEETS)
def test_sheet(year: Warehouse, book: CalamineWorkbook, sheet: str, headings: tuple[str, ...], question: str) -> None:
    told, by_sql = rows(book, sheet, headings), asked(year, question)
    assert told == by_sql or (told, by_sql) == ([("Ninguno.", *[None] * (len(headings) - 1))], [])


def test_headline_by_quarter_and_what_it_changed(year: Warehouse, book: CalamineWorkbook) -> None:
    told = {row[0]: row[1:] for row in rows(book, "Resumen", ("Cifra", "T1", "T2", "Cambio"), "Cifra")}
    for key, question in HEADLINE.items():
        earlier = question.replace("ejercido_t1 + ejercido_t2", "ejercido_t1").replace("WHICH", EARLIER)
        (before, now) = (one(year, asking) for asking in (earlier, question))
        if "eje" not in key and "presupuestal" not in key:  # how the first quarter's is read: test_secretariat_quarter
            assert round(told[CONCEPTS[key][0]][0] - before, 4) == 0, key
        assert round(told[CONCEPTS[key][0]][1] - now, 4) == 0, key
    assert all(change == pytest.approx(now - before) for before, now, change in told.values() if change is not None)


def test_rankings_of_the_summary(year: Warehouse, book: CalamineWorkbook) -> None:
    assert rows(book, "Resumen", ("UR", "Cumplimiento"), "Unidad") == asked(
        year, "SELECT ur, cumplimiento FROM v_avance_unidad WHERE WHICH AND cumplimiento >= 0 ORDER BY 2, 1"
    )
    assert rows(
        book, "Resumen", ("Estrategia", "Actividades", "Cumplimiento", "Monto asignado"), "Estrategia"
    ) == asked(
        year,
        """SELECT estrategia, actividades, cumplimiento, monto_asignado
           FROM v_avance_estrategia WHERE WHICH ORDER BY 3, 1""",
    )


def test_totals_are_the_sums_of_what_is_shown(year: Warehouse, book: CalamineWorkbook) -> None:
    for sheet, place, question in (
        ("Unidades", 9, "SUM(asignado) FROM v_presupuesto WHERE WHICH AND nivel <> 'programa'"),
        ("Unidades", 11, "SUM(actividades) FROM v_avance_unidad WHERE WHICH"),
        ("Actividades", 6, "SUM(monto_asignado) FROM v_avance_actividad WHERE WHICH"),
        ("Presupuesto", 3, "SUM(asignado) FROM v_presupuesto WHERE WHICH AND nivel <> 'programa'"),
        ("Observaciones", 0, "COUNT(*) FROM v_observaciones WHERE WHICH"),
    ):
        totals = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[HEADINGS - 1]
        assert [(totals[place],)] == asked(year, f"SELECT {question}"), (sheet, place)


def test_received_on_the_clocks_of_the_office(year: Warehouse, book: CalamineWorkbook) -> None:
    told = {ur: received for ur, received in rows(book, "Entregas", ("UR", "Recibida")) if received}
    by_sql = asked(year, "SELECT ur, recibida_en FROM v_entregas WHERE WHICH AND recibida_en IS NOT NULL")
    whole = {ur: datetime.fromisoformat(str(received)).replace(microsecond=0) for ur, received in by_sql}
    assert {ur: received.replace(microsecond=0) for ur, received in told.items()} == whole


def test_the_dictionary_tells_every_column_of_every_sheet(book: CalamineWorkbook) -> None:
    told = {(sheet, heading): meaning for sheet, heading, meaning in rows(
        book, "Diccionario", ("Hoja", "Columna", "Qué dice"), "Hoja")}  # fmt: skip
    assert all(told.values())
    for sheet in ("Unidades", "Actividades", "Presupuesto", "Entregas", "Observaciones", "Cambios"):
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        headings = next(row for row in cells if row[0] == "UR")
        shown = {str(name).replace("-", "") for name in headings if name and not str(name).startswith("Estado T")}
        assert not [name for name in shown if (sheet, name) not in told], sheet


def test_the_same_version_gives_the_same_bytes_after_later_ones(year: Warehouse, path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_report(again, secretariat_workbook(report_of(year, 2024, 2, 1), load_form(2024)))
    assert again.read_bytes() == path.read_bytes()
