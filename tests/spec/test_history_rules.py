"""A09-A11, P01, T01-T05: a workbook beside the others of its quarter and those of the quarters before.

In the tables a column ``t2.<field>`` is what the workbook of the second quarter said in an activity sound but for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from made_history import at, history, judged, together, told_of
from made_workbook import SOUND_BUDGET
from table import table

from schemas.cards.card import Card
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.findings.history_engine import history_findings
from schemas.rules.rulebook import CARDS

T01 = """
t2.achieved_q1 | t2.achieved_q2 | achieved_q1 | achieved_q2 | achieved_q3 | finding
#3             | #3             | #3          | #3          | #3          | -
#3             | #3             | #5          | #3          | #3          | aviso M27 achieved_q1: 5 → 3
#3             | #3             | 3           | " 3 "       | #7          | -
#3             | #3             | #3          | #0          | #3          | aviso N27 achieved_q2: 0 → 3
"""

T02 = """
t2.annual_target | t2.planned_q1 | annual_target | planned_q1 | measure_unit | finding
#12              | #3            | #12           | #3         | Informes     | -
#12              | #3            | #10           | #3         | Informes     | aviso H27 annual_target: 10 → 12
#12              | #3            | #12           | #3.5       | Informes     | aviso I27 planned_q1: 3.5 → 3
#12              | #3            | #12           | #3         | INFORME      | -
#12              | #3            | #12           | #3         | Talleres     | aviso G27 measure_unit: Talleres → Informes
#13              | #3            | #12           | #3         | Informes     | nota H27 annual_target: 12 → 13
#13              | #3            | #14           | #3         | Informes     | aviso H27 annual_target: 14 → 13
#12              | #4            | #12           | #3         | Informes     | nota I27 planned_q1: 3 → 4
"""

T04 = """
t2.assigned_amount | assigned_amount | finding
#500               | #500            | -
#500               | $ 500.00        | -
#500               | #500.4          | -
#500               | #500.6          | aviso F27 assigned_amount: 500.60 → 500
#500               | #450            | aviso F27 assigned_amount: 450 → 500
                   | #500            | nota F27 assigned_amount: 500 → en blanco
"""

CASES = [(rule, row) for rule, text in {"T01": T01, "T02": T02, "T04": T04}.items() for row in table(text)]


@pytest.mark.parametrize(("rule", "row"), CASES, ids=[f"{rule}:{' '.join(row.values())}" for rule, row in CASES])
def test_activity_against_the_second_quarter(rule: str, row: dict[str, str], third_quarter: Context) -> None:
    before = {name.removeprefix("t2."): value.strip('"') for name, value in row.items() if name.startswith("t2.")}
    after = {name: value.strip('"') for name, value in row.items() if name != "finding" and not name.startswith("t2.")}
    earlier = judged(at(third_quarter, 2), rows=[{**SECOND, **before}, SECOND])
    now = judged(third_quarter, rows=[after, {}])
    expected = [] if row["finding"] == "-" else [row["finding"]]
    assert told_of(now, history(now, {2: earlier}), third_quarter, rule) == expected


# As it stood in the second quarter.
SECOND = {"achieved_q3": "", "achieved_total": "#6", "reported_progress": "50%"}


COPIED = "Se atendieron todas las solicitudes que presentaron las unidades y se entregó el informe"


@pytest.mark.parametrize(
    ("then", "now", "finding"),
    [
        (COPIED, COPIED, [f"nota T27 justification: {COPIED}"]),
        (COPIED, f"{COPIED}, como se acordó", []),
        ("Meta cumplida", "Meta cumplida", []),  # a formula that fits many
        ("", "", []),
    ],
)
def test_r17_a_justification_of_last_quarter(then: str, now: str, finding: list[str], third_quarter: Context) -> None:
    earlier = judged(at(third_quarter, 2), rows=[{**SECOND, "justification": then}])
    report = judged(third_quarter, rows=[{"justification": now}])
    assert told_of(report, history(report, {2: earlier}), third_quarter, "R17") == finding


def test_t01_a_change_is_told_once_and_not_for_ever(third_quarter: Context) -> None:
    first = judged(at(third_quarter, 1), rows=[{"achieved_q1": "#3"}])
    second = judged(at(third_quarter, 2), rows=[{**SECOND, "achieved_q1": "#5"}])
    now = judged(third_quarter, rows=[{"achieved_q1": "#5"}])
    assert told_of(second, history(second, {1: first}), at(third_quarter, 2), "T01") == ["aviso M27 achieved_q1: 5 → 3"]
    assert told_of(now, history(now, {1: first, 2: second}), third_quarter, "T01") == []


def test_t01_a_quarter_that_no_workbook_covered_has_nothing_to_compare(third_quarter: Context) -> None:
    first = judged(at(third_quarter, 1), rows=[{"achieved_q1": "#3", "achieved_q2": ""}])
    now = judged(third_quarter, rows=[{"achieved_q2": "#8"}])
    assert told_of(now, history(now, {1: first}), third_quarter, "T01") == []


def test_t01_a_figure_that_corrects_what_was_told_is_a_note(third_quarter: Context) -> None:
    wrong_total = {**SECOND, "achieved_q2": "#2", "achieved_total": "#6"}
    now = judged(third_quarter, rows=[{"achieved_q2": "#3"}])
    past = history(now, {2: judged(at(third_quarter, 2), rows=[wrong_total])})
    assert told_of(now, past, third_quarter, "T01") == ["nota N27 achieved_q2: 3 → 2"]


def test_t02_the_baseline_is_the_first_quarter_that_held_the_activity(third_quarter: Context) -> None:
    first = judged(at(third_quarter, 1), rows=[{"annual_target": "#12"}])
    second = judged(at(third_quarter, 2), rows=[{**SECOND, "annual_target": "#20"}])
    now = judged(third_quarter, rows=[{"annual_target": "#20"}])
    past = history(now, {1: first, 2: second})
    assert told_of(now, past, third_quarter, "T02") == ["aviso H27 annual_target: 20 → 12"]
    message = history_findings(now, past, third_quarter).filter(rule="T02")[c.MESSAGE].item()
    assert message == "«META ANUAL (19)» dice 20; en el libro del primer trimestre era 12."


@pytest.mark.parametrize(("target", "finding"), [("#20", []), ("#12", ["aviso H27 annual_target: 12 → 20"])])
def test_t02_an_authorised_change_is_the_baseline(target: str, finding: list[str], third_quarter: Context) -> None:
    earlier = judged(at(third_quarter, 1), rows=[{"annual_target": "#12"}])
    now = judged(third_quarter, rows=[{"annual_target": target}])
    granted = {c.QUARTER: 2, c.UNIT_CODE: "06", c.ACTIVITY_NO: 1, c.FIELD: c.ANNUAL_TARGET, c.VALUE: "20"}
    past = history(now, {1: earlier}, authorised=[granted])
    assert told_of(now, past, third_quarter, "T02") == finding


def test_t04_a_budget_line_has_its_cell(third_quarter: Context) -> None:
    earlier = judged(at(third_quarter, 2))
    cut = [SOUND_BUDGET[0], {**SOUND_BUDGET[1], "assigned_amount": "#900"}]
    now = judged(third_quarter, budget=cut)
    assert told_of(now, history(now, {2: earlier}), third_quarter, "T04") == ["aviso D6 assigned_amount: 900 → 1,000"]


def test_t03_appeared_and_vanished(third_quarter: Context) -> None:
    earlier = judged(at(third_quarter, 2), rows=[{"activity_no": "#1"}, {"activity_no": "#2"}])
    now = judged(third_quarter, rows=[{"activity_no": "#1"}, {"activity_no": "#3"}])
    past = history(now, {2: earlier})
    assert told_of(now, past, third_quarter, "T03") == ["aviso B28 activity_no: 3", "aviso 2"]


def test_t03_a_quarantined_row_is_present(third_quarter: Context) -> None:
    held = {"activity_no": "#2", "annual_target": "doce"}
    earlier = judged(at(third_quarter, 2), rows=[{"activity_no": "#1"}, held])
    now = judged(third_quarter, rows=[{"activity_no": "#1"}, {"activity_no": "#2"}])
    assert told_of(now, history(now, {2: earlier}), third_quarter, "T03") == []
    back = history(earlier, {2: now})
    assert told_of(earlier, back, third_quarter, "T03") == []


def test_t03_a_row_whose_number_cannot_be_read_may_be_any(third_quarter: Context) -> None:
    earlier = judged(at(third_quarter, 2), rows=[{"activity_no": "#1"}, {"activity_no": "#2"}])
    now = judged(third_quarter, rows=[{"activity_no": "#1"}, {"activity_no": "dos"}])
    assert told_of(now, history(now, {2: earlier}), third_quarter, "T03") == []


@pytest.mark.parametrize(("on_time", "finding"), [(True, []), (False, ["aviso 18/10/2024 → 15/10/2024"]), (None, [])])
def test_t05_late(on_time: bool | None, finding: list[str], third_quarter: Context) -> None:
    now = judged(third_quarter)
    receipt = {c.FILE_ID: 0, c.RECEIVED_AT: datetime(2024, 10, 18, 9), c.ON_TIME: on_time}
    assert told_of(now, history(now, receipts=[_whole(receipt)]), third_quarter, "T05") == finding


def test_a09_the_same_bytes_again(third_quarter: Context) -> None:
    now = judged(third_quarter)
    past = history(now, receipts=[_whole({c.FILE_ID: 0, c.KNOWN_AS: "UR06 final.xlsx"})])
    assert told_of(now, past, third_quarter, "A09") == ["nota"]
    assert told_of(now, history(now), third_quarter, "A09") == []


def _whole(receipt: Mapping[str, Any]) -> dict[str, Any]:
    return {c.RECEIVED_AT: None, c.ON_TIME: None, c.REPEATS: None, c.KNOWN_AS: None, **receipt}


def test_a10_both_workbooks_of_a_unit_are_told(third_quarter: Context) -> None:
    line = {"level": "derived", "unit_name": "63 UNIDAD DE INTELIGENCIA", "assigned_amount": "#0"}
    own = [SOUND_BUDGET[0], {**line, "level": "principal", "assigned_amount": "#1000"}]
    rows = [{"activity_no": "#1", "assigned_amount": "#1000"}, {"unit_code": "63", "assigned_amount": "#0"}]
    parent = judged(third_quarter, rows=rows, budget=[*SOUND_BUDGET, line])
    child = judged(third_quarter, rows=[{**row, "unit_code": "63"} for row in rows], budget=own, file="UR63.xlsx")
    both = together(parent, child)
    found = history_findings(both, history(both), third_quarter).filter(rule="A10")
    assert found.select(c.FILE_ID, c.UNIT_CODE, c.CELL, c.MESSAGE).rows() == [
        (
            0,
            None,
            "C7",
            "La UR 63 también viene en «UR63.xlsx»; cuenta lo que dice aquel libro y lo de este queda aparte.",
        ),
        (1, "63", "C6", "La UR 63 también viene en «UR06.xlsx»; cuenta lo que dice este libro."),
    ]


def test_a10_a_workbook_sent_again_takes_the_place_of_the_former(third_quarter: Context) -> None:
    both = together(judged(third_quarter), judged(third_quarter, file="UR06 corregido.xlsx"))
    assert told_of(both, history(both), third_quarter, "A10") == []


def test_a11_the_bytes_of_an_earlier_quarter(third_quarter: Context) -> None:
    now = judged(third_quarter)
    past = history(now, receipts=[_whole({c.FILE_ID: 0, c.REPEATS: 2})])
    [message] = history_findings(now, past, third_quarter).filter(rule="A11")[c.MESSAGE]
    assert message == "El archivo es idéntico al que se recibió para el segundo trimestre."


@pytest.mark.parametrize(
    ("change", "header", "finding"),
    [
        ({}, {}, ["aviso"]),
        ({"achieved_q3": "#3", "achieved_total": "#9"}, {}, []),
        ({"justification": "No hubo solicitudes en el trimestre"}, {}, []),
        ({}, {"drawn_up_on": "04/10/2024"}, []),
    ],
)
def test_a11_the_old_workbook_saved_anew(
    change: dict[str, str], header: dict[str, str], finding: list[str], third_quarter: Context
) -> None:
    old = {**SECOND, "achieved_q3": "#0"}
    earlier = judged(at(third_quarter, 2), rows=[old, old], header={"drawn_up_on": "05/07/2024"})
    now = judged(third_quarter, rows=[{**old, **change}, old], header={"drawn_up_on": "05/07/2024", **header})
    assert told_of(now, history(now, {2: earlier}), third_quarter, "A11") == finding


def _lines(programme: str, unit: str, code: str = "06") -> list[dict[str, str]]:
    return [
        {**SOUND_BUDGET[0], "assigned_amount": programme},
        {"level": "principal", "unit_name": f"{code} UNIDAD", "assigned_amount": unit},
    ]


@pytest.mark.parametrize(
    ("programme", "unit", "finding"),
    [
        ("#1000", "#1000", []),
        ("#1001", "#1000", []),  # within ± half a peso each
        ("#1001.5", "#1000", ["aviso D5 assigned_amount: 1,001.50 → 1,000"]),
        ("", "#1000", []),  # E03 tells it
        ("#1000", "#1002", ["aviso D5 assigned_amount: 1,000 → 1,002"]),
        ("#1000", "pendiente", []),
    ],
)
def test_p01_one_workbook(programme: str, unit: str, finding: list[str], third_quarter: Context) -> None:
    now = judged(third_quarter, budget=_lines(programme, unit))
    assert told_of(now, history(now), third_quarter, "P01") == finding


@pytest.mark.parametrize(
    ("amounts", "findings"),
    [
        (("#1500", "#1000", "#1500", "#500"), []),
        (("#1000", "#1000", "#500", "#500"), []),
        (("#1500", "#1000", "#1500", "#400"), ["aviso D5 assigned_amount: 1,500 → 1,400"] * 2),
    ],
)
def test_p01_a_programme_over_two_workbooks(
    amounts: tuple[str, str, str, str], findings: list[str], third_quarter: Context
) -> None:
    first = judged(third_quarter, budget=_lines(*amounts[:2]))
    second = judged(third_quarter, budget=_lines(*amounts[2:], code="63"), rows=[{"unit_code": "63"}], file="UR63.xlsx")
    both = together(first, second)
    assert told_of(both, history(both), third_quarter, "P01") == findings
    # The same of each, whichever others are judged at once.
    assert told_of(first, history(both), third_quarter, "P01") == findings[:1]


def test_a_workbook_alone_with_nothing_before_it_is_told_nothing(third_quarter: Context) -> None:
    now = judged(third_quarter)
    assert history_findings(now, history(now), third_quarter).is_empty()
    assert isinstance(now.files, pl.DataFrame)


@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_any_quarter_may_have_no_quarter_before_it(quarter: int, third_quarter: Context) -> None:
    now = judged(at(third_quarter, quarter))
    late = _whole({c.FILE_ID: 0, c.RECEIVED_AT: datetime(2024, 12, 31), c.ON_TIME: False})
    found = history_findings(now, history(now, receipts=[late]), at(third_quarter, quarter))
    assert found[c.RULE].to_list() == ["T05"]


@pytest.mark.parametrize("card", [card for card in CARDS.values() if card.needs_past], ids=lambda card: card.code)
def test_what_is_not_asked_without_a_past_tells_nothing_there(card: Card, third_quarter: Context) -> None:
    """Whatever else is known: what was authorised, what was found before, who delivers."""
    other = {"achieved_q1": "#5", "annual_target": "#20", "assigned_amount": "#450", "justification": COPIED}
    earlier = judged(at(third_quarter, 2), rows=[{**SECOND, **other}])
    now = judged(third_quarter, rows=[{"justification": COPIED}, {}])
    change = {c.QUARTER: 2, c.UNIT_CODE: "06", c.ACTIVITY_NO: 2, c.FIELD: c.ANNUAL_TARGET, c.VALUE: "30"}
    past = history(now, {2: earlier}, authorised=[change])
    assert card.history_check is not None
    assert not card.history_check(now, past, third_quarter).is_empty()
    before = ("earlier", "activities", "quarantined", "budget")
    nothing = replace(past, **{name: getattr(past, name).clear() for name in before})
    assert (past.has_past, nothing.has_past) == (True, False)
    assert card.history_check(now, nothing, third_quarter).is_empty()
