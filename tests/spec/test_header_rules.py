"""Header rules: a sound header but for one field, and what is told of it."""

from __future__ import annotations

import pytest
from made_workbook import SOUND_BUDGET, told
from table import summary, table

from schemas.evidence import Context

E03 = """
field               | value         | finding
strategic_objective |               | aviso strategic_objective:
institution         |               | aviso institution:
sector_programme    | Un programa   | -
"""

E06 = """
field       | value               | finding
drawn_up_on | 05/10/2024          | -
drawn_up_on | 30/09/2024          | -
drawn_up_on | 1 de octubre de 2024 | -
drawn_up_on | #45570              | -
drawn_up_on | @2024-10-05         | -
drawn_up_on | 15-mar-24           | nota drawn_up_on: 15-mar-24 → 30/09/2024
drawn_up_on | marzo               | aviso drawn_up_on: marzo → 30/09/2024
drawn_up_on | 31/02/2024          | aviso drawn_up_on: 31/02/2024 → 30/09/2024
drawn_up_on |                     | -
"""

CASES = [(rule, row) for rule, text in {"E03": E03, "E06": E06}.items() for row in table(text)]


@pytest.mark.parametrize(("rule", "row"), CASES, ids=[f"{rule}:{row['field']}={row['value']}" for rule, row in CASES])
def test_header_rule(rule: str, row: dict[str, str], third_quarter: Context) -> None:
    expected = [] if row["finding"] == "-" else [row["finding"]]
    findings = told(third_quarter, header={row["field"]: row["value"]})
    assert [line.rstrip() for line in summary(findings, rule)] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA", []),
        ("06 Unidad de Análisis de Información Tecnológica", []),
        (
            "06 UNIDAD DE ANALISIS",
            ["aviso unit_name: UNIDAD DE ANALISIS → UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA"],
        ),
    ],
)
def test_e02_the_units_name_is_the_catalogues(name: str, expected: list[str], third_quarter: Context) -> None:
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "unit_name": name}]
    assert summary(told(third_quarter, budget=budget), "E02") == expected


def test_e03_an_empty_budget_cell_is_told_with_its_address(third_quarter: Context) -> None:
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "exercised_q2": ""}]
    findings = told(third_quarter, budget=budget)
    assert findings.select("rule", "cell", "field", "unit_code").rows() == [("E03", "F6", "exercised_q2", "06")]
