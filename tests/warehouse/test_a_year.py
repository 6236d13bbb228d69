"""What every view answers of a year of twelve units, worked out by hand; ``a_year`` tells what happens in it."""

from __future__ import annotations

from typing import Any

import pytest
from a_year import CODES

from warehouse.connect import Warehouse
from warehouse.queries import published


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest) -> Warehouse:
    """The whole year, lived once for all tests of it."""
    if request.param == "sqlite":
        warehouse: Warehouse = request.getfixturevalue("year_on_sqlite").warehouse
    else:
        warehouse = request.getfixturevalue("year_on_postgresql")
    return warehouse


def rows(warehouse: Warehouse, view: str, quarter: int, *columns: str, **which: Any) -> list[tuple[Any, ...]]:
    return published.view(warehouse, view, year=2024, quarter=quarter, **which).select(columns).rows()


def test_who_delivered(year: Warehouse) -> None:
    def states(quarter: int, **which: Any) -> dict[str, str]:
        found = rows(year, "v_entregas", quarter, "ur", "estado", **which)
        return {ur: state for ur, state in found if state != "aceptado"}

    assert states(1, version=1) == {"03": "rechazado", "05": "observado", "08": "observado", "09": "faltante"}
    assert states(1) == {"05": "observado", "08": "observado", "09": "faltante"}
    assert states(2, version=1) == {"04": "observado", "06": "observado", "11": "faltante"}
    assert states(2) == {"04": "observado", "06": "observado", "11": "observado"}
    assert states(3) == {"06": "observado", "07": "observado"}
    assert states(4) == {"06": "observado"}
    late = [ur for ur, on_time in rows(year, "v_entregas", 1, "ur", "oportuna") if on_time is False]
    assert late == ["05"]
    assert [row for row in rows(year, "v_entregas", 1, "ur", "renglones", "en_cuarentena") if row[2]] == [("08", 3, 1)]


def test_versions_and_their_states(year: Warehouse) -> None:
    found = published.versions(year).select("quarter", "version", "current", "state").rows()
    assert found == [
        (1, 1, False, "preliminar"),
        (1, 2, True, "preliminar"),
        (2, 1, False, "definitivo"),
        (2, 2, True, "definitivo"),
        (3, 1, True, "preliminar"),
        (4, 1, True, "preliminar"),
    ]


def test_what_is_told_in_each_quarter(year: Warehouse) -> None:
    def told(quarter: int) -> list[tuple[Any, ...]]:
        found = rows(year, "v_observaciones", quarter, "ur", "no_actividad", "regla", "valor", "esperado")
        return sorted(found, key=str)

    assert told(1) == [("05", None, "T05", "20/04/2024", "15/04/2024")]
    assert told(2) == [
        ("04", 1, "T01", "5", "2"),
        ("06", 1, "T02", "12", "8"),
        ("06", 1, "T02", "6", "2"),
        ("11", None, "T05", "25/07/2024", "15/07/2024"),
    ]
    # The retro-edit was told once; the target stays another than at the beginning.
    assert told(3) == [
        ("06", 1, "T02", "12", "8"),
        ("06", 1, "T02", "6", "2"),
        ("07", 2, "T03", "2", None),
    ]
    assert told(4) == [("06", 1, "T02", "12", "8"), ("06", 1, "T02", "6", "2")]
    known = rows(year, "v_observaciones", 4, "ur", "conocida_trimestre")
    assert known == [("06", 2), ("06", 2)]


def test_progress_to_date(year: Warehouse) -> None:
    def of(ur: str, quarter: int) -> list[tuple[Any, ...]]:
        names = ("ur", "no_actividad", "programado_a_la_fecha", "realizado_a_la_fecha", "cumplimiento", "semaforo")
        return [row[1:] for row in rows(year, "v_avance_actividad", quarter, *names) if row[0] == ur]

    assert of("01", 3) == [(1, 6.0, 6.0, 1.0, "verde"), (2, 6.0, 6.0, 1.0, "verde")]
    assert of("04", 1) == [(1, 2.0, 2.0, 1.0, "verde"), (2, 2.0, 2.0, 1.0, "verde")]
    assert of("04", 2) == [(1, 4.0, 7.0, 1.75, "azul"), (2, 4.0, 4.0, 1.0, "verde")]
    assert of("06", 4)[0] == (1, 12.0, 8.0, 8 / 12, "rojo")
    assert of("07", 4) == [(1, 8.0, 8.0, 1.0, "verde")]
    assert of("09", 1) == []


def test_means_of_units_and_strategies(year: Warehouse) -> None:
    units = {row[0]: row[1:] for row in rows(year, "v_avance_unidad", 4, "ur", "actividades", "cumplimiento", "rojos")}
    assert units["01"] == (2, 1.0, 0)
    # By amount: 100 pesos at 8 of 12, 300 at 1.
    assert units["06"] == (2, pytest.approx((100 * 8 / 12 + 300) / 400), 1)
    assert units["07"] == (1, 1.0, 0)
    [strategy] = rows(year, "v_avance_estrategia", 4, "estrategia", "actividades", "monto_asignado", "avance_anual")
    assert strategy == ("ER1-2.1.1", 23, 11 * 400 + 100, pytest.approx(1 - 100 * (1 - 8 / 12) / 4500))


def test_budget(year: Warehouse) -> None:
    lines = rows(year, "v_presupuesto", 1, "nivel", "ur", "asignado", "ejercido_t1", "avance_reportado")
    assert sorted(line for line in lines if line[0] != "programa") == [
        ("principal", code, 500.0, 125.0, 0.5) for code in CODES if code != "09"
    ]
    assert sum(line[0] == "programa" for line in lines) == 11


def test_quarantine(year: Warehouse) -> None:
    assert rows(year, "v_cuarentena", 1, "ur", "fila", "reglas") == [("08", 30, "R18")]
    assert rows(year, "v_cuarentena", 2, "ur") == []


def test_changes(year: Warehouse) -> None:
    def changed(quarter: int, **which: Any) -> list[tuple[Any, ...]]:
        names = ("ur", "no_actividad", "campo", "antes", "despues", "respecto_a")
        return rows(year, "v_cambios", quarter, *names, **which)

    assert changed(1, version=1) == []
    assert changed(1) == [
        ("03", None, "Estado de la entrega", "rechazado", "aceptado", "2024T1.1"),
        ("03", 1, "No. ACT (14)", None, "1", "2024T1.1"),
        ("03", 2, "No. ACT (14)", None, "2", "2024T1.1"),
    ]
    assert set(changed(2, version=1)) == {
        ("04", 1, "REALIZADO 1er. TRIM (21)", "2", "5", "2024T1.2"),
        ("06", 1, "META ANUAL (19)", "8", "12", "2024T1.2"),
        ("06", 1, "CALENDARIO 4o. TRIM (20)", "2", "6", "2024T1.2"),
        *((("09", number, "No. ACT (14)", None, str(number), "2024T1.2")) for number in (1, 2)),
        *((("11", number, "No. ACT (14)", str(number), None, "2024T1.2")) for number in (1, 2)),
    }
    assert changed(3) == [("07", 2, "No. ACT (14)", "2", None, "2024T2.2")]
    assert changed(4) == []
