"""A submission that is withdrawn and received again changes nothing of what older versions say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from judged_batches import (
    IN_TIME,
    QUIET,
    RULES,
    TOO_LATE,
    Book,
    activity,
    beginning,
    book,
    consolidate,
    rejected,
    totals,
)

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.consolidation import Decision
from warehouse.queries import published
from warehouse.queries.as_of import published_version
from warehouse.schema.views import PUBLIC

BY = Decision("Dirección", "Se envió por error")
Q = (3, 3, 3, 3)
OWN_06 = book("06", [activity("06", 1, Q, Q)])
OWN_07 = book("07", [activity("07", 1, Q, Q)], received_at=IN_TIME + timedelta(minutes=1))
OWN_63 = book("63", [activity("63", 1, Q, Q)], received_at=TOO_LATE)
# Nobody in the catalogue answers for it.
NOBODYS = rejected("roto", "99")


def everything(warehouse: Warehouse, version: int) -> dict[str, Any]:
    """What the version says, however it is asked; not whether it is the current one."""
    which = {"year": 2024, "quarter": 3, "version": version}
    said: dict[str, Any] = {
        name: published.view(warehouse, name, **which, current=False).drop("vigente").rows() for name in PUBLIC
    }
    workbooks = published.reported_workbooks(warehouse, 2024, 3, version)
    said["workbooks"] = workbooks.sort(c.SHA256).rows()
    said["version"] = published_version(warehouse, 2024, 3, version).digest
    return said


def withdraw(warehouse: Warehouse, one: Book, moment: datetime) -> None:
    with beginning(warehouse, command="withdraw", moment=moment) as run:
        keys = run.submissions().filter(sha256=one.receipt.sha256)["id"].to_list()
        run.withdraw(keys, BY)
        run.publish(totals([], 0), QUIET)


def test_older_versions_say_what_they_said(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, OWN_06, OWN_07, NOBODYS)
    of_first = everything(warehouse, first.version)
    taken = datetime(2024, 11, 10, 18, tzinfo=UTC)
    withdraw(warehouse, OWN_06, taken)
    withdraw(warehouse, NOBODYS, taken)
    second = consolidate(warehouse, OWN_63)
    of_second = everything(warehouse, second.version)
    assert (second.version, "roto.xlsx" in str(of_second["workbooks"])) == (3, False)
    again = [one.received(taken + timedelta(days=1)) for one in (OWN_06, NOBODYS)]
    third = consolidate(warehouse, *again, OWN_07, OWN_63)
    assert third.version == 4
    assert "roto.xlsx" in str(everything(warehouse, third.version)["workbooks"])
    assert everything(warehouse, first.version) == of_first
    assert everything(warehouse, second.version) == of_second


def test_judged_anew_an_older_version_keeps_its_rejected_workbook(warehouse: Warehouse) -> None:

    consolidate(warehouse, OWN_06, NOBODYS)
    of_first = everything(warehouse, 1)
    other = replace(RULES, rules="r2")
    consolidate(warehouse, replace(OWN_06, findings=[]), NOBODYS, OWN_07, provenance=other)
    assert everything(warehouse, 1)["workbooks"] == of_first["workbooks"]
