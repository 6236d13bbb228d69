"""Waiving findings of a consolidated quarter, what reports then say, and checking against the warehouse."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.quarter.check import _documents
from config.calendar import load_calendar
from config.errors import UsageError
from config.policy import load_policy
from config.settings import Settings
from flows.context import context
from flows.intake.inbox import named
from flows.outputs.reporting import judged_in_version
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.waivers import WaiveRequest, waive, waivers
from schemas.contracts import columns as c
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.consolidation import Grant
from warehouse.queries.published import as_published, reported_workbooks, view

GRANT = Grant("Dirección de Planeación", "Oficio 12/2024", date(2024, 12, 31))
R13 = WaiveRequest(2024, 3, "R13", "63", None, None, GRANT)


def findings(settings: Settings) -> list[tuple[str, str, bool]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return view(warehouse, "v_observaciones").select("ur", "regla", "dispensada").rows()


def test_waived_findings_are_listed_and_give_a_new_version(
    consolidated: ConsolidationResult, settings: Settings
) -> None:
    wanted = [row for row in findings(settings) if row[:2] == ("63", "R13")]
    done = waive(R13, settings)
    assert done.findings == len(wanted) > 0
    assert (done.published.version, done.published.new) == (2, True)
    assert {row[2] for row in findings(settings) if row[:2] == ("63", "R13")} == {True}
    assert {row[2] for row in findings(settings) if row[:2] != ("63", "R13")} == {False}
    assert set(waivers(2024, None, settings)["state"]) == {"active"}


def test_consolidating_again_publishes_nothing(
    consolidated: ConsolidationResult, settings: Settings, inbox: Path
) -> None:
    waive(R13, settings)
    request = Request(2024, 3, inbox)
    again = consolidate(request, settings, listed(request, settings))
    assert (again.published.version, again.published.new) == (2, False)


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (replace(R13, cell="Z99"), r"no such finding; of UR 63 can be waived: --rule R13"),
        (replace(R13, rule="R10"), r"no such finding; of UR 63 can be waived: --rule"),
        (replace(R13, rule="R99"), "there is no rule R99"),
        (replace(R13, unit="99"), "nothing to waive of UR 99"),
        (replace(R13, rule="A01", unit="07"), "severity archivo, which keeps data out.*corrected"),
        (replace(R13, grant=replace(GRANT, reason=" ")), "--reason is empty"),
        (replace(R13, grant=replace(GRANT, until=date(2024, 8, 1))), "before the end of 2024 T3"),
    ],
)
def test_what_cannot_be_waived_says_what_can(
    consolidated: ConsolidationResult, settings: Settings, request_: WaiveRequest, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        waive(request_, settings)
    assert waivers(2024, 3, settings).is_empty()


def test_the_same_is_not_waived_twice(consolidated: ConsolidationResult, settings: Settings) -> None:
    waive(R13, settings)
    with pytest.raises(UsageError, match="waived already, until 2024-12-31"):
        waive(R13, settings)


def test_without_a_snapshot_there_is_nothing_to_waive(settings: Settings) -> None:
    with pytest.raises(WarehouseError, match="nothing was published for 2024 T3"):
        waive(R13, settings)


def test_reports_say_what_the_version_says(consolidated: ConsolidationResult, settings: Settings) -> None:
    waive(R13, settings)
    with open_warehouse(settings.warehouse) as warehouse:
        sent = reported_workbooks(warehouse, 2024, 3).filter(sender="06")
        published = as_published(warehouse, sent["judgement_id"].item())
        deliveries = view(warehouse, "v_entregas").filter(libro="POA_2024_UR06.xlsx").sort("ur")
    told = judged_in_version(published, load_policy(), load_calendar().of(2024, 3).closes)
    units = told.units.sort(c.UNIT_CODE).select(c.VERDICT, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED)
    assert units.rows() == deliveries.select("estado", "calidad", "observaciones", "dispensadas").rows()
    waived = told.findings.filter(c.WAIVED)
    assert set(waived[c.RULE]) == {"R13"}
    assert set(waived[c.POINTS]) == {0.0}


def documents_of(path: Path, settings: Settings, against: str | None) -> list[dict[str, Any]]:
    received = named([path], settings.sender_pattern).received
    return _documents(received, *context(2024, 3, settings), settings, against)


def test_check_against_a_warehouse_tells_what_a_consolidation_would(
    consolidated: ConsolidationResult, settings: Settings, founding: Path, tmp_path: Path
) -> None:
    waive(R13, settings)
    before = _rows(settings)
    [document] = documents_of(founding, settings, settings.warehouse)
    told = {(f["rule"], f["unit_code"], f["waived"]) for f in document["findings"]}
    assert ("R13", "63", True) in told
    assert ("A09", None, False) in told  # the same bytes are there already
    [alone] = documents_of(founding, settings, None)
    assert {f["rule"] for f in alone["findings"]} == {f["rule"] for f in document["findings"]} - {"A09"}
    assert _rows(settings) == before
    json.dumps(document)


def test_check_tells_of_the_past(settings: Settings, inbox: Path, founding: Path, tmp_path: Path) -> None:
    for other in inbox.iterdir():
        if other.name != "POA_2024_UR06.xlsx":
            other.unlink()
    request = Request(2024, 2, inbox)
    consolidate(request, settings, listed(request, settings))
    copy = shutil.copy(founding, tmp_path / "UR06.xlsx")
    [document] = documents_of(Path(copy), settings, settings.warehouse)
    [old] = [f for f in document["findings"] if f["rule"] == "A11"]
    assert "segundo trimestre" in old["message"]


def test_checking_against_nothing_makes_no_warehouse(settings: Settings, founding: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "poa.db"
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        documents_of(founding, settings, f"sqlite:///{missing}")
    assert not missing.parent.exists()


def _rows(settings: Settings) -> list[tuple[str, str, bool]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return view(warehouse, "v_observaciones", current=False).select("ur", "regla", "dispensada").rows()
