"""Every figure of the secretariat's report against SQL on the public views, and what later versions do not change."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from a_year import LivedYear
from polars.testing import assert_frame_equal

from flows.outputs.secretariat import report_of
from reports.secretariat.report import Secretariat
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError


@pytest.fixture(scope="module")
def year(year_on_sqlite: LivedYear) -> Warehouse:
    return year_on_sqlite.warehouse


@pytest.fixture(scope="module")
def second(year: Warehouse) -> Secretariat:
    return report_of(year, 2024, 2)


def asked(warehouse: Warehouse, question: str, report: Secretariat) -> list[tuple[Any, ...]]:
    """What the SQL answers about the report's version; WHICH stands for its condition."""
    of = report.of
    which = f"ejercicio = {of.year} AND trimestre = {of.quarter} AND version = {of.version}"
    with warehouse.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(question.replace("WHICH", which))]


CAPPED = "SUM(MIN({0}, 1.0) * monto_asignado) / SUM(CASE WHEN {0} IS NOT NULL THEN monto_asignado END)"
LINES = "FROM v_presupuesto WHERE WHICH AND nivel <> 'programa'"
DELIVERIES = "FROM v_entregas WHERE WHICH"
ACTIVITIES = "FROM v_avance_actividad WHERE WHICH"
HEADLINE = {
    "unidades": f"SELECT COUNT(*) {DELIVERIES}",
    "entregadas": f"SELECT COUNT(*) {DELIVERIES} AND estado IN ('aceptado', 'observado')",
    "aceptadas": f"SELECT COUNT(*) {DELIVERIES} AND estado = 'aceptado'",
    "observadas": f"SELECT COUNT(*) {DELIVERIES} AND estado = 'observado'",
    "rechazadas": f"SELECT COUNT(*) {DELIVERIES} AND estado = 'rechazado'",
    "faltantes": f"SELECT COUNT(*) {DELIVERIES} AND estado = 'faltante'",
    "tardias": f"SELECT COUNT(*) {DELIVERIES} AND NOT oportuna",
    "actividades": f"SELECT COUNT(*) {ACTIVITIES}",
    "en_cuarentena": "SELECT COUNT(*) FROM v_cuarentena WHERE WHICH",
    "observaciones": "SELECT COUNT(*) FROM v_observaciones WHERE WHICH AND NOT dispensada",
    "dispensadas": "SELECT COUNT(*) FROM v_observaciones WHERE WHICH AND dispensada",
    "calidad": f"SELECT AVG(calidad) {DELIVERIES}",
    "cumplimiento": f"SELECT {CAPPED.format('cumplimiento')} {ACTIVITIES}",
    "avance_anual": f"SELECT {CAPPED.format('avance_anual')} {ACTIVITIES}",
    **{
        name: f"SELECT COUNT(*) {ACTIVITIES} AND semaforo = '{light}'"
        for name, light in {
            "verdes": "verde",
            "amarillos": "amarillo",
            "rojos": "rojo",
            "azules": "azul",
            "sin_programar": "sin programar",
        }.items()
    },
    "asignado": f"SELECT SUM(asignado) {LINES}",
    # The year's units report four equal quarters and 50 %: in the second quarter it is the sum that gives it.
    "ejercido": f"SELECT SUM(ejercido_t1 + ejercido_t2) {LINES}",
    "avance_presupuestal": f"SELECT SUM(ejercido_t1 + ejercido_t2) / SUM(asignado) {LINES}",
}


def test_headline(year: Warehouse, second: Secretariat) -> None:
    told = dict(second.headline.select("clave", "valor").iter_rows())
    by_sql = {key: asked(year, question, second)[0][0] for key, question in HEADLINE.items()}
    assert told == pytest.approx(by_sql, abs=1e-6)


def test_headline_beside_the_quarter_before(year: Warehouse, second: Secretariat) -> None:
    before = report_of(year, 2024, 1).headline
    assert second.headline["anterior"].to_list() == before["valor"].to_list()
    assert before["anterior"].null_count() == before.height


def test_units(year: Warehouse, second: Secretariat) -> None:
    names = "ur, estado, oportuna, libro, observaciones, calidad"
    assert second.units.select(names.split(", ")).rows() == asked(
        year, f"SELECT {names} FROM v_entregas WHERE WHICH ORDER BY ur", second
    )
    names = (
        "ur, actividades, monto_asignado, cumplimiento, avance_anual, verdes, amarillos, rojos, azules, sin_programar"
    )
    told = second.units.drop_nulls("actividades").select(names.split(", ")).rows()
    by_sql = asked(year, f"SELECT {names} FROM v_avance_unidad WHERE WHICH ORDER BY ur", second)
    assert told == [pytest.approx(row) for row in by_sql]
    names = "ur, asignado, ejercido, avance_presupuestal"
    question = (
        f"SELECT ur, asignado, ejercido_t1 + ejercido_t2, (ejercido_t1 + ejercido_t2) / asignado {LINES} ORDER BY ur"
    )
    assert second.units.drop_nulls("asignado").select(names.split(", ")).rows() == asked(year, question, second)


def test_strategies(year: Warehouse, second: Secretariat) -> None:
    names = "estrategia, actividades, monto_asignado, cumplimiento, avance_anual"
    told = second.strategies.select(names.split(", ")).rows()
    by_sql = asked(year, f"SELECT {names} FROM v_avance_estrategia WHERE WHICH ORDER BY cumplimiento", second)
    assert told == [pytest.approx(row) for row in by_sql]


def test_activities_and_where_their_figures_stand(year: Warehouse, second: Secretariat) -> None:
    names = (
        "ur, no_actividad, actividad, estrategia, unidad_medida, meta_anual, programado_a_la_fecha, "
        "realizado_a_la_fecha, semaforo"
    )
    assert second.activities.select(names.split(", ")).rows() == asked(
        year, f"SELECT {names} FROM v_avance_actividad WHERE WHICH ORDER BY ur, no_actividad", second
    )
    of_four = second.cells.filter(ur="04", no_actividad=1)
    assert dict(of_four.select("campo", "valor").iter_rows()) == {
        "assigned_amount": 100.0,
        "annual_target": 8.0,
        **{f"planned_q{quarter}": 2.0 for quarter in (1, 2, 3, 4)},
        **dict(zip(("achieved_q1", "achieved_q2", "achieved_q3", "achieved_q4"), (5.0, 2.0, None, None), strict=True)),
    }
    assert set(second.activities["hoja"]) == {f"POA {ur}" for ur in second.activities["ur"]}


def test_matrix_and_trend_are_of_what_was_current_then(second: Secretariat) -> None:
    assert second.of.versions == ((1, 2), (2, 2))
    states = {(ur, quarter): state for ur, quarter, state in second.matrix.select("ur", "trimestre", "estado").rows()}
    assert states["03", 1] == "aceptado"
    assert states["09", 1] == "faltante"
    assert second.matrix.filter(pl.col("dias_tarde") > 0).select("ur", "trimestre", "dias_tarde").rows() == [
        ("05", 1, 5),
        ("11", 2, 10),
    ]
    trend = second.trend.select("trimestre", "version", "entregadas", "faltantes", "rechazadas")
    assert trend.rows() == [(1, 2, 11, 1, 0), (2, 2, 12, 0, 0)]


def test_movements_and_edits(year: Warehouse, second: Secretariat) -> None:
    assert second.edits.select("ur", "no_actividad", "regla", "antes", "despues").rows() == [
        ("04", 1, "T01", "2", "5"),
        ("06", 1, "T02", "2", "6"),
        ("06", 1, "T02", "8", "12"),
    ]
    third = report_of(year, 2024, 3).edits.filter(regla="T03").select("ur", "cambio", "antes", "despues")
    assert third.rows() == [("07", "Actividad retirada", "2", None)]
    assert second.movements.is_empty()
    fourth = report_of(year, 2024, 4)
    [(ur, before, after, change)] = fourth.movements.select("ur", "antes", "despues", "cambio").rows()
    assert (ur, before, after) == ("06", 1.0, pytest.approx((100 * 8 / 12 + 300) / 400))
    assert change == pytest.approx(after - before)


def test_a_version_says_the_same_after_later_ones(year_on_sqlite: LivedYear) -> None:
    told = year_on_sqlite.told
    for before in told:
        after = report_of(year_on_sqlite.warehouse, 2024, before.of.quarter, before.of.version)
        assert before.of.versions == after.of.versions
        # Closing the quarter is the one thing that happens to a version.
        assert before.notes == after.notes or before.of.state != after.of.state
        for name, frame in vars(before).items():
            if isinstance(frame, pl.DataFrame):
                assert_frame_equal(frame, getattr(after, name), check_exact=True)
    assert [(one.of.quarter, one.of.version) for one in told] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (4, 1)]


def test_a_version_that_there_is_not(year: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r"2024 T2 has no version 7; there are 1, 2"):
        report_of(year, 2024, 2, 7)
    with pytest.raises(WarehouseError, match=r"2023 T2 has no snapshot; run `poa consolidate` first"):
        report_of(year, 2023, 2)


def test_both_databases_say_the_same(year: Warehouse, year_on_postgresql: Warehouse) -> None:
    told, again = report_of(year, 2024, 3), report_of(year_on_postgresql, 2024, 3)
    for name, frame in vars(told).items():
        if isinstance(frame, pl.DataFrame):
            assert_frame_equal(frame, getattr(again, name), check_exact=True)
