"""A quarter open, closed, and opened by exceptions; submissions taken back and judged anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from judged_batches import (
    IN_TIME,
    LIGHT,
    QUIET,
    RULES,
    TOO_LATE,
    Book,
    activity,
    beginning,
    book,
    consolidate,
    finding,
    judged,
    rejected,
    totals,
)
from sqlalchemy import select

from config.errors import UsageError
from warehouse.connect import Warehouse
from warehouse.consolidation import Decision, Published
from warehouse.queries import published
from warehouse.schema import snapshot_tables, tables

BY = Decision("Dirección de Planeación", "Oficio 12/2024")
THREE = (3, 3, 3, 3)
OWN_06 = book("06", [activity("06", 1, THREE, THREE)])
OWN_07 = book("07", [activity("07", 1, THREE, THREE)])
AGAIN_06 = book("06-b", [activity("06", 1, THREE, (3, 3, 1, 0))], received_at=TOO_LATE)
AGAIN_07 = book("07-b", [activity("07", 1, THREE, (3, 3, 1, 0))], received_at=TOO_LATE)
BOTH = book("06-y-63", [activity("06", 1, THREE, THREE), activity("63", 1, THREE, THREE)], derived=["63"])
OWN_63 = book("63-propio", [activity("63", 1, THREE, (9, 9, 9, 0))], received_at=TOO_LATE)
CLOSED_ON = datetime(2024, 10, 20, 18, tzinfo=UTC)
RECEIPT = TOO_LATE.date()  # of what comes after the closing
LATER = TOO_LATE + timedelta(days=20)
LONG = date(2024, 12, 31)


def close(warehouse: Warehouse) -> Published:
    with beginning(warehouse, command="close", moment=CLOSED_ON) as run:
        return run.close(BY)


def opened(warehouse: Warehouse, unit: str | None, until: date) -> None:
    with beginning(warehouse, command="exception", moment=CLOSED_ON) as run:
        run.grant_exception(BY, unit, until)


def withdraw(warehouse: Warehouse, one: Book, moment: datetime = TOO_LATE, quarter: int = 3) -> Published:
    with beginning(warehouse, command="withdraw", moment=moment, quarter=quarter) as run:
        keys = run.submissions().filter(sha256=one.receipt.sha256)["id"].to_list()
        run.withdraw(keys, BY)
        return run.publish(totals([], 0), QUIET)


def books(warehouse: Warehouse, **which: int) -> dict[str, str | None]:
    rows = published.view(warehouse, "v_entregas", year=2024, quarter=3, **which)
    return {row["ur"]: row["libro"] and row["libro"].removesuffix(".xlsx") for row in rows.iter_rows(named=True)}


def outcomes(warehouse: Warehouse) -> list[str]:
    with warehouse.engine.connect() as connection:
        return list(connection.execute(select(tables.run.c.outcome).order_by(tables.run.c.id)).scalars())


def test_the_last_version_becomes_definitive(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, OWN_06)
    second = consolidate(warehouse, OWN_06, OWN_07)
    done = close(warehouse)
    assert (done.version, done.new, done.state, done.digest) == (2, False, "definitivo", second.digest)
    assert published.versions(warehouse).select("version", "state", "digest").rows() == [
        (1, "preliminar", first.digest),
        (2, "definitivo", second.digest),
    ]
    assert set(published.view(warehouse, "v_entregas")["estado_version"]) == {"definitivo"}
    assert outcomes(warehouse) == ["published", "published", "closed"]


def test_nothing_published_or_closed_already_is_refused(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="nothing was published for 2024 T3"):
        close(warehouse)
    with pytest.raises(UsageError, match="2024 T3 is not closed"):
        opened(warehouse, None, LONG)
    consolidate(warehouse, OWN_06)
    close(warehouse)
    with pytest.raises(UsageError, match="closed already, since 2024-10-20, by Dirección de Planeación"):
        close(warehouse)
    assert outcomes(warehouse) == ["published", "closed"]


@pytest.mark.parametrize(
    ("comes", "kept_units", "outcome"),
    [
        ([AGAIN_06], ("06",), "kept"),
        ([AGAIN_06, AGAIN_07], ("06", "07"), "kept"),
        ([OWN_06], (), "unchanged"),
        ([rejected("roto", "06", received_at=TOO_LATE)], (), "unchanged"),  # it would displace nothing
        ([rejected("roto", "07", received_at=TOO_LATE)], ("07",), "kept"),
        ([rejected("roto", None, received_at=TOO_LATE)], (), "unchanged"),
    ],
)
def test_what_comes_after_closing_is_kept(
    warehouse: Warehouse, comes: list[Book], kept_units: tuple[str, ...], outcome: str
) -> None:
    first = consolidate(warehouse, OWN_06)
    close(warehouse)
    stated = published.reported_workbooks(warehouse, 2024, 3)
    for _ in range(2):  # asked again it says the same
        done = consolidate(warehouse, OWN_06, *comes)
        assert (done.version, done.new, done.digest) == (1, False, first.digest)
        assert (done.kept, done.kept_units) == (outcome == "kept", kept_units)
    assert outcomes(warehouse)[2:] == [outcome, outcome]
    assert books(warehouse) == {"06": "06", "07": None, "63": None}
    assert published.reported_workbooks(warehouse, 2024, 3).equals(stated)


def test_another_quarter_stays_open(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06, quarter=2)
    with beginning(warehouse, quarter=2, command="close") as run:
        run.close(BY)
    assert consolidate(warehouse, OWN_06, quarter=3).state == "preliminar"


@pytest.mark.parametrize(
    ("unit", "until", "speak", "kept_units"),
    [
        ("06", LONG, {"06": "06-b", "07": "07", "63": None}, ("07",)),
        ("07", LONG, {"06": "06", "07": "07-b", "63": None}, ("06",)),
        (None, LONG, {"06": "06-b", "07": "07-b", "63": None}, ()),
        ("06", RECEIPT, {"06": "06-b", "07": "07", "63": None}, ("07",)),
        ("06", RECEIPT - timedelta(days=1), {"06": "06", "07": "07", "63": None}, ("06", "07")),
        ("63", LONG, {"06": "06", "07": "07", "63": None}, ("06", "07")),
    ],
)
def test_an_exception_opens_what_it_names_to_what_was_received_up_to_its_day(
    warehouse: Warehouse, unit: str | None, until: date, speak: dict[str, str | None], kept_units: tuple[str, ...]
) -> None:
    consolidate(warehouse, OWN_06, OWN_07)
    close(warehouse)
    consolidate(warehouse, AGAIN_06, AGAIN_07)
    opened(warehouse, unit, until)
    # The run comes long after; it is the day of receipt that counts.
    done = consolidate(warehouse, AGAIN_06, AGAIN_07, moment=LATER + timedelta(days=60))
    assert books(warehouse) == speak
    assert (done.new, done.kept_units) == (speak != {"06": "06", "07": "07", "63": None}, kept_units)
    assert done.state == "definitivo"
    assert books(warehouse, version=1) == {"06": "06", "07": "07", "63": None}
    again = consolidate(warehouse, AGAIN_06, AGAIN_07, moment=LATER + timedelta(days=60))
    assert (again.version, again.new, again.kept_units) == (done.version, False, kept_units)


def test_the_day_of_receipt_ends_at_midnight_of_the_office(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06)
    close(warehouse)
    opened(warehouse, "06", date(2024, 11, 5))
    # Mazatlán is seven hours behind UTC.
    assert not consolidate(warehouse, AGAIN_06.received(datetime(2024, 11, 6, 7, 1, tzinfo=UTC))).new
    other = replace(AGAIN_06, receipt=OWN_07.receipt, file={**AGAIN_06.file, "sha256": OWN_07.receipt.sha256})
    assert consolidate(warehouse, other.received(datetime(2024, 11, 6, 6, 59, tzinfo=UTC))).new


def test_others_keep_their_judgement_and_findings_under_changed_rules(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06, OWN_07)
    close(warehouse)
    opened(warehouse, "06", LONG)
    changed = {"provenance": replace(RULES, rules="r2"), "light": LIGHT.model_copy(update={"green": 0.95})}
    told = [replace(one, findings=[finding("R05", one.file["sender"])]) for one in (OWN_06, OWN_07)]
    done = consolidate(warehouse, *told, moment=TOO_LATE, **changed)
    assert (done.version, done.new, done.kept_units) == (2, True, ("07",))
    observed = published.view(warehouse, "v_observaciones").select("ur", "regla").rows()
    assert observed == [("06", "R05")]
    with warehouse.engine.connect() as connection:
        assert set(connection.execute(select(snapshot_tables.snapshot.c.green)).scalars()) == {LIGHT.green}


def test_a_unit_leaves_its_parents_workbook_by_exception(warehouse: Warehouse) -> None:
    consolidate(warehouse, replace(BOTH, findings=[finding("R05", "06"), finding("R05", "63"), finding("A07")]))
    close(warehouse)
    opened(warehouse, "63", LONG)
    done = consolidate(warehouse, OWN_63, moment=TOO_LATE)
    assert (done.new, done.kept) == (True, False)
    assert books(warehouse) == {"06": "06-y-63", "07": None, "63": "63-propio"}
    observed = published.view(warehouse, "v_observaciones").select("ur", "regla").rows()
    assert observed == [("06", "A07"), ("06", "R05")]


def test_ended_exceptions_open_nothing_to_new_rules(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06)
    close(warehouse)
    opened(warehouse, "06", RECEIPT)
    told = replace(OWN_06, findings=[finding("R05", "06")])
    done = consolidate(warehouse, told, provenance=replace(RULES, rules="r2"), moment=LATER)
    assert (done.new, done.kept_units) == (False, ("06",))


@pytest.mark.parametrize(("moment", "new"), [(TOO_LATE, True), (LATER, False)])
def test_what_is_taken_back_up_to_an_exceptions_day_is_published(
    warehouse: Warehouse, moment: datetime, new: bool
) -> None:
    consolidate(warehouse, OWN_06)
    close(warehouse)
    opened(warehouse, "06", RECEIPT)
    done = withdraw(warehouse, OWN_06, moment=moment)
    assert (done.new, done.kept) == (new, not new)
    assert books(warehouse)["06"] == (None if new else "06")


def test_the_former_workbook_speaks_again_once_the_later_is_taken_back(warehouse: Warehouse) -> None:
    first = consolidate(warehouse, OWN_06)
    consolidate(warehouse, OWN_06, AGAIN_06)
    third = withdraw(warehouse, AGAIN_06)
    assert (third.version, third.digest) == (3, first.digest)
    assert books(warehouse)["06"] == "06"
    assert withdraw(warehouse, OWN_06).version == 4
    assert books(warehouse) == {"06": None, "07": None, "63": None}
    assert books(warehouse, version=2)["06"] == "06-b"


def test_its_parents_workbook_speaks_again_for_a_unit(warehouse: Warehouse) -> None:
    consolidate(warehouse, BOTH, OWN_63)
    withdraw(warehouse, OWN_63)
    assert books(warehouse)["63"] == "06-y-63"


@pytest.mark.parametrize(
    ("received", "speaks"),
    [(TOO_LATE, None), (LATER - timedelta(seconds=1), None), (LATER + timedelta(seconds=1), "06")],
)
def test_the_same_bytes_speak_again_where_received_after_they_were_taken_back(
    warehouse: Warehouse, received: datetime, speaks: str | None
) -> None:
    consolidate(warehouse, OWN_06)
    withdraw(warehouse, OWN_06, moment=LATER)
    consolidate(warehouse, OWN_06.received(received))
    assert books(warehouse)["06"] == speaks
    if speaks:
        # Their first receipt stands: they came in time.
        row = published.view(warehouse, "v_entregas").filter(ur="06")
        assert row.select("recibida_en", "oportuna").rows() == [(IN_TIME.replace(tzinfo=None, hour=11), True)]


def test_bytes_taken_back_in_one_quarter_are_no_old_workbook_in_the_next(warehouse: Warehouse) -> None:
    seen = []
    spy = replace(QUIET, findings=lambda judged, history: seen.append(history) or QUIET.findings(judged, history))
    consolidate(warehouse, OWN_06, quarter=2)
    withdraw(warehouse, OWN_06, quarter=2)
    consolidate(warehouse, OWN_06, judge=spy)
    [history] = seen
    assert history.receipts["repeats"].to_list() == [None]
    assert history.earlier.is_empty()


@pytest.mark.parametrize("received", [IN_TIME, TOO_LATE])
def test_lateness_is_that_of_the_first_receipt_whatever_comes(warehouse: Warehouse, received: datetime) -> None:
    one = OWN_06.received(received)
    consolidate(warehouse, one)
    stamped = published.view(warehouse, "v_entregas").filter(ur="06").select("recibida_en", "oportuna").rows()
    close(warehouse)
    opened(warehouse, None, LONG)
    told = replace(one.received(LATER), findings=[finding("R05", "06")])
    assert consolidate(warehouse, told, provenance=replace(RULES, rules="r2"), moment=TOO_LATE).new
    assert published.view(warehouse, "v_entregas").filter(ur="06").select("recibida_en", "oportuna").rows() == stamped


def test_receipts_of_the_archive_are_those_that_stand(warehouse: Warehouse) -> None:
    consolidate(warehouse, OWN_06, OWN_07, rejected("roto", None))
    withdraw(warehouse, OWN_07)
    with beginning(warehouse, command="rejudge") as run:
        receipts = run.receipts()
        assert run.unchanged(receipts) == set(receipts)
        run.publish(totals([], len(receipts)), QUIET)
    assert [(r.file, r.sender, r.received_at) for r in receipts] == [
        ("06.xlsx", None, IN_TIME),
        ("roto.xlsx", None, IN_TIME),
    ]


@pytest.mark.parametrize("decision", ["withdraw", "close", "open"])
def test_a_decision_interrupted_leaves_nothing(warehouse: Warehouse, decision: str) -> None:
    consolidate(warehouse, OWN_06)
    if decision == "open":
        close(warehouse)
    before = outcomes(warehouse), published.versions(warehouse).rows()
    with pytest.raises(KeyboardInterrupt):
        _interrupted(warehouse, decision)
    assert (outcomes(warehouse), published.versions(warehouse).rows()) == before
    assert published.exceptions_of(warehouse, 2024).is_empty()


def _interrupted(warehouse: Warehouse, decision: str) -> None:
    with beginning(warehouse) as run:
        if decision == "withdraw":
            run.withdraw(run.submissions()["id"].to_list(), BY)
            run.load(judged(AGAIN_07), [AGAIN_07.receipt])
            run.publish(totals([AGAIN_07], 1), QUIET)
        elif decision == "close":
            run.close(BY)
        else:
            run.grant_exception(BY, None, LONG)
        raise KeyboardInterrupt
