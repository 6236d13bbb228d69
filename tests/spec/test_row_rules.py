"""One table a rule: what stands in an activity row (a sound one but for these cells), and what is told of it.

Cells are text as typed; ``#12`` is a stored number. The last column is the finding, ``-`` for none. The quarter
reported is the third.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from made_workbook import Workbook, told, told_each
from table import summary, table

from config.policy import Deviation
from schemas.contracts.evidence import Context

R01 = """
measure_unit | purpose | achieved_q3 | achieved_q4 | finding
Informes     | Fin     | #3          |             | -
             | Fin     | #3          |             | renglon measure_unit:
Informes     |         | #3          |             | aviso purpose:
Informes     | Fin     |             |             | renglon achieved_q3:
Informes     | Fin     | #3          |             | -
"""

R01_NOTHING_PLANNED = """
annual_target | planned_q3 | achieved_q3 | achieved_total | finding
#9            | #0         |             | #6             | aviso achieved_q3:
#9            | #0         | #0          | #6             | -
"""

R02 = """
annual_target | planned_q1 | reported_progress | activity_no | finding
#12           | #3         | 75%               | #1          | -
doce          | #3         | 75%               | #1          | renglon annual_target: doce
#12           | N/A        | 75%               | #1          | renglon planned_q1: N/A
#12           | 1e5        | 75%               | #1          | renglon planned_q1: 1e5
#12           | nan        | 75%               | #1          | renglon planned_q1: nan
#12           | #3         | mucho             | #1          | renglon reported_progress: mucho
#12           | #3         | 75%               | 1 bis       | renglon activity_no: 1 bis
#12           | #3         | 75%               | #1.5        | renglon activity_no: 1.5
#12           | #3         | 75%               | #0          | renglon activity_no: 0
" #REF!"      | #3         | 75%               | #1          | renglon annual_target:  #REF!
#12           | =H9*2      | 75%               | #1          | renglon planned_q1: =H9*2
#12           | " 3 "      | 75%               | #1          | -
#12           | 3          | 75%               | #1          | -
"""

R05 = """
annual_target | planned_q1 | planned_q2 | planned_q3 | planned_q4 | finding
#52           | #13        | #13        | #13        | #13        | -
#62           | #13        | #13        | #13        | #13        | aviso annual_target: 62 → 52
#12           | #3         |            | #3         | #3         | -
#53           | #13        | #13        | #13        | #13        | aviso annual_target: 53 → 52
0.3           | 0.1        | 0.2        | #0         | #0         | -
1,200         | #300       | #300       | #300       | #300       | -
"""

R06 = """
achieved_q1 | achieved_q2 | achieved_q3 | achieved_q4 | achieved_total | finding
#3          | #3          | #3          |             | #9             | -
#3          | #3          | #3          | #0          | #9             | -
#3          | #3          | #3          |             | #10            | aviso achieved_total: 10 → 9
#3          |             | #3          |             | #9             | -
#3          | #3          | #3          |             |                | -
"""

R05_READ = """
measure_unit | annual_target | planned_q1 | planned_q2 | planned_q3 | planned_q4 | finding
Porcentaje   | #100          | #100       | #100       | #100       | #100       | -
porcentajes  | #100          | #25        | #50        | #75        | #100       | -
Porcentaje   | #100          | #25        | #25        | #25        | #25        | -
Porcentaje   | #100          | #0         | #100       | #0         | #0         | -
Porcentaje   | #100          | #90        | #90        | #90        | #90        | aviso annual_target: 100 → 90
Porcentaje   | 100%          | #100       | #100       | #100       | #100       | -
% de avance  | 95%           | 95%        | 95%        | 95%        | 95 %       | -
Porcentaje   | 100%          | #1         | #1         | #1         | #1         | -
Porcentaje   | #100          | #1         | #1         | #1         | #1         | aviso annual_target: 100 → 1
Promedio     | #9            | #8         | #0         | #10        | #9         | -
Promedio     | #10           | #8         | #0         | #10        | #9         | aviso annual_target: 10 → 9
Porcentaje   | #0            | #90        | #90        | #90        | #90        | -
Porcentaje   | #100          | #100       | #100       |            | #90        | -
Informes     | #100          | #100       | #100       | #100       | #100       | aviso annual_target: 100 → 400
"""

R06_READ = """
measure_unit | planned_q1 | planned_q2 | planned_q3 | achieved_q1 | achieved_q2 | achieved_q3 | achieved_q4 | achieved_total | finding
Porcentaje   | #90        | #90        | #90        | #80         | #85         | #90         |             | #90            | -
Porcentaje   | #90        | #90        | #90        | #80         | #85         | #90         | #0          | #90            | -
Porcentaje   | #90        | #90        | #90        | #80         | #85         | #90         |             | #255           | aviso achieved_total: 255 → 90
Porcentaje   | #90        | #90        | #90        | 80%         | 85%         | 90%         |             | 90%            | -
Porcentaje   | #0         | #90        | #0         |             | #85         |             |             | #85            | -
Porcentaje   | #90        | #90        | #90        | #80         | #85         | #90         | #95         | #95            | -
Promedio     | #9         | #9         | #9         | #8          | #9          | #10         |             | #9             | -
Promedio     | #9         | #0         | #9         | #8          |             | #10         |             | #9             | -
Promedio     | #9         | #9         | #9         | #8          | #9          | #10         |             | #27            | aviso achieved_total: 27 → 9
Promedio     | #0         | #0         | #0         | #8          | #0          | #0          |             | #8             | -
Informes     | #90        | #90        | #90        | #80         | #85         | #90         |             | #90            | aviso achieved_total: 90 → 255
"""

R07 = """
annual_target | achieved_total | reported_progress | finding
#52           | #39            | 75%               | -
#62           | #39            | 75%               | aviso reported_progress: 75 % → 63 %
#600          | #326           | 54%               | -
#600          | #326           | #0.5433333333     | -
#600          | #326           | #0.5434           | aviso reported_progress: 54.34 % → 54.33 %
#600          | #326           | 54                | -
#0            | #0             | 0%                | -
#12           |                | 75%               | -
#4            | #5             | #1.25             | -
#4            | #5             | 125               | -
#8            | #1             | 12%               | -
#8            | #1             | 13%               | -
"""

R08 = """
achieved_q4 | finding
            | -
#0          | -
#2          | aviso achieved_q4: 2 → en blanco
"""

R09 = """
annual_target | planned_q2 | achieved_q2 | achieved_total | finding
#12           | #3         | #3          | #9             | -
#-12          | #3         | #3          | #9             | renglon annual_target: -12
#12           | -3         | #3          | #9             | renglon planned_q2: -3
#12           | #3         | #-3         | #3             | renglon achieved_q2: -3
"""

R10 = """
annual_target | finding
#12           | -
#0            | aviso annual_target: 0 → mayor que 0
"""

R13 = """
strategy_code | finding
ER1-2.1.1     | -
ER1-2.1       | -
er1-2.1.4     | -
ER1-2.5.5     | aviso strategy_code: ER1-2.5.5 → bajo ER1-2.1
ER1-2.10      | aviso strategy_code: ER1-2.10 → bajo ER1-2.1
              | -
"""

R16 = """
measure_unit | achieved_q1 | achieved_q2 | achieved_q3 | achieved_q4 | justification | finding
Informes     | #2          | #2          | #2          |             | Faltó equipo  | -
Informes     | #2          | #2          | #2          |             |               | aviso justification: 6 de 9 (-33 %) → una justificación, pues la diferencia pasa de 10 %
Informes     | #4          | #4          | #3          |             |               | aviso justification: 11 de 9 (+22 %) → una justificación, pues la diferencia pasa de 10 %
Informes     | #2          | #3          | #3          |             |               | -
Informes     | #3          | #3          | #4          |             |               | -
Informes     | #3          | #3          | #3          |             |               | -
Informes     | #3          | #3          | #3          | #9          |               | -
Informes     | #2          | #2          | #2          |             | N/A           | aviso justification: 6 de 9 (-33 %) → una justificación, pues la diferencia pasa de 10 %
Informes     | #2          | #2          | #2          |             | - -           | aviso justification: 6 de 9 (-33 %) → una justificación, pues la diferencia pasa de 10 %
Informes     | #2          | #2          | #2          |             | Nada se pudo  | -
Informes     | #2          |             | #2          |             |               | -
Informes     | doce        | #2          | #2          |             |               | -
Informes     | #4          | #4          | #4          |             |               | -
"""

R16_EDGE = """
measure_unit | annual_target | planned_q1 | planned_q2 | planned_q3 | achieved_q1 | achieved_q2 | achieved_q3 | justification | finding
Informes     | #400          | #100       | #100       | #100       | #90         | #90         | #90         |               | -
Informes     | #400          | #100       | #100       | #100       | #90         | #90         | #89         |               | aviso justification: 269 de 300 (-10.33 %) → una justificación, pues la diferencia pasa de 10 %
Informes     | #400          | #100       | #100       | #100       | #110        | #110        | #110        |               | -
Informes     | #3            | #0         | #0         | #0         | #5          | #0          | #0          |               | -
Informes     | #3            | #0         | #0         | #1         | #0          | #0          | #0          |               | -
Informes     | #3            | #0         | #0         | #2         |             | #0          | #0          |               | aviso justification: 0 de 2 (-100 %) → una justificación, pues la diferencia pasa de 10 %
Porcentaje   | #3            | #100       | #100       | #100       | #50         | #80         | #95         |               | -
Porcentaje   | #3            | #100       | #100       | #100       | #100        | #100        | #80         |               | aviso justification: 80 de 100 (-20 %) → una justificación, pues la diferencia pasa de 10 %
Porcentaje   | #3            | #1         | #1         | #1         | #1          | #1          | #0.8        |               | aviso justification: 0.8 de 1 (-20 %) → una justificación, pues la diferencia pasa de 10 %
"""

R20 = """
measure_unit | planned_q1 | planned_q2 | planned_q3 | achieved_q1 | achieved_q2 | achieved_q3 | justification | finding
Informes     | #10        | #10        | #10        | #13         | #13         | #13         | Más demanda   | -
Informes     | #10        | #10        | #10        | #13         | #13         | #14         | Más demanda   | aviso achieved_total: 40 de 30 (133 %) → a lo más 130 % de lo programado
Informes     | #10        | #10        | #10        | #13         | #13         | #14         |               | aviso achieved_total: 40 de 30 (133 %) → a lo más 130 % de lo programado
Informes     | #100       | #100       | #100       | #130        | #130        | #131        | Más demanda   | aviso achieved_total: 391 de 300 (130.33 %) → a lo más 130 % de lo programado
Informes     | #1         | #0         | #0         | #2          | #0          | #0          | Más demanda   | -
Informes     | #1         | #0         | #0         | #3          | #0          | #0          | Más demanda   | aviso achieved_total: 3 de 1 (300 %) → a lo más 130 % de lo programado
Informes     | #0         | #0         | #0         | #30         | #0          | #0          | Más demanda   | -
Porcentaje   | #60        | #60        | #60        | #90         | #80         | #70         | Más demanda   | -
Porcentaje   | #60        | #60        | #60        | #60         | #60         | #90         | Más demanda   | aviso achieved_total: 90 de 60 (150 %) → a lo más 130 % de lo programado
"""

R12 = """
strategy_code        | finding
ER1-2.1.1            | -
er1 - 2.1.1          | -
ER1-2.1              | -
ER1-2                | aviso strategy_code: ER1-2 → ER1-2.1.1
ER1-2.1.1, ER1-2.1.2 | aviso strategy_code: ER1-2.1.1, ER1-2.1.2 → ER1-2.1.1
2.1.1                | aviso strategy_code: 2.1.1 → ER1-2.1.1
Estrategia 2.1       | aviso strategy_code: Estrategia 2.1 → ER1-2.1.1
#REF!                | -
                     | -
"""

R12_LEAVES_R13 = """
strategy_code | finding
ER1-2.5.5     | aviso strategy_code: ER1-2.5.5 → bajo ER1-2.1
Estrategia 9  | -
ER9           | -
"""

R14 = """
legal_basis                                     | finding
Art. 11 Fraccs. I-VII, XIX                      | -
Art 11 Fracs I al VII                           | -
Art. 25, fracción I, II y III                   | -
Arts. 11 y 12                                   | -
Art. 11 Fracc. IV Bis                           | -
Artículo 11 fracc. I, inciso a) del Reglamento  | -
#11                                             | -
Art. 11 Fracc. IIII                             | aviso legal_basis: Art. 11 Fracc. IIII → Fracc. IIII
Art. 11 Fraccs. VII-I                           | aviso legal_basis: Art. 11 Fraccs. VII-I → Fraccs. VII-I
Fracc. I                                        | aviso legal_basis: Fracc. I → Fracc. I
No aplica                                       | aviso legal_basis: No aplica → No aplica
#N/A                                            | -
                                                | -
"""

R17 = """
justification                                              | finding
En el tercer trimestre se atendió lo previsto              | -
En el segundo y tercer trimestre se atendió lo previsto    | -
Del primer al cuarto trimestre se cumple                   | -
Se cumple cada trimestre                                   | -
Lo pendiente se reprogramó para el cuarto trimestre        | -
En este trimestre 2 talleres se difirieron                 | -
En el primer trimestre se cumplió                          | nota justification: En el primer trimestre se cumplió → 3er. trimestre
Se cumplió de abril a junio                                | nota justification: Se cumplió de abril a junio → 3er. trimestre
En los dos primeros trimestres se cumplió                  | nota justification: En los dos primeros trimestres se cumplió → 3er. trimestre
Meta cumplida en el 4o. trimestre                          | nota justification: Meta cumplida en el 4o. trimestre → 3er. trimestre
"""

R19 = """
purpose              | annual_target | finding
- Atender            | #12           | -
-Atender             | #12           | -
– Atender            | #12           | -
+                    | #12           | -
Fin                  | +12           | -
+ Atender            | #12           | nota purpose: + Atender
@Atender             | #12           | nota purpose: @Atender
-2+3 reuniones       | #12           | nota purpose: -2+3 reuniones
Aten\u200bder        | #12           | nota purpose: Aten[U+200B]der
\ufeffAtender        | #12           | nota purpose: [U+FEFF]Atender
Aten\x07der          | #12           | nota purpose: Aten[U+0007]der
=A1                  | #12           | -
"""

P06 = """
assigned_amount | finding
#500            | -
$ 500.00        | -
#0              | -
pendiente       | renglon assigned_amount: pendiente
#-500           | renglon assigned_amount: -500
#REF!           | renglon assigned_amount: #REF!
=F9*2           | renglon assigned_amount: =F9*2
                | -
"""

E01 = """
unit_code  | finding
06         | -
#6         | -
06 UNIDAD  | -
07         | -
60         | renglon unit_code: 60 → 06 UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA
Departamento de Informática | renglon unit_code: Departamento de Informática → 63 DEPARTAMENTO DE INFORMATICA
#REF!      | -
99         | renglon unit_code: 99 → una clave del catálogo de UR
Seis       | renglon unit_code: Seis → una clave del catálogo de UR
"""

R11 = """
unit_code | finding
06        | -
12        | renglon unit_code: 12 → 06
99        | -
"""

R18 = """
purpose     | justification | measure_unit | finding
Fin         | Se cumplió    | Informes     | -
#0.75       | Fin           | Informes     | renglon purpose: 0.75 → «OBJETIVO DE LA ACTIVIDAD (Bien o servicio que produce) (22)» dice «0.75», que es un número.
Fin         | 75%           | Informes     | renglon justification: 75% → «JUSTIFICACIÓN DE RESULTADOS (23)» dice «75%», que es un número.
Fin         | 12 informes   | 100 % cotejo | -
"""

CASES = [
    (rule, row)
    for rule, text in {
        "R01": R01,
        "R01 ": R01_NOTHING_PLANNED,
        "R02": R02,
        "R05": R05,
        "R05 ": R05_READ,
        "R06": R06,
        "R06 ": R06_READ,
        "R07": R07,
        "R08": R08,
        "R09": R09,
        "R10": R10,
        "R11": R11,
        "R12": R12,
        "R13": R13,
        "R16": R16,
        "R16 ": R16_EDGE,
        "R18": R18,
        "R20": R20,
        "R13 ": R12_LEAVES_R13,
        "R14": R14,
        "R17": R17,
        "R19": R19,
        "P06": P06,
        "E01": E01,
    }.items()
    for row in table(text)
]


@pytest.fixture(scope="module")
def told_of_each(third_quarter: Context) -> list[pl.DataFrame]:
    """What is told of the workbook of each case."""
    cells = [{name: value.strip('"') for name, value in row.items() if name != "finding"} for _, row in CASES]
    return told_each(third_quarter, [Workbook(rows=[row]) for row in cells])


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{rule}:{' '.join(row.values())}" for rule, row in CASES])
def test_row_rule(case: int, told_of_each: list[pl.DataFrame]) -> None:
    rule, row = CASES[case]
    expected = [] if row["finding"] == "-" else [row["finding"].replace('"', "").rstrip()]
    assert [line.rstrip() for line in summary(told_of_each[case], rule.strip())] == expected


def test_a_hole_is_told_once_and_its_sums_are_not(third_quarter: Context) -> None:
    told_of = told(third_quarter, rows=[{"planned_q2": "doce", "assigned_amount": "#1000"}])
    assert told_of["rule"].to_list() == ["R02"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"annual_target": "doce"}, "«META ANUAL (19)» dice «doce», que no es un número."),
        ({"activity_no": "#-1"}, "«No. ACT (14)» dice «-1»; debe ser un número entero, del 1 en adelante."),
        (
            {"description": " #DIV/0!"},
            "«ACTIVIDAD (DESCRIPCIÓN) (15)» muestra el error  #DIV/0!: la fórmula de la celda no da un resultado.",
        ),
        (
            {"purpose": "#REF!"},
            "«OBJETIVO DE LA ACTIVIDAD (Bien o servicio que produce) (22)» muestra el error #REF!: la fórmula de la celda no da un resultado.",
        ),
        ({"annual_target": "=SUM(I9:L9)"}, "«META ANUAL (19)» tiene la fórmula =SUM(I9:L9) sin su resultado."),
    ],
)
def test_what_r02_says(cell: dict[str, str], message: str, third_quarter: Context) -> None:
    assert told(third_quarter, rows=[cell]).filter(pl.col("rule") == "R02")["message"].to_list() == [message]


@pytest.mark.parametrize(
    "cells",
    [
        {"annual_target": "#REF!", "planned_q1": "N/A"},
        {"achieved_q2": "#DIV/0!", "achieved_total": "#10", "reported_progress": "83%"},
        {"achieved_total": "=SUM(M9:P9)", "reported_progress": "99%"},
        {"assigned_amount": "#VALUE!"},
        {"strategy_code": "#NAME?", "legal_basis": "=B7", "justification": "#N/A", "measure_unit": "=G9"},
    ],
)
def test_a_cell_without_a_value_is_told_as_that_and_nothing_is_told_of_its_sums(
    cells: dict[str, str], third_quarter: Context
) -> None:
    expected = {"P06"} if "assigned_amount" in cells else {"R02"}
    assert set(told(third_quarter, rows=[cells, {}])["rule"]) == expected


def test_a_wrong_target_is_told_in_the_calendar_and_in_the_percentage(third_quarter: Context) -> None:
    quarters = {f"planned_q{q}": "#13" for q in range(1, 5)} | {f"achieved_q{q}": "#13" for q in range(1, 4)}
    told_of = told(third_quarter, rows=[{**quarters, "annual_target": "#62", "achieved_total": "#39"}])
    assert [rule for rule in told_of["rule"] if rule != "P02"] == ["R05", "R07"]


def test_a_sound_workbook_is_told_nothing(third_quarter: Context) -> None:
    assert told(third_quarter).is_empty()


@pytest.mark.parametrize(
    ("rule", "cells", "message"),
    [
        (
            "R05",
            {"measure_unit": "Porcentajes", "annual_target": "#100"},
            "La meta anual dice 100, pero el calendario da 3 (según la política, «Porcentajes» se lee como último valor).",
        ),
        (
            "R06",
            {"measure_unit": "Promedio", "annual_target": "#3", "achieved_total": "#9"},
            "El total acumulado dice 9, pero los trimestres realizados dan 3 (según la política, «Promedio» se lee como promedio).",
        ),
        (
            "R16",
            {"achieved_q1": "#0", "justification": ""},
            "Realizado contra programado a la fecha: 6 de 9 (-33 %). Falta una justificación, pues la diferencia pasa de 10 %.",
        ),
        (
            "R16",
            {"measure_unit": "Tasa", "annual_target": "#3", "achieved_q3": "#2", "justification": ""},
            "Realizado contra programado a la fecha: 2 de 3 (-33 %). Falta una justificación, pues la diferencia pasa de 10 % "
            "(según la política, «Tasa» se lee como último valor).",
        ),
        (
            "R20",
            {"achieved_q1": "#30", "justification": ""},
            "Lo realizado a la fecha rebasa por mucho lo programado: 36 de 9 (400 %); se espera a lo más 130 % de lo programado. "
            "La justificación está vacía.",
        ),
    ],
)
def test_what_is_said_of_figures_to_date(
    rule: str, cells: dict[str, str], message: str, third_quarter: Context
) -> None:
    assert told(third_quarter, rows=[cells]).filter(pl.col("rule") == rule)["message"].to_list() == [message]


@pytest.mark.parametrize("justification", ["", "Más demanda"])
def test_far_above_plan_is_told_once(justification: str, third_quarter: Context) -> None:
    told_of = told(
        third_quarter, rows=[{"achieved_q1": "#30", "achieved_total": "#36", "justification": justification}]
    )
    assert set(told_of["rule"]) & {"R16", "R20"} == {"R20"}


def test_an_office_sets_its_own_bounds(third_quarter: Context) -> None:
    deviation = Deviation(share=0.5, minimum=0, upper=5)
    lenient = replace(third_quarter, policy=third_quarter.policy.model_copy(update={"deviation": deviation}))
    cells = {"achieved_q1": "#1", "achieved_q2": "#2", "justification": ""}
    assert summary(told(third_quarter, rows=[cells]), "R16")
    assert not summary(told(lenient, rows=[cells]), "R16")
