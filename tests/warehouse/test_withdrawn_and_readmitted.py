"""A submission that is withdrawn and received again changes nothing of what older versions say."""

from __future__ import annotations

from dataclasses import fields, replace
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
    finding,
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
OWN_06 = book("06", [activity("06", 1, Q, Q)], findings=[finding("R21", "06")])
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
    said["judgements"] = {key: one_judgement(warehouse, key, version) for key in sorted(workbooks["judgement_id"])}
    return said


def one_judgement(warehouse: Warehouse, judgement_id: int, version: int) -> dict[str, Any]:
    """What the version says of a judgement, and of the previous submission of its sender."""
    found = published.as_published(warehouse, judgement_id, version)
    previous = None if found.before is None else (found.before[0], found.before[1].rows())
    frames = {name.name: getattr(found.judged, name.name).rows() for name in fields(found.judged)}
    return {
        "judged": frames,
        "findings": [frame.rows() for frame in (found.told, found.known, found.units)],
        "previous": previous,
    }


def withdraw(warehouse: Warehouse, one: Book, moment: datetime, quarter: int = 3) -> None:
    with beginning(warehouse, command="withdraw", moment=moment, quarter=quarter) as run:
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


def test_an_older_version_keeps_the_previous_submission(warehouse: Warehouse) -> None:
    """Also when that one is withdrawn, received again, current again, or judged anew."""
    later = book("06 corregido", [activity("06", 1, Q, Q)], received_at=IN_TIME + timedelta(minutes=2))
    consolidate(warehouse, OWN_06)
    second = consolidate(warehouse, OWN_06, later)
    assert consolidate(warehouse, OWN_06, later, OWN_07).version == 3
    of_second = everything(warehouse, second.version)
    [previous] = [one["previous"] for one in of_second["judgements"].values()]
    assert previous is not None

    taken = datetime(2024, 11, 10, 18, tzinfo=UTC)
    withdraw(warehouse, OWN_06, taken)
    assert everything(warehouse, second.version) == of_second
    again = OWN_06.received(taken + timedelta(days=1))
    consolidate(warehouse, again, later, OWN_07, OWN_63)
    assert everything(warehouse, second.version) == of_second
    withdraw(warehouse, later, taken + timedelta(days=2))
    assert everything(warehouse, second.version) == of_second
    consolidate(warehouse, again, OWN_07, OWN_63, provenance=replace(RULES, rules="r2"))
    assert everything(warehouse, second.version) == of_second


def test_an_older_version_keeps_the_previous_submission_of_another_quarter(warehouse: Warehouse) -> None:
    of_second_quarter = book("06 T2", [activity("06", 1, Q, Q)], received_at=IN_TIME - timedelta(days=90))
    taken = datetime(2024, 11, 10, 18, tzinfo=UTC)
    consolidate(warehouse, of_second_quarter, quarter=2)
    first = consolidate(warehouse, OWN_06)
    consolidate(warehouse, OWN_06, OWN_07)
    of_first = everything(warehouse, first.version)
    assert [one["previous"][0].quarter for one in of_first["judgements"].values()] == [2]
    withdraw(warehouse, of_second_quarter, taken, quarter=2)
    assert everything(warehouse, first.version) == of_first
    consolidate(warehouse, of_second_quarter.received(taken + timedelta(days=1)), quarter=2)
    assert everything(warehouse, first.version) == of_first


def test_a_definitive_version_keeps_the_previous_submission(warehouse: Warehouse) -> None:
    later = book("06 corregido", [activity("06", 1, Q, Q)], received_at=IN_TIME + timedelta(minutes=2))
    consolidate(warehouse, OWN_06, later)
    with beginning(warehouse, command="close", moment=TOO_LATE) as run:
        run.close(BY)
    closed = everything(warehouse, 1)
    [[judgement, said]] = closed["judgements"].items()
    fingerprint = published.fingerprints_of_reports(warehouse, 2024, 3, [judgement])
    assert said["previous"] is not None
    withdraw(warehouse, OWN_06, TOO_LATE + timedelta(days=1))
    assert everything(warehouse, 1) == closed
    assert published.fingerprints_of_reports(warehouse, 2024, 3, [judgement]) == fingerprint


def test_judged_anew_an_older_version_keeps_its_rejected_workbook(warehouse: Warehouse) -> None:

    consolidate(warehouse, OWN_06, NOBODYS)
    of_first = everything(warehouse, 1)
    other = replace(RULES, rules="r2")
    consolidate(warehouse, replace(OWN_06, findings=[]), NOBODYS, OWN_07, provenance=other)
    assert everything(warehouse, 1)["workbooks"] == of_first["workbooks"]
