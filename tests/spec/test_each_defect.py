"""A clean form raises nothing above nota; each defect raises its own rule at its own cell, and what follows from it.

Workbooks are written by the form writer and read by the whole data path, one defect a workbook, all in one batch.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from clean_form import Change, activity, clean_content, header, line

from flows.history import with_history
from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import alone
from workbooks.form.layout import Layout
from workbooks.form.write import write_form
from workbooks.reading.admission import Limits

CREATED = datetime(2024, 10, 3, 9, 0)
# Positions of activities: the sixth stands alone on the second page, the last two are the derived unit's.
FIRST, SECOND, SIXTH, LAST = 0, 1, 5, 7
PROGRAMME, PRINCIPAL, DERIVED = 0, 1, 2
Told = set[tuple[str, str]]

# What is done to the clean form, and all that is told of it then: (rule, sheet and cell).
DEFECTS: dict[str, tuple[Change, Told]] = {
    # header
    "E03 no objective": (header(strategic_objective=None), {("E03", "POA 1!C13")}),
    "E03 no institution": (header(institution=None), {("E03", "POA 1!C3")}),
    "E04 a function's code with another's name": (
        header(funcion=("6", "ASUNTOS DE ORDEN PÚBLICO Y DE SEGURIDAD INTERIOR")),
        {("E04", "POA 1!B17")},
    ),
    "E06 no date": (header(drawn_up_on="pronto"), {("E06", "POA 1!S3")}),
    "E06 before the quarter's end": (header(drawn_up_on=date(2024, 3, 15)), {("E06", "POA 1!S3")}),
    # budget
    "E02 another name": (line(DERIVED, name="DEPARTAMENTO DE SISTEMAS"), {("E02", "POA 1!C7")}),
    "E03 no amount exercised": (line(DERIVED, exercised_q2=None), {("E03", "POA 1!H7")}),
    "E03 no share exercised": (line(DERIVED, reported_progress=None), {("E03", "POA 1!K7")}),
    "P01 programme": (line(PROGRAMME, assigned_amount=801_000), {("P01", "POA 1!F5")}),
    "P02 unit": (line(DERIVED, assigned_amount=200_500), {("P01", "POA 1!F5"), ("P02", "POA 1!F7")}),
    "P03 more than assigned": (
        line(DERIVED, exercised_q3=210_000, reported_progress=1.05),
        {("P03", "POA 1!I7")},
    ),
    "P04 share": (line(PRINCIPAL, reported_progress=0.5), {("P04", "POA 1!K6")}),
    "P05 a quarter ahead": (line(PRINCIPAL, exercised_q4=600_000), {("P05", "POA 1!J6")}),
    "P06 an amount in words": (line(PRINCIPAL, exercised_q1="pendiente"), {("P06", "POA 1!G6")}),
    # activities
    "E01 no such unit": (activity(LAST, unit_code=99, activity_no=1), {("E01", "POA 3!A28"), ("P02", "POA 1!F7")}),
    "P02 activity": (activity(LAST, assigned_amount=90_000), {("P02", "POA 1!F7")}),
    "P06 an activity's amount in words": (activity(FIRST, assigned_amount="por definir"), {("P06", "POA 1!F27")}),
    "P06 a negative amount": (activity(FIRST, assigned_amount=-100_000), {("P06", "POA 1!F27")}),
    "R01 no amount": (activity(FIRST, assigned_amount=None), {("R01", "POA 1!F27")}),
    "R01 no measure": (activity(FIRST, measure_unit=None), {("R01", "POA 1!G27")}),
    "R01 no description": (activity(FIRST, description=None), {("R01", "POA 1!C27")}),
    "R01 no purpose": (activity(SIXTH, purpose=None), {("R01", "POA 2!S27")}),
    "R01 no calendar": (activity(FIRST, planned_q2=None), {("R01", "POA 1!J27")}),
    "R01 no result": (activity(FIRST, achieved_q3=None), {("R01", "POA 1!O27")}),
    "R02 a target in words": (activity(FIRST, annual_target="muchos"), {("R02", "POA 1!H27")}),
    "R02 N/A": (activity(SECOND, achieved_q2="N/A"), {("R02", "POA 1!N28")}),
    "R02 a half number": (activity(SIXTH, activity_no=6.5), {("R02", "POA 2!B27")}),
    "R03 a number twice": (activity(SIXTH, activity_no=5), {("R03", "POA 1!B31"), ("R03", "POA 2!B27")}),
    "R05 target": (activity(FIRST, annual_target=121), {("R05", "POA 1!H27")}),
    "R05 calendar": (activity(FIRST, planned_q1=31), {("R05", "POA 1!H27")}),
    "R06 total": (
        activity(FIRST, achieved_total=91, reported_progress=91 / 120),
        {("R06", "POA 1!Q27")},
    ),
    "R07 share": (activity(FIRST, reported_progress=0.8), {("R07", "POA 1!R27")}),
    "R08 a result ahead": (activity(FIRST, achieved_q4=1), {("R08", "POA 1!P27")}),
    "R09 a negative result": (activity(FIRST, planned_q1=0, annual_target=90, achieved_q1=-1), {("R09", "POA 1!M27")}),
    "R10 no target": (
        activity(FIRST, annual_target=0, **dict.fromkeys((*c.PLANNED, *c.ACHIEVED[:3]), 0)),
        {("R10", "POA 1!H27")},
    ),
    "R11 another's unit": (activity(LAST, unit_code=9, activity_no=1), {("R11", "POA 3!A28"), ("P02", "POA 1!F7")}),
    "R13 another axis": (activity(FIRST, strategy_code="ER1-2.10.1"), {("R13", "POA 1!E27")}),
    "R15 another spelling": (activity(SIXTH, measure_unit="Informe"), {("R15", "POA 2!G27")}),
    "R16 behind and unexplained": (
        activity(FIRST, achieved_q3=10, achieved_total=70, reported_progress=70 / 120, justification=None),
        {("R16", "POA 1!T27")},
    ),
    "R18 a number for a justification": (activity(FIRST, justification=75), {("R18", "POA 1!T27")}),
    "R20 far above": (
        activity(FIRST, achieved_q3=70, achieved_total=130, reported_progress=130 / 120),
        {("R20", "POA 1!Q27")},
    ),
}


def other_institution(book: openpyxl.Workbook) -> None:
    book["POA 2"]["C3"] = "SECRETARIA DE FINANZAS"


# What is done to the sheets themselves.
ON_SHEETS = {"E05 another institution on the second page": (other_institution, {("E05", "POA 2!C3")})}
# What is told of a form that has columns of the unit's own, each on its three pages.
ADDED = "A07 a column that is not the form's"
LAYOUTS = {ADDED: (Layout(added="right"), {("A07", "POA 1!U24"), ("A07", "POA 2!U24"), ("A07", "POA 3!U24")})}
CLEAN = "clean"
EXPECTED = {name: told for table in (DEFECTS, ON_SHEETS, LAYOUTS) for name, (_, told) in table.items()}


def sent(folder: Path, context: Context) -> dict[str, Path]:
    """A workbook for the clean form and for each defect."""
    clean = clean_content()
    content = {CLEAN: clean, **{name: change(clean) for name, (change, _) in DEFECTS.items()}}
    layouts = {name: layout for name, (layout, _) in LAYOUTS.items()}
    paths = {name: folder / f"{number}.xlsx" for number, name in enumerate([CLEAN, *EXPECTED])}
    for name in [CLEAN, *DEFECTS, *LAYOUTS]:
        said, layout = content.get(name, clean), layouts.get(name, Layout())
        write_form(paths[name], context.form, said, created=CREATED, layout=layout)
    for name, (change, _) in ON_SHEETS.items():
        book = openpyxl.load_workbook(paths[CLEAN], data_only=True)
        change(book)
        book.save(paths[name])
    return paths


@pytest.fixture(scope="module")
def findings(
    third_quarter: Context, limits: Limits, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pl.DataFrame]:
    """What is told of each workbook, all judged as one batch."""
    paths = sent(tmp_path_factory.mktemp("defects"), third_quarter)
    files = [InboxFile(path, path.name, f"{number:064}", 0) for number, path in enumerate(paths.values())]
    every = judged(Batch(files), third_quarter, limits)
    return {name: sent_alone(every, number, third_quarter).findings for number, name in enumerate(paths)}


def sent_alone(every: Judged, file_id: int, context: Context) -> Judged:
    """One workbook of the batch, held against no other."""
    frames: dict[str, pl.DataFrame] = vars(every)
    one = Judged(**{name: frame.filter(pl.col(c.FILE_ID) == file_id) for name, frame in frames.items()})
    return with_history(one, alone(one, date(2024, 10, 15)), context)


def cells(told: pl.DataFrame) -> Told:
    places = told.select(c.RULE, pl.concat_str([c.SHEET, c.CELL], separator="!", ignore_nulls=True))
    return set(places.iter_rows())


def test_a_clean_form_raises_nothing_above_nota(findings: dict[str, pl.DataFrame]) -> None:
    assert cells(findings[CLEAN].filter(pl.col(c.SEVERITY) != "nota")) == set()


@pytest.mark.parametrize("defect", EXPECTED)
def test_a_defect_raises_its_rule_at_its_cell_and_no_more(defect: str, findings: dict[str, pl.DataFrame]) -> None:
    assert cells(findings[defect]) - cells(findings[CLEAN]) == EXPECTED[defect]


def test_no_defect_silences_another_finding(findings: dict[str, pl.DataFrame]) -> None:
    clean = cells(findings[CLEAN])
    assert {name: clean - cells(told) for name, told in findings.items() if clean - cells(told)} == {}
