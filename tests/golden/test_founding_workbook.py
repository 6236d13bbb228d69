"""The founding workbook, whole: every fact of its truth and exactly the findings that it deserves."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from flows.document import documents
from flows.path import Batch, InboxFile, judged
from schemas.contracts.evidence import Context
from workbooks.reading.admission import Limits

SAME_WORDS = "Se logró la generación de manuales estadísticos semanales desde esta Unidad."
FIRST_QUARTERS = (
    "En estos dos primeros trimestres se atendieron entrevistas con medios de comunicación y pláticas en planteles "
    "educativos de distintos niveles en 12 municipios del Estado."
)
FINDINGS = [
    ("E03", "aviso", None, None, "POA 1", "C13", "strategic_objective", None, None),
    ("P04", "aviso", None, None, "POA 1", "K5", "reported_progress", "50 %", "25 % o 75 %"),
    ("P04", "aviso", "06", None, "POA 1", "K6", "reported_progress", "50 %", "25 % o 75 %"),
    ("P04", "aviso", "63", None, "POA 1", "K7", "reported_progress", "50 %", "25 % o 75 %"),
    ("P05", "aviso", None, None, "POA 1", "J5", "exercised_q4", "230,379", "en blanco"),
    ("P05", "aviso", "06", None, "POA 1", "J6", "exercised_q4", "174,351", "en blanco"),
    ("P05", "aviso", "63", None, "POA 1", "J7", "exercised_q4", "56,028", "en blanco"),
    ("R01", "aviso", "06", 6, "POA 2", "S27", "purpose", "", None),
    ("R05", "aviso", "06", 10, "POA 2", "H31", "annual_target", "62", "52"),
    ("R07", "aviso", "06", 10, "POA 2", "R31", "reported_progress", "75 %", "63 %"),
    ("R13", "aviso", "63", 1, "POA 3", "E27", "strategy_code", "ER1-2.5.5", "bajo ER1-2.1"),
    ("R13", "aviso", "63", 2, "POA 3", "E28", "strategy_code", "ER1-2.5.5", "bajo ER1-2.1"),
    ("R13", "aviso", "63", 3, "POA 3", "E29", "strategy_code", "ER1-2.5.5", "bajo ER1-2.1"),
    ("R13", "aviso", "63", 4, "POA 4", "E27", "strategy_code", "ER1-2.5.5", "bajo ER1-2.1"),
    ("E06", "nota", None, None, "POA 1", "S3", "drawn_up_on", "15-mar-24", "30/09/2024"),
    ("R15", "nota", "06", 4, "POA 1", "G30", "measure_unit", "Manual estadístico", "Manuales estadísticos"),
    # Activities 3 and 4 are justified in the same words; activity 8 speaks of the first two quarters in the third.
    ("R17", "nota", "06", 4, "POA 1", "T30", "justification", SAME_WORDS, "la actividad 3 de la UR 06"),
    ("R17", "nota", "06", 8, "POA 2", "T29", "justification", FIRST_QUARTERS, "3er. trimestre"),
]
KEYS = ("rule", "severity", "unit_code", "activity_no", "sheet", "cell", "field", "value", "expected")


@pytest.fixture(scope="module")
def document(founding: Path, third_quarter: Context, limits: Limits) -> dict[str, Any]:
    content = founding.read_bytes()
    file = InboxFile(founding, founding.name, hashlib.sha256(content).hexdigest(), len(content))
    [document] = documents(judged(Batch([file]), third_quarter, limits), third_quarter)
    return document


def test_every_activity_is_read(document: dict[str, Any], truth: dict[str, Any]) -> None:
    found = [
        {
            "unit": int(unit["unit_code"]),
            "no": activity["activity_no"],
            "description": activity["description"],
            "legal_basis": activity["legal_basis"],
            "strategy": activity["strategy_code"],
            "amount": activity["assigned_amount"],
            "measure": activity["measure_unit"],
            "annual": activity["annual_target"],
            **{f"t{q}": value for q, value in enumerate(activity["planned"], 1)},
            **{f"a{q}": value for q, value in enumerate(activity["achieved"], 1)},
            "total": activity["achieved_total"],
            "percent": f"{activity['reported_progress'] + 1e-9:.0%}",
            "objective": activity["purpose"],
            "justification": activity["justification"],
        }
        for unit in document["units"]
        for activity in unit["activities"]
    ]
    assert found == [{**activity, "percent": activity["percent"]} for activity in truth["activities"]]


def test_every_budget_line_is_read(document: dict[str, Any], truth: dict[str, Any]) -> None:
    programme, *lines = truth["header"]["budget"]
    header = document["header"]
    assert (header["programme"], header["programme_amount"]) == (programme["name"], programme["assigned"])
    assert header["programme_exercised"] == programme["exercised"]
    assert [
        {
            "level": unit["budget"]["level"],
            "code": unit["unit_code"],
            "name": unit["unit_name"],
            "assigned": unit["budget"]["assigned_amount"],
            "exercised": unit["budget"]["exercised"],
            "percent": unit["budget"]["reported_progress"],
        }
        for unit in document["units"]
    ] == lines


def test_the_header_is_read(document: dict[str, Any], truth: dict[str, Any]) -> None:
    said, header = truth["header"], document["header"]
    assert header["institution"] == said["institution"]
    assert header["drawn_up_on"] == said["drawn_up"]
    assert {name: header[name] for name in said["ped"]} == said["ped"]
    assert header["functional"] == said["functional"]
    assert header["sector_programme"] == said["sector_programme"]


def test_exactly_the_findings_it_deserves_each_with_its_cell(document: dict[str, Any]) -> None:
    assert [tuple(finding[key] for key in KEYS) for finding in document["findings"]] == FINDINGS


def test_the_differences_are_numbers(document: dict[str, Any]) -> None:
    differences = {(f["rule"], f["cell"]): f["difference"] for f in document["findings"]}
    assert differences["R05", "H31"] == 10
    assert differences["R07", "R31"] == pytest.approx(0.75 - 39 / 62)


def test_control_and_verdict(document: dict[str, Any]) -> None:
    assert document["control"] == {"rows_found": 14, "rows_accepted": 14, "rows_quarantined": 0}
    assert (document["verdict"], document["form"], document["fiscal_year"]) == ("observado", "poa_2024", 2024)


def test_the_document_has_the_keys_that_readers_rely_on(document: dict[str, Any]) -> None:
    assert list(document) == (
        ["file", "sha256", "form", "verdict", "fiscal_year", "quarter", "units", "header", "findings", "control"]
    )
    unit = document["units"][0]
    assert list(unit) == ["unit_code", "unit_name", "verdict", "budget", "activities", "quarantined"]
    assert list(unit["activities"][0])[-2:] == ["sheet", "row"]
    assert list(document["findings"][0])[-1] == "waived"
