"""Rules across the rows of a workbook: repeated numbers and spellings of a unit of measure."""

from __future__ import annotations

import pytest
from made_workbook import told
from table import summary

from schemas.evidence import Context


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
