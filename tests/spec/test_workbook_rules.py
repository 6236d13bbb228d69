"""Rules across the rows of a workbook: its numbering, what is said twice, spellings of a unit of measure."""

from __future__ import annotations

import polars as pl
import pytest
from made_workbook import SOUND_BUDGET, told
from table import summary

from schemas.contracts.evidence import Context


def test_r03_conflicting_copies_are_all_told(third_quarter: Context) -> None:
    rows = [{"activity_no": "#1"}, {"activity_no": "#1", "annual_target": "#13"}, {"activity_no": "#2"}]
    where = "POA 1, renglón 27; POA 1, renglón 28"
    assert summary(told(third_quarter, rows=rows), "R03") == [f"renglon activity_no: 1 → {where}"] * 2


def test_r03_of_identical_copies_one_stays(third_quarter: Context) -> None:
    findings = told(third_quarter, rows=[{"activity_no": "#1"}, {"activity_no": "#1"}])
    told_of = findings.filter(findings["rule"] == "R03")
    assert told_of.select("severity", "cell").rows() == [("nota", "B28")]


def test_r03_numbers_restart_with_the_unit(third_quarter: Context) -> None:
    rows = [{"activity_no": "#1"}, {"activity_no": "#1", "unit_code": "63"}]
    assert summary(told(third_quarter, rows=rows), "R03") == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["#1", "#2", "#3"], []),
        (["#3", "#1", "#2"], []),
        (["#1", "#2", "#2"], []),
        (["#1", "#2", "#4"], [("B29", "4", "3")]),
        (["#2", "#3"], [("B27", "2", "1")]),
        (["#1", "#3", "#7"], [("B28", "3", "2, 4 a 6")]),
        (["#1", "#3", "doce"], []),  # the row whose number is not known may be the one missing
        (["#1", "#3", ""], []),
    ],
)
def test_r04_numbering_has_no_gap(
    numbers: list[str], expected: list[tuple[str, str, str]], third_quarter: Context
) -> None:
    findings = told(third_quarter, rows=[{"activity_no": number} for number in numbers])
    assert findings.filter(pl.col("rule") == "R04").select("cell", "value", "expected").rows() == expected


def test_r04_numbers_restart_with_the_unit(third_quarter: Context) -> None:
    derived = {"level": "derived", "unit_name": "63 DEPARTAMENTO DE INFORMATICA", "assigned_amount": "#0"}
    rows = [{"activity_no": "#1"}, {"activity_no": "#1", "unit_code": "63"}, {"activity_no": "#3", "unit_code": "63"}]
    findings = told(third_quarter, rows=rows, budget=[*SOUND_BUDGET, derived])
    assert findings.filter(pl.col("rule") == "R04").select("unit_code", "cell", "message").rows() == [
        ("63", "B29", "La numeración de la UR 63 salta a la actividad 3: falta 2.")
    ]


def test_r04_a_quarantined_row_leaves_no_gap(third_quarter: Context) -> None:
    rows = [{"activity_no": "#1"}, {"activity_no": "#2", "annual_target": "doce"}, {"activity_no": "#3"}]
    assert summary(told(third_quarter, rows=rows), "R04") == []


def test_r04_a_row_of_a_foreign_unit_may_be_the_one_missing(third_quarter: Context) -> None:
    rows = [{"activity_no": "#1"}, {"activity_no": "#2", "unit_code": "12"}, {"activity_no": "#3"}]
    assert summary(told(third_quarter, rows=rows), "R04") == []


LONG = "Se logró la generación de los manuales semanales con todas las áreas"


@pytest.mark.parametrize(
    ("justifications", "expected"),
    [
        ([LONG, "Otra cosa"], []),
        (["Meta cumplida", "Meta cumplida"], []),
        (["Se cumplió con lo previsto en tiempo y forma"] * 2, []),  # nine words: a formula
        ([LONG, LONG], [(28, "la actividad 1 de la UR 06")]),
        ([LONG, f"{LONG.upper()}."], [(28, "la actividad 1 de la UR 06")]),
        ([LONG, "Otra", LONG, LONG], [(29, "la actividad 1 de la UR 06"), (30, "la actividad 1 de la UR 06")]),
    ],
)
def test_r17_a_justification_is_its_own(
    justifications: list[str], expected: list[tuple[int, str]], third_quarter: Context
) -> None:
    findings = told(third_quarter, rows=[{"justification": each} for each in justifications])
    assert findings.filter(pl.col("rule") == "R17").select("row", "expected").rows() == expected


def test_r17_a_copy_of_the_same_activity_is_told_by_r03_alone(third_quarter: Context) -> None:
    findings = told(third_quarter, rows=[{"activity_no": "#1", "justification": LONG}] * 2)
    assert findings["rule"].to_list() == ["R03"]


def test_r19_names_the_cell_in_the_budget(third_quarter: Context) -> None:
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "comments": "@pendiente"}]
    findings = told(third_quarter, budget=budget).filter(pl.col("rule") == "R19")
    assert findings.select("cell", "field", "value").rows() == [("J6", "comments", "@pendiente")]


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        (["Informes", "Informes"], []),
        (["Informes", "INFORMES"], []),
        (["Informes", "Acciones"], []),
        (["Manuales estadísticos", "Manual estadístico"], ["Manual estadístico → Manuales estadísticos"]),
        (["Informe", "Informes", "Informes"], ["Informe → Informes"]),
        (["Acción", "Acciones", "Acciones"], ["Acción → Acciones"]),
    ],
)
def test_r15_one_spelling_a_workbook(measures: list[str], expected: list[str], third_quarter: Context) -> None:
    rows = [{"measure_unit": measure} for measure in measures]
    assert summary(told(third_quarter, rows=rows), "R15") == [f"nota measure_unit: {each}" for each in expected]
