"""One table a rule: what stands in an activity row (a sound one but for these cells), and what is told of it.

Cells are text as typed; ``#12`` is a stored number. The last column is the finding, ``-`` for none. The quarter
reported is the third.
"""

from __future__ import annotations

import polars as pl
import pytest
from made_workbook import told
from table import summary, table

from schemas.evidence import Context

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

P06 = """
assigned_amount | finding
#500            | -
$ 500.00        | -
#0              | -
pendiente       | renglon assigned_amount: pendiente
#-500           | renglon assigned_amount: -500
                | -
"""

E01 = """
unit_code  | finding
06         | -
#6         | -
06 UNIDAD  | -
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
        "R06": R06,
        "R07": R07,
        "R08": R08,
        "R09": R09,
        "R10": R10,
        "R11": R11,
        "R13": R13,
        "R18": R18,
        "P06": P06,
        "E01": E01,
    }.items()
    for row in table(text)
]


@pytest.mark.parametrize(("rule", "row"), CASES, ids=[f"{rule}:{' '.join(row.values())}" for rule, row in CASES])
def test_row_rule(rule: str, row: dict[str, str], third_quarter: Context) -> None:
    cells = {name: value.strip('"') for name, value in row.items() if name != "finding"}
    expected = [] if row["finding"] == "-" else [row["finding"].replace('"', "").rstrip()]
    assert [line.rstrip() for line in summary(told(third_quarter, rows=[cells]), rule.strip())] == expected


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
        ({"annual_target": "=SUM(I9:L9)"}, "«META ANUAL (19)» tiene la fórmula =SUM(I9:L9) sin su resultado."),
    ],
)
def test_what_r02_says(cell: dict[str, str], message: str, third_quarter: Context) -> None:
    assert told(third_quarter, rows=[cell]).filter(pl.col("rule") == "R02")["message"].to_list() == [message]


def test_a_sound_workbook_is_told_nothing(third_quarter: Context) -> None:
    assert told(third_quarter).is_empty()
