"""Budget rules: one line a case, what it says and what is told of it; the quarter reported is the third."""

from __future__ import annotations

import pytest
from made_workbook import SOUND_BUDGET, told
from table import summary, table

from schemas.contracts.evidence import Context

LINES = {
    "P03": """
        exercised_q1 | exercised_q2 | exercised_q3 | reported_progress | finding
        #250         | #500         | #1000        | 100%              | -
        #250         | #500         | #1100        | 110%              | aviso exercised_q3: 1,100 → 1,000
        #400         | #300         | #200         | 90%               | -
        #500         | #300         | #400         | 120%              | aviso exercised_q3: 1,200 → 1,000
        #250         | #500         | #1000.4      | 100%              | -
    """,
    "P04": """
        exercised_q1 | exercised_q2 | exercised_q3 | reported_progress | finding
        #250         | #500         | #750         | 75%               | -
        #250         | #500         | #750         | #0.75             | -
        #250         | #500         | #750         | 75                | -
        #250         | #250         | #250         | 75%               | -
        #250         | #250         | #250         | 25%               | -
        #250         | #250         | #250         | 50%               | aviso reported_progress: 50 % → 25 % o 75 %
        #300         | #200         | #100         | 60%               | -
        #300         | #200         | #100         | 10%               | aviso reported_progress: 10 % → 60 %
        #250         | #500         | #754         | 75%               | -
        #250         | #500         | #756         | 75%               | aviso reported_progress: 75 % → 76 % o 151 %
        #250         |              | #750         | 75%               | -
        #250         | #500         | #750         |                   | -
    """,
    "P05": """
        exercised_q4 | finding
                     | -
        #0           | -
        #900         | aviso exercised_q4: 900 → en blanco
    """,
    "P06": """
        exercised_q1 | reported_progress | finding
        #250         | 75%               | -
        $ 250.00     | 75%               | -
        N/A          | 75%               | renglon exercised_q1: N/A
        #-250        | 75%               | renglon exercised_q1: -250
        #250         | casi todo         | renglon reported_progress: casi todo
        #REF!        | 75%               | renglon exercised_q1: #REF!
    """,
}
CASES = [(rule, row) for rule, text in LINES.items() for row in table(text)]


@pytest.mark.parametrize(("rule", "row"), CASES, ids=[f"{rule}:{' '.join(row.values())}" for rule, row in CASES])
def test_line_rule(rule: str, row: dict[str, str], third_quarter: Context) -> None:
    cells = {name: value for name, value in row.items() if name != "finding"}
    expected = [] if row["finding"] == "-" else [row["finding"]]
    findings = told(third_quarter, budget=[SOUND_BUDGET[0], {**SOUND_BUDGET[1], **cells}])
    assert summary(findings, rule) == expected


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("N/A", "«Monto ejercido acumulado 1er. TRIM (5)» dice «N/A», que no es un número."),
        (
            "#DIV/0!",
            "«Monto ejercido acumulado 1er. TRIM (5)» muestra el error #DIV/0!: la fórmula de la celda no da un resultado.",
        ),
        ("=E6/4", "«Monto ejercido acumulado 1er. TRIM (5)» tiene la fórmula =E6/4 sin su resultado."),
    ],
)
def test_what_p06_says_of_a_broken_amount(cell: str, message: str, third_quarter: Context) -> None:
    findings = told(third_quarter, budget=[SOUND_BUDGET[0], {**SOUND_BUDGET[1], "exercised_q1": cell}])
    assert findings["message"].to_list() == [message]


@pytest.mark.parametrize(
    ("amounts", "unit", "expected"),
    [
        (["#500", "#500"], "#1000", []),
        (["#69740"] * 10, "#697403", []),  # the founding workbook: ten rounded tenths
        (["#69740"] * 10, "#697500", ["aviso assigned_amount: 697,500 → 697,400"]),
        (["69,740"] * 10, "697,403", []),
        (["#500", "pendiente"], "#1000", []),  # P06 tells it
        (["#500", ""], "#1000", []),  # R01 tells it
    ],
)
def test_p02_the_activities_add_up_to_the_unit(
    amounts: list[str], unit: str, expected: list[str], third_quarter: Context
) -> None:
    rows = [{"assigned_amount": amount} for amount in amounts]
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "assigned_amount": unit}]
    assert summary(told(third_quarter, rows=rows, budget=budget), "P02") == expected
