"""Header rules: a sound header but for one field, and what is told of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from made_workbook import SOUND_BUDGET, Workbook, made, told, told_each
from table import summary, table

from schemas.contracts.evidence import Context
from schemas.findings.engine import findings
from schemas.language.measures import measured
from schemas.rules.rulebook import CARDS
from transforms.signatures import SIGNATURES

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

E07 = """
field        | value                    | finding
general_axis | ER1-2.1 Fortalecimiento  | -
general_axis | ER1 Fortalecimiento      | -
general_axis | er1 - 2.1 Fortalecimiento | -
general_axis | 2.1 Fortalecimiento      | -
general_axis | Fortalecimiento          | -
general_axis | ER2-2.1 Fortalecimiento  | aviso general_axis: ER2-2.1 → bajo ER1
general_axis | ER10-2.1 Fortalecimiento | aviso general_axis: ER10-2.1 → bajo ER1
guiding_axis | ER1-2.10 Gobernanza      | aviso general_axis: ER1-2.1 → bajo ER1-2.10
guiding_axis | Gobernanza               | -
general_axis |                          | -
"""

R19 = """
field        | value                          | finding
institution  | SECRETARIA\u200b DE SEGURIDAD | nota institution: SECRETARIA[U+200B] DE SEGURIDAD
institution  | =SECRETARIA                    | nota institution: =SECRETARIA
finalidad    | 1 GOBIERNO\ufeff              | nota finalidad: 1 GOBIERNO[U+FEFF]
"""

CASES = [(rule, row) for rule, text in {"E03": E03, "E06": E06, "E07": E07, "R19": R19}.items() for row in table(text)]


@pytest.fixture(scope="module")
def told_of_each(third_quarter: Context) -> list[pl.DataFrame]:
    """What is told of the workbook of each case."""
    return told_each(third_quarter, [Workbook(header={row["field"]: row["value"]}) for _, row in CASES])


@pytest.mark.parametrize(
    "case", range(len(CASES)), ids=[f"{rule}:{row['field']}={row['value']}" for rule, row in CASES]
)
def test_header_rule(case: int, told_of_each: list[pl.DataFrame]) -> None:
    rule, row = CASES[case]
    expected = [] if row["finding"] == "-" else [row["finding"]]
    assert [line.rstrip() for line in summary(told_of_each[case], rule)] == expected


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


def test_e02_names_the_unit_that_has_the_name(third_quarter: Context) -> None:
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "unit_name": "06 DEPARTAMENTO DE INFORMÁTICA"}]
    told_of = told(third_quarter, budget=budget).filter(pl.col("rule") == "E02")
    assert told_of["message"].to_list() == [
        "La UR 06 lleva el nombre «DEPARTAMENTO DE INFORMÁTICA», que en el catálogo es de otra; debería ser el nombre "
        "UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA o la clave 63."
    ]


def test_e01_names_the_unit_whose_name_the_header_gives_the_code(third_quarter: Context) -> None:
    derived = {"level": "derived", "unit_name": "99 Departamento de Informática", "assigned_amount": "#0"}
    told_of = told(third_quarter, rows=[{"unit_code": "99"}], budget=[*SOUND_BUDGET, derived])
    assert summary(told_of, "E01") == ["renglon unit_code: 99 → 63 DEPARTAMENTO DE INFORMATICA"]


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        ([(0, "POA 1", 40, 1, True)], []),
        ([(0, "POA 1", 40, 1, False)], [("unsigned", 40)]),
        ([], [("missing", None)]),
    ],
)
def test_e08_the_signature_block_is_there(
    signatures: list[tuple[object, ...]], expected: list[tuple[str, int | None]], third_quarter: Context
) -> None:
    found = pl.DataFrame(signatures, schema=SIGNATURES, orient="row")
    evidence = measured(replace(made(third_quarter.form), signatures=found), third_quarter)
    messages = dict(CARDS["E08"].messages)
    told_of = findings(evidence, third_quarter, {}).filter(pl.col("rule") == "E08")
    assert told_of["severity"].to_list() == ["nota"] * len(expected)
    assert [
        (name, row)
        for row, words in told_of.select("row", "message").rows()
        for name, template in messages.items()
        if words.startswith(template.partition("{")[0])
    ] == expected


def test_e03_an_empty_budget_cell_is_told_with_its_address(third_quarter: Context) -> None:
    budget = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "exercised_q2": ""}]
    told_of = told(third_quarter, budget=budget)
    assert told_of.select("rule", "cell", "field", "unit_code").rows() == [("E03", "F6", "exercised_q2", "06")]
