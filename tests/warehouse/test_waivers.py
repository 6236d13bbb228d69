"""Waivers: they silence what they are pinned to, for as long as it is the same and until they end."""

from __future__ import annotations

from datetime import date

import polars as pl
from judged_batches import QUIET, TOO_LATE, Book, activity, beginning, book, consolidate, finding, totals
from test_history_of_versions import LATENESS

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.consolidation import Grant, Judge, Published
from warehouse.queries import published as queries

THREE = (3, 3, 3, 3)
YEAR_END = Grant(author="Dirección de Planeación", reason="Oficio 12/2024", until=date(2024, 12, 31))
PLACE = {c.ACTIVITY_NO: 1, c.FIELD: "strategy_code", c.SHEET: "POA 06", c.CELL: "E27", c.ROW: 27, c.COL: 5}


def sent(name: str, value: str = "ER1-2.10", **more: object) -> Book:
    """UR 06 with one finding of R13 and one of R05, which an aviso each makes observed."""
    told = [
        finding("R13", "06", **{**PLACE, c.VALUE: value}),
        finding("R05", "06", **{**PLACE, c.FIELD: "annual_target", c.CELL: "H27", c.COL: 8, c.VALUE: "62"}),
    ]
    return book(name, [activity("06", 1, THREE, THREE)], findings=told, verdict="observado", **more)  # type: ignore[arg-type]


def waive(warehouse: Warehouse, rule: str, by: Grant = YEAR_END, judge: Judge = QUIET, quarter: int = 3) -> Published:
    with beginning(warehouse, quarter=quarter, command="waive") as run:
        run.waive(run.waivable().filter(pl.col(c.RULE) == rule), by)
        return run.publish(totals([], 0), judge)  # type: ignore[no-any-return]


def listed(warehouse: Warehouse, **which: int) -> dict[str, bool]:
    return dict(queries.view(warehouse, "v_observaciones", **which).select("regla", "dispensada").rows())


def delivered(warehouse: Warehouse, **which: int) -> tuple[object, ...]:
    rows = queries.view(warehouse, "v_entregas", **which).filter(ur="06")
    return rows.select("estado", "observaciones", "dispensadas").row(0)


def test_a_waived_finding_stays_listed_and_counts_apart(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, sent("a"))
    second = waive(warehouse, "R13")
    assert (second.version, second.new) == (2, True)
    assert second.digest != first.digest
    assert listed(warehouse) == {"R13": True, "R05": False}
    assert delivered(warehouse) == ("observado", 1, 1)
    assert listed(warehouse, version=1) == {"R13": False, "R05": False}
    assert delivered(warehouse, version=1) == ("observado", 2, 0)


def test_where_all_is_waived_the_unit_is_accepted(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"))
    waive(warehouse, "R13")
    waive(warehouse, "R05")
    assert delivered(warehouse) == ("aceptado", 0, 2)
    assert queries.view(warehouse, "v_entregas").filter(ur="06")["calidad"].item() == 100.0


def test_it_holds_when_the_same_is_sent_again(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"))
    waive(warehouse, "R13")
    assert not consolidate(warehouse, sent("a")).new
    consolidate(warehouse, sent("a"), sent("b", received_at=TOO_LATE))
    assert listed(warehouse) == {"R13": True, "R05": False}


def test_it_lapses_when_the_value_changes(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"))
    waive(warehouse, "R13")
    consolidate(warehouse, sent("a"), sent("b", value="ER1-2.11", received_at=TOO_LATE))
    assert listed(warehouse) == {"R13": False, "R05": False}


def test_it_ends_with_the_last_quarter_that_ends_by_its_day(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"), quarter=2)
    waive(warehouse, "R13", Grant("Dirección", "Prórroga", date(2024, 9, 30)), quarter=2)
    for quarter, waived in ((3, True), (4, False)):
        consolidate(warehouse, sent(f"q{quarter}"), quarter=quarter)
        assert listed(warehouse, quarter=quarter)["R13"] is waived


def test_it_does_not_reach_back(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"), quarter=1)
    consolidate(warehouse, sent("b"), quarter=2)
    waive(warehouse, "R13", quarter=2)
    consolidate(warehouse, sent("a"), sent("c", received_at=TOO_LATE), quarter=1)
    assert listed(warehouse, quarter=1)["R13"] is False


def test_a_finding_about_the_whole_workbook_is_waived_for_its_sender(warehouse: Warehouse) -> None:
    late = book("07", [activity("07", 1, THREE, THREE)], received_at=TOO_LATE)
    consolidate(warehouse, late, judge=LATENESS)
    waive(warehouse, "T05", judge=LATENESS)
    assert listed(warehouse) == {"T05": True}
    assert queries.view(warehouse, "v_entregas").filter(ur="07")["estado"].item() == "aceptado"
    published = queries.as_published(warehouse, 1)
    assert published.told[c.WAIVED].to_list() == [True]


def test_who_waived_what_is_kept(warehouse: Warehouse) -> None:
    consolidate(warehouse, sent("a"))
    waive(warehouse, "R13")
    granted, quarter, used = queries.waivers_of(warehouse, 2024, None)
    columns = (c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.VALUE, c.CELL, "author", "until")
    assert granted.select(columns).rows() == [
        ("R13", "06", 1, "ER1-2.10", "E27", "Dirección de Planeación", date(2024, 12, 31))
    ]
    assert (quarter, used) == (3, [1])
