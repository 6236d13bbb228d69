"""The public views: their columns, and figures checked by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import polars as pl
import pytest
from judged_batches import (
    IN_TIME,
    TOO_LATE,
    Book,
    activity,
    book,
    consolidate,
    extra,
    finding,
    quarantined,
    rejected,
)
from sqlalchemy import inspect

from config.policy import READINGS
from schemas.contracts import columns as c
from schemas.language.measures import ACHIEVED_TO_DATE, PLANNED_TO_DATE, figures
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError
from warehouse.queries import published
from warehouse.schema import views

COLUMNS = {
    "v_entregas": "ur unidad estado recibida_en oportuna libro renglones en_cuarentena observaciones calidad "
    "dispensadas estado_version",
    "v_avance_actividad": "ur unidad no_actividad actividad estrategia unidad_medida monto_asignado meta_anual "
    "programado_a_la_fecha realizado_a_la_fecha cumplimiento avance_anual semaforo unidad_canonica lectura",
    "v_avance_unidad": "ur unidad actividades monto_asignado cumplimiento avance_anual "
    "verdes amarillos rojos azules sin_programar",
    "v_avance_estrategia": "estrategia actividades monto_asignado cumplimiento avance_anual",
    "v_presupuesto": "nivel ur unidad asignado ejercido_t1 ejercido_t2 ejercido_t3 ejercido_t4 avance_reportado",
    "v_observaciones": "ur no_actividad regla severidad hoja celda campo valor esperado diferencia mensaje "
    "dispensada respuesta conocida_desde conocida_trimestre",
    "v_cuarentena": "ur no_actividad hoja fila reglas celdas propuesta",
    "v_cambios": "ur no_actividad campo antes despues origen respecto_a",
    "v_extra": "ur no_actividad campo valor hoja celda",
}

# Third quarter. To date: planned, achieved → cumplimiento.
PROGRESS = [
    activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 3), amount=300.0),  # 9, 9 → 1; the fourth quarter is not due
    activity("06", 2, (10, 10, 10, 10), (8, 8, 8, 0), amount=100.0),  # 30, 24 → 0.8
    activity("06", 3, (1, 1, 2, 0), (3, 3, 0, 0), amount=100.0),  # 4, 6 → 1.5, capped at 1 in means
    activity("06", 4, (10, 0, 0, 0), (1, 0, 0, 0), amount=500.0),  # 10, 1 → 0.1
    activity("06", 5, (0, 0, 0, 6), (None, None, None, None), amount=900.0),  # nothing planned to date
    activity("63", 1, (2, 2, 2, 2), (2, 2, 2, 0), amount=None, **{c.STRATEGY_CODE: "ER1-2.1.2"}),  # 6, 6 → 1
    activity("63", 2, (2, 2, 2, 2), (1, 1, 1, 0), amount=None, **{c.STRATEGY_CODE: None}),  # 6, 3 → 0.5
]
BOTH = book("06-y-63", PROGRESS, derived=["63"])


def test_columns_are_those_promised(warehouse: Warehouse) -> None:
    assert list(views.PUBLIC) == list(COLUMNS)
    for name, columns in COLUMNS.items():
        wanted = ["ejercicio", "trimestre", "version", "vigente", *columns.split()]
        assert [column["name"] for column in inspect(warehouse.engine).get_columns(name)] == wanted
        assert published.view(warehouse, name).columns == wanted


def test_values_have_the_types_promised(warehouse: Warehouse) -> None:
    consolidate(warehouse, book("t2", [activity("06", 1, (9, 9, 9, 9), (9, 9, 0, 0))]), quarter=2)
    beside = {"quarantined": [quarantined("06", 30)], "extra": [extra("06", 1, "Tepic")]}
    consolidate(warehouse, replace(BOTH, findings=[finding("A07")], **beside))
    for name, types in views.PUBLIC.items():
        frame = published.view(warehouse, name)
        assert frame.height
        assert frame.schema == pl.Schema({label: kind() for label, kind in types.items()})


def test_progress_of_activities(warehouse: Warehouse) -> None:
    assert _rows(
        warehouse,
        BOTH,
        "v_avance_actividad",
        *("ur", "no_actividad", "programado_a_la_fecha", "realizado_a_la_fecha", "cumplimiento", "semaforo"),
    ) == [
        ("06", 1, 9.0, 9.0, 1.0, "verde"),
        ("06", 2, 30.0, 24.0, 0.8, "amarillo"),
        ("06", 3, 4.0, 6.0, 1.5, "azul"),
        ("06", 4, 10.0, 1.0, 0.1, "rojo"),
        ("06", 5, 0.0, 0.0, None, "sin programar"),
        ("63", 1, 6.0, 6.0, 1.0, "verde"),
        ("63", 2, 6.0, 3.0, 0.5, "rojo"),
    ]


READ = [
    (("last", (100, 100, 100, 100), (100, 90, 80, 0)), ("último", 100.0, 80.0, 0.8, "amarillo")),
    (("last", (0, 50, 0, 100), (None, 50, None, None)), ("último", 50.0, 50.0, 1.0, "verde")),  # planned by half years
    (("last", (0, 50, 0, 100), (0, 20, 45, None)), ("último", 50.0, 45.0, 0.9, "verde")),  # caught up a quarter later
    (("last", (50, 50, 50, 50), (50, 50, 0, None)), ("último", 50.0, 0.0, 0.0, "rojo")),
    (("last", (0, 0, 0, 100), (None, None, None, None)), ("último", 0.0, 0.0, None, "sin programar")),
    (("average", (8, 0, 10, 10), (9, None, 9, 0)), ("promedio", 9.0, 9.0, 1.0, "verde")),  # no plan, no part of it
    (("maximum", (50, 80, 60, 90), (40, 60, 50, 99)), ("máximo", 80.0, 60.0, 0.75, "amarillo")),
    (("sum", (3, 3, 3, 3), (3, 3, 3, 0)), ("suma", 9.0, 9.0, 1.0, "verde")),
]


@pytest.mark.parametrize(("said", "expected"), READ)
def test_progress_is_read_as_the_measure_wants(said, expected, warehouse: Warehouse) -> None:  # type: ignore[no-untyped-def]
    reading, planned, achieved = said
    measure = {c.MEASURE_UNIT: "porcentajes", c.MEASURE: "Porcentaje", c.READING: reading}
    columns = ("lectura", "programado_a_la_fecha", "realizado_a_la_fecha", "cumplimiento", "semaforo")
    one = book("x", [activity("06", 1, planned, achieved, **measure)])
    assert _rows(warehouse, one, "v_avance_actividad", "unidad_medida", "unidad_canonica", *columns) == [
        ("porcentajes", "Porcentaje", *expected)
    ]


def test_rules_and_views_read_alike(warehouse: Warehouse) -> None:
    calendars = list(product((0.0, 2.0, 5.0), repeat=4))
    rows = [
        activity("06", no, planned, _results(planned, no), **{c.READING: READINGS[no % 4]})
        for no, planned in enumerate(calendars * 4)
    ]
    seen = _rows(warehouse, book("x", rows), "v_avance_actividad", "programado_a_la_fecha", "realizado_a_la_fecha")
    frame = pl.DataFrame(rows).with_columns(pl.col(name).cast(pl.String).alias(c.written(name)) for name in c.ACHIEVED)
    told = frame.select(**{name: figures(3)[name] for name in (PLANNED_TO_DATE, ACHIEVED_TO_DATE)})
    # What has no average is told of by no rule, and is nothing in a view.
    assert seen == told.fill_null(0).rows()


def _results(planned: tuple[float, ...], no: int) -> tuple[float | None, ...]:
    """Achieved of three quarters; left blank in some where nothing was planned."""
    every = [float((no * 7 + place * 3) % 6) for place in range(3)]
    return (*(None if plan == 0 and no % 2 else done for plan, done in zip(planned, every, strict=False)), None)


def test_a_units_means_follow_the_reading(warehouse: Warehouse) -> None:
    percent = {c.READING: "last", c.ANNUAL_TARGET: 100.0}
    rows = [
        activity("06", 1, (100, 100, 100, 100), (100, 90, 80, 0), amount=300.0, **percent),  # 0.8 and 80 / 100
        activity("06", 2, (3, 3, 3, 3), (3, 3, 3, 0), amount=100.0),  # 1 and 9 / 12
    ]
    assert _rows(warehouse, book("x", rows), "v_avance_unidad", "cumplimiento", "avance_anual") == [
        (pytest.approx((300 * 0.8 + 100) / 400), pytest.approx((300 * 0.8 + 100 * 0.75) / 400))
    ]


def test_yearly_progress_is_against_the_annual_target(warehouse: Warehouse) -> None:
    zero = activity("06", 1, (0, 0, 0, 0), (0, 0, 0, 0))
    half = activity("06", 2, (3, 3, 3, 3), (3, 3, 0, 0))
    rows = _rows(warehouse, book("x", [zero, half]), "v_avance_actividad", "meta_anual", "avance_anual")
    assert rows == [(0.0, None), (12.0, 0.5)]


def test_bounds_of_the_traffic_light_belong_to_the_better_colour(warehouse: Warehouse) -> None:
    lights = {6: "rojo", 7: "amarillo", 8: "amarillo", 9: "verde", 13: "verde", 14: "azul"}
    rows = [activity("06", achieved, (10, 0, 0, 0), (achieved, 0, 0, 0)) for achieved in lights]
    found = _rows(warehouse, book("x", rows), "v_avance_actividad", "no_actividad", "semaforo")
    assert dict(found) == lights


def test_a_units_progress_is_weighted_by_amount_and_capped(warehouse: Warehouse) -> None:
    # 06: (300·1 + 100·0.8 + 100·1 + 500·0.1) / 1000; 63 states no amounts: (1 + 0.5) / 2
    rows = _rows(
        warehouse,
        BOTH,
        "v_avance_unidad",
        *("ur", "unidad", "actividades", "monto_asignado", "cumplimiento"),
        *("verdes", "amarillos", "rojos", "azules", "sin_programar"),
    )
    assert rows == [
        ("06", "UNIDAD DE ANÁLISIS", 5, 1900.0, pytest.approx(0.53), 1, 1, 1, 1, 1),
        ("63", "DEPARTAMENTO DE INFORMÁTICA", 2, None, pytest.approx(0.75), 1, 0, 1, 0, 0),
    ]


def test_a_units_yearly_progress(warehouse: Warehouse) -> None:
    # 06: (300·9/12 + 100·24/40 + 100·1 + 500·1/10 + 900·0/6) / 1900; 63: (6/8 + 3/8) / 2
    assert _rows(warehouse, BOTH, "v_avance_unidad", "avance_anual") == [
        (pytest.approx(435 / 1900),),
        (pytest.approx(0.5625),),
    ]


def test_progress_of_strategies(warehouse: Warehouse) -> None:
    assert _rows(
        warehouse, BOTH, "v_avance_estrategia", "estrategia", "actividades", "monto_asignado", "cumplimiento"
    ) == [
        (None, 1, None, 0.5),
        ("ER1-2.1.1", 5, 1900.0, pytest.approx(0.53)),
        ("ER1-2.1.2", 1, None, 1.0),
    ]


def test_deliveries(warehouse: Warehouse) -> None:
    late = book(
        "tarde",
        [activity("06", 1, (1, 1, 1, 1), (1, 1, 1, 0))],
        verdict="observado",
        quarantined=[quarantined("06", 30)],
        findings=[finding("R18", "06"), finding("T05"), finding("R05", "06")],
        received_at=TOO_LATE,
    )
    consolidate(warehouse, late, rejected("roto", "07", finding("A01"), finding("A03")))
    frame = published.view(warehouse, "v_entregas").drop("ejercicio", "trimestre", "version", "vigente", "unidad")
    local = TOO_LATE.replace(tzinfo=None, hour=11)
    on_time = IN_TIME.replace(tzinfo=None, hour=11)
    assert frame.rows() == [
        ("06", "observado", local, False, "tarde.xlsx", 2, 1, 2, 97.5, 0, "preliminar"),
        ("07", "rechazado", on_time, True, "roto.xlsx", 0, 0, 2, 0.0, 0, "preliminar"),
        ("63", "faltante", None, None, None, None, None, None, None, None, "preliminar"),
    ]


def test_budget_shows_the_programme_once_and_each_unit_from_who_speaks_for_it(warehouse: Warehouse) -> None:
    own = book("63-propio", [activity("63", 1, (1, 1, 1, 1), (1, 1, 1, 0))])
    own = replace(own, budget=[own.budget[0], {**own.budget[1], c.ASSIGNED_AMOUNT: 70.0}])
    consolidate(warehouse, BOTH, own)
    frame = published.view(warehouse, "v_presupuesto")
    assert sorted(frame.select("ur", "nivel", "unidad", "asignado", "ejercido_t4").rows(), key=str) == [
        ("06", "principal", "UNIDAD DE ANÁLISIS", 500.0, 125.0),
        ("63", "principal", "DEPARTAMENTO DE INFORMÁTICA", 70.0, 125.0),
        (None, "programa", "MODERNIZACIÓN", 1000.0, 250.0),
        (None, "programa", "MODERNIZACIÓN", 1000.0, 250.0),
    ]


def test_budget_names_levels_in_spanish(warehouse: Warehouse) -> None:
    assert _rows(warehouse, BOTH, "v_presupuesto", "nivel", "ur") == [
        ("programa", None),
        ("principal", "06"),
        ("derivada", "63"),
    ]


def test_findings_of_rejected_and_whole_workbooks_are_shown(warehouse: Warehouse) -> None:
    noted = replace(
        BOTH,
        findings=[
            finding("A07"),
            finding("R05", "06", **{c.ACTIVITY_NO: 3, c.CELL: "H31", c.DIFFERENCE: 10.0}),
        ],
    )
    consolidate(warehouse, noted, rejected("roto", "07"))
    frame = published.view(warehouse, "v_observaciones")
    columns = ("ur", "no_actividad", "regla", "severidad", "celda", "diferencia", "dispensada", "respuesta")
    assert frame.select(columns).rows() == [
        ("06", None, "A07", "aviso", None, None, False, None),
        ("06", 3, "R05", "aviso", "H31", 10.0, False, None),
        ("07", None, "A01", "archivo", None, None, False, None),
    ]


def test_findings_on_a_unit_come_from_who_speaks_for_it(warehouse: Warehouse) -> None:
    stray = finding("R11", "07")  # a row of a UR that the workbook does not deliver
    parents = replace(BOTH, findings=[finding("R05", "63"), stray])
    own = book("63-propio", [activity("63", 1, (1, 1, 1, 1), (1, 1, 1, 0))], findings=[finding("R07", "63")])
    consolidate(warehouse, parents, own)
    assert published.view(warehouse, "v_observaciones").select("ur", "regla").rows() == [
        ("07", "R11"),
        ("63", "R07"),
    ]


def test_quarantined_rows_are_kept_as_written(warehouse: Warehouse) -> None:
    held = [quarantined("06", 30), quarantined("99", 31, "E01"), quarantined(None, 32, "R01")]
    consolidate(warehouse, book("x", PROGRESS[:1], verdict="observado", quarantined=held))
    frame = published.view(warehouse, "v_cuarentena")
    assert frame.select("ur", "fila", "reglas").rows() == [
        (None, 32, "R01"),
        ("06", 30, "R18"),
        ("99", 31, "E01"),
    ]
    assert frame["celdas"].unique().to_list() == ['{"description": "Elaborar informes", "planned_q1": "3"}']


def test_views_show_the_last_version_unless_asked(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH)
    consolidate(warehouse, book("nuevo", [activity("07", 1, (1, 1, 1, 1), (1, 1, 1, 0))]))
    count = {which: published.view(warehouse, "v_avance_unidad", **more).height for which, more in {
        "last": {}, "first": {"version": 1}, "all": {"current": False}, "none": {"year": 2023},
    }.items()}  # fmt: skip
    assert count == {"last": 3, "first": 2, "all": 5, "none": 0}


def test_an_unknown_view_is_named_with_those_that_are(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match=r"no view v_avances; there are v_entregas, "):
        published.view(warehouse, "v_avances")


def test_extra_values_are_shown_for_the_units_that_the_workbook_speaks_for(warehouse: Warehouse) -> None:
    derived = book(
        "06-y-63",
        PROGRESS,
        derived=["63"],
        extra=[extra("06", 1, "Tepic"), extra("63", 1, "Compostela"), extra(None, None, "F-1", **{c.LABEL: "Folio"})],
    )
    own = book("63", [PROGRESS[5]], extra=[extra("63", 1, "Xalisco", **{c.LABEL: None})])
    void = rejected("roto", "07")
    consolidate(warehouse, derived, own, void)
    shown = published.view(warehouse, "v_extra").select("ur", "no_actividad", "campo", "valor", "hoja", "celda").rows()
    assert set(shown) == {
        (None, None, "Folio", "F-1", "POA 06", "X20"),
        ("06", 1, "MUNICIPIO", "Tepic", "POA 06", "X21"),
        ("63", 1, None, "Xalisco", "POA 06", "X21"),
    }


def _rows(warehouse: Warehouse, one: Book, name: str, *columns: str) -> list[tuple[object, ...]]:
    consolidate(warehouse, one)
    return published.view(warehouse, name, year=2024, quarter=3).select(columns).rows()
