"""The founding workbook as printed: collapsed headers, displaced rows, a row cut off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.document import documents
from flows.path import Batch, InboxFile, judged
from schemas.contracts.evidence import Context
from workbooks.reading.admission import Limits

CUT_OFF = (6, 6)  # UR and number of the activity whose row is cut off in print
DISPLACED = [(6, 7), (6, 8), (6, 9), (6, 10)]


def read(path: Path, context: Context, limits: Limits) -> dict[str, Any]:
    file = InboxFile(path, path.name, "0" * 64, path.stat().st_size)
    [document] = documents(judged(Batch([file]), context, limits), context)
    return document


@pytest.fixture(scope="module")
def printed(as_printed: Path, third_quarter: Context, limits: Limits) -> dict[str, Any]:
    return read(as_printed, third_quarter, limits)


@pytest.fixture(scope="module")
def accepted(as_printed: Path, third_quarter: Context, limits: Limits) -> dict[str, Any]:
    """The same with proposals accepted."""
    return read(as_printed, replace(third_quarter, apply_proposals=True), limits)


def facts(document: dict[str, Any]) -> dict[tuple[int, int], dict[str, Any]]:
    return {
        (int(unit["unit_code"]), activity["activity_no"]): {
            "description": activity["description"],
            "strategy": activity["strategy_code"],
            "amount": activity["assigned_amount"],
            "measure": activity["measure_unit"],
            "annual": activity["annual_target"],
            **{f"t{q}": value for q, value in enumerate(activity["planned"], 1)},
            **{f"a{q}": value for q, value in enumerate(activity["achieved"], 1)},
            "total": activity["achieved_total"],
            "percent": f"{activity['reported_progress']:.0%}",
            "objective": activity["purpose"],
            "justification": activity["justification"],
        }
        for unit in document["units"]
        for activity in unit["activities"]
    }


def true_facts(truth: dict[str, Any]) -> dict[tuple[int, int], dict[str, Any]]:
    left_out = ("unit", "no", "legal_basis")
    return {
        (activity["unit"], activity["no"]): {name: v for name, v in activity.items() if name not in left_out}
        for activity in truth["activities"]
    }


def quarantined(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for unit in document["units"] for row in unit["quarantined"]]


def test_pages_with_collapsed_headers_come_out_right(printed: dict[str, Any], truth: dict[str, Any]) -> None:
    expected = {key: row for key, row in true_facts(truth).items() if key not in (*DISPLACED, CUT_OFF)}
    assert len(expected) == 9
    assert facts(printed) == expected


def test_pages_read_against_their_labels_are_told(printed: dict[str, Any]) -> None:
    sheets = [f["sheet"] for f in printed["findings"] if f["rule"] == "A06"]
    assert sheets == ["Hoja1", "Hoja3", "Hoja4"]


def test_displaced_rows_are_quarantined_with_the_proposal_that_makes_them_hold(
    printed: dict[str, Any], truth: dict[str, Any]
) -> None:
    proposed = {row["row"]: row["proposal"]["cells"] for row in quarantined(printed) if row["proposal"]}
    assert sorted(proposed) == [30, 31, 32, 33]
    for (_, number), row in zip(DISPLACED, sorted(proposed), strict=True):
        true = true_facts(truth)[6, number]
        cells = proposed[row]
        assert [cells[f"achieved_q{q}"] for q in (1, 2, 3, 4)] == [str(true[f"a{q}"]) for q in (1, 2, 3, 4)]
        assert (cells["achieved_total"], cells["reported_progress"]) == (str(true["total"]), true["percent"])
        assert (cells["purpose"], cells["justification"]) == (true["objective"], true["justification"])


def test_the_row_cut_off_is_quarantined_with_what_is_missing(printed: dict[str, Any]) -> None:
    [row] = [row for row in quarantined(printed) if not row["proposal"]]
    [finding] = [f for f in printed["findings"] if f["sheet"] == "Hoja2" and f["cell"] == "I29"]
    assert (row["row"], row["rules"]) == (29, ["R18"])
    assert "8 columnas a la derecha" in finding["message"]
    assert "OBJETIVO DE LA ACTIVIDAD" in finding["message"]


def test_one_cause_is_told_once(printed: dict[str, Any]) -> None:
    rows = {(f["sheet"], f["cell"][1:]) for f in printed["findings"] if f["rule"] == "R18"}
    others = [f for f in printed["findings"] if f["rule"] != "R18" and f["cell"]]
    assert [f for f in others if (f["sheet"], f["cell"][1:]) in rows] == []


def test_accepted_proposals_come_out_right_and_stay_told(accepted: dict[str, Any], truth: dict[str, Any]) -> None:
    assert facts(accepted) == {key: row for key, row in true_facts(truth).items() if key != CUT_OFF}
    severities = [f["severity"] for f in accepted["findings"] if f["rule"] == "R18"]
    assert severities == ["renglon", *["aviso"] * 4]


def test_a_finding_on_a_row_read_again_names_the_cell_where_the_value_stands(accepted: dict[str, Any]) -> None:
    cells = {f["rule"]: f["cell"] for f in accepted["findings"] if f["activity_no"] == 10}
    assert (cells["R05"], cells["R07"]) == ("H33", "S33")


def test_the_two_headers_disagreement_names_the_right_pair(printed: dict[str, Any]) -> None:
    told = {f["rule"]: (f["cell"], f["value"], f["expected"]) for f in printed["findings"] if f["field"] == "funcion"}
    said = "6 ASUNTOS FINANCIEROS Y HACENDARIOS"
    assert told["E04"] == ("B19", said, "5 Asuntos Financieros y Hacendarios")
    assert told["E05"] == ("B19", said, "5 ASUNTOS FINANCIEROS Y HACENDARIOS")


def test_nothing_is_lost(printed: dict[str, Any], accepted: dict[str, Any]) -> None:
    assert printed["control"] == {"rows_found": 14, "rows_accepted": 9, "rows_quarantined": 5}
    assert accepted["control"] == {"rows_found": 14, "rows_accepted": 13, "rows_quarantined": 1}
