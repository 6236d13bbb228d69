"""Who speaks for a UR, and when a new version is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from judged_batches import IN_TIME, LIGHT, RULES, UNITS, activity, book, consolidate, finding, rejected
from sqlalchemy import func, select

from config.catalog import Unit
from config.policy import TrafficLight
from warehouse.connect import Warehouse
from warehouse.queries import published
from warehouse.schema import tables

THREE = (3, 3, 3, 3)
LATER = IN_TIME + timedelta(days=1)

BOTH = book("06-y-63", [activity("06", 1, THREE, THREE), activity("63", 1, THREE, THREE)], derived=["63"])
OWN_63 = book("63-propio", [activity("63", 1, THREE, (9, 9, 9, 0))])


def speaking(warehouse: Warehouse, **which: int) -> dict[str, tuple[str, str | None]]:
    """UR → (estado, libro) of the quarter."""
    rows = published.view(warehouse, "v_entregas", year=2024, quarter=3, **which)
    return {row["ur"]: (row["estado"], row["libro"]) for row in rows.iter_rows(named=True)}


def test_a_quarter_without_workbooks_has_every_unit_missing(warehouse: Warehouse) -> None:
    assert consolidate(warehouse).version == 1
    assert speaking(warehouse) == dict.fromkeys(("06", "07", "63"), ("faltante", None))


def test_each_unit_delivered_has_its_workbook(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH)
    assert speaking(warehouse) == {
        "06": ("aceptado", "06-y-63.xlsx"),
        "07": ("faltante", None),
        "63": ("aceptado", "06-y-63.xlsx"),
    }


@pytest.mark.parametrize("books", [(BOTH, OWN_63), (OWN_63, BOTH.received(LATER))])
def test_its_own_workbook_outranks_its_parents(warehouse: Warehouse, books: tuple) -> None:
    consolidate(warehouse, *books)
    assert speaking(warehouse)["63"] == ("aceptado", "63-propio.xlsx")
    assert speaking(warehouse)["06"] == ("aceptado", "06-y-63.xlsx")


def test_of_two_alike_the_later_receipt_speaks(warehouse: Warehouse) -> None:
    first = book("primero", [activity("07", 1, THREE, THREE)], received_at=LATER)
    second = book("segundo", [activity("07", 1, THREE, THREE)], received_at=IN_TIME)
    consolidate(warehouse, first, second)
    assert speaking(warehouse)["07"] == ("aceptado", "primero.xlsx")


def test_at_the_same_instant_the_later_submission_speaks(warehouse: Warehouse) -> None:
    consolidate(warehouse, book("primero", [activity("07", 1, THREE, THREE)]))
    consolidate(warehouse, book("segundo", [activity("07", 1, THREE, THREE)]))
    assert speaking(warehouse)["07"] == ("aceptado", "segundo.xlsx")


def test_a_rejected_workbook_never_displaces_an_accepted_one(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH)
    again = consolidate(warehouse, rejected("roto", "06", received_at=LATER))
    assert (again.version, again.new) == (1, False)
    assert speaking(warehouse)["06"] == ("aceptado", "06-y-63.xlsx")


def test_a_unit_with_only_rejected_workbooks_is_rejected(warehouse: Warehouse) -> None:
    consolidate(warehouse, rejected("roto", "07"), rejected("peor", "07", received_at=LATER))
    assert speaking(warehouse)["07"] == ("rechazado", "peor.xlsx")


def test_a_unit_whose_rows_were_all_quarantined_is_rejected(warehouse: Warehouse) -> None:
    mixed = replace(BOTH, units=[BOTH.units[0], {**BOTH.units[1], "verdict": "rechazado"}])
    consolidate(warehouse, replace(mixed, activities=BOTH.activities[:1]))
    assert speaking(warehouse)["63"] == ("rechazado", "06-y-63.xlsx")


def test_a_delivered_unit_outside_the_catalogue_is_not_dropped(warehouse: Warehouse) -> None:
    consolidate(warehouse, book("06-99", [activity("06", 1, THREE, THREE), activity("99", 1, THREE, THREE)]))
    assert speaking(warehouse)["99"] == ("aceptado", "06-99.xlsx")


def test_the_same_inbox_again_publishes_and_stores_nothing(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, BOTH, rejected("roto", None))
    before = _counts(warehouse)
    again = consolidate(warehouse, BOTH, rejected("roto", None))
    assert (again.version, again.new, again.digest) == (first.version, False, first.digest)
    assert _counts(warehouse) == before | {"run": 2}


def test_a_changed_workbook_gives_a_new_version_and_the_old_one_stays(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH)
    changed = book("corregido", [activity("06", 1, THREE, (3, 3, 1, 0))], received_at=LATER)
    second = consolidate(warehouse, BOTH, changed)
    assert (second.version, second.new) == (2, True)
    assert speaking(warehouse)["06"] == ("aceptado", "corregido.xlsx")
    assert speaking(warehouse, version=1)["06"] == ("aceptado", "06-y-63.xlsx")
    assert published.versions(warehouse).select("version", "current", "state").rows() == [
        (1, False, "preliminar"),
        (2, True, "preliminar"),
    ]


def test_changed_bounds_of_the_traffic_light_give_a_new_version(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH)
    assert consolidate(warehouse, BOTH, light=TrafficLight(green=0.95, amber=0.7, blue=1.3)).version == 2
    assert not consolidate(warehouse, BOTH, light=TrafficLight(green=0.95, amber=0.7, blue=1.3)).new


def test_changed_rules_judge_anew_and_changed_back_the_old_judgement_holds(warehouse: Warehouse) -> None:
    stricter = replace(BOTH, findings=[finding("R05", "06")])
    first = consolidate(warehouse, BOTH)
    second = consolidate(warehouse, stricter, provenance=replace(RULES, rules="r2"))
    third = consolidate(warehouse, BOTH)
    assert (second.version, third.version) == (2, 3)
    assert third.digest == first.digest != second.digest
    assert _counts(warehouse)["judgement"] == 2


def test_the_same_bytes_under_two_names_in_one_run_are_stored_once(warehouse: Warehouse) -> None:
    copy = replace(BOTH, receipt=replace(BOTH.receipt, file="copia.xlsx"))
    consolidate(warehouse, BOTH, copy)
    assert _counts(warehouse)["submission"] == _counts(warehouse)["judgement"] == 1


def test_a_quarter_does_not_know_of_another(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH, quarter=3)
    assert consolidate(warehouse, BOTH, quarter=4).new
    assert _counts(warehouse)["submission"] == 2


def test_the_catalogue_keeps_its_history(warehouse: Warehouse) -> None:
    consolidate(warehouse)
    renamed = {**UNITS, "07": Unit("07", "UNIDAD DE EVALUACIÓN", None, None)}
    without_63 = {code: unit for code, unit in renamed.items() if code != "63"}
    consolidate(warehouse, units=without_63, light=LIGHT)
    with warehouse.engine.connect() as connection:
        rows = connection.execute(select(tables.unit.c.code, tables.unit.c.name, tables.unit.c.valid_to.is_(None)))
        assert sorted(tuple(row) for row in rows) == [
            ("06", "UNIDAD DE ANÁLISIS", True),
            ("07", "UNIDAD DE EVALUACIÓN", True),
            ("07", "UNIDAD DE PLANEACIÓN", False),
            ("63", "DEPARTAMENTO DE INFORMÁTICA", False),
        ]


def _counts(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }
