"""Accepted activities and quarantined rows in the unit's report."""

from __future__ import annotations

import json
from dataclasses import replace

import judged_example as example
import polars as pl
import pytest

from reports.unit.rows import to_date
from schemas.contracts import columns as c


def test_figures_to_date_are_the_frames_sums(report):
    rows = {(row[c.UNIT_CODE], row[c.ACTIVITY_NO]): row for row in example.observed().activities.iter_rows(named=True)}
    lines = [(table.unit_code, line) for table in report.activities for line in table.activities]
    assert len(lines) == len(rows)
    for unit, line in lines:
        row = rows[unit, line.activity_no]
        assert line.annual_target == row[c.ANNUAL_TARGET]
        assert line.planned == sum(row[name] for name in c.PLANNED[:3])
        assert line.achieved == sum(row[name] for name in c.ACHIEVED[:3])


def test_compliance_is_against_the_plan_and_progress_against_the_year(report):
    maintenance = report.activities[1].activities[0]
    assert maintenance.compliance == pytest.approx(326 / 450)
    assert maintenance.annual_progress == pytest.approx(326 / 600)


def test_nothing_planned_to_date_has_no_compliance(report_of):
    judged = example.observed()
    unplanned = judged.activities.with_columns(pl.lit(0.0).alias(name) for name in c.PLANNED)
    report = report_of(replace(judged, activities=unplanned))
    assert {line.compliance for table in report.activities for line in table.activities} == {None}


@pytest.mark.parametrize(
    ("reading", "planned", "achieved", "expected"),
    [
        ("sum", [3.0, 3.0, 4.0], [3.0, None, 4.0], (10.0, 7.0)),
        ("sum", [None, None], [None, None], (None, None)),
        ("last", [90.0, 100.0, 0.0], [80.0, 95.0, 0.0], (100.0, 95.0)),
        ("average", [90.0, 0.0, 100.0], [80.0, 7.0, 100.0], (95.0, 90.0)),
        ("maximum", [90.0, 100.0, 95.0], [80.0, None, 70.0], (100.0, 80.0)),
        ("last", [0.0, 0.0], [None, None], (0.0, None)),
    ],
)
def test_figures_to_date_follow_the_measures_reading(reading, planned, achieved, expected):
    assert to_date(planned, achieved, reading) == expected


def test_an_activity_is_read_as_it_was_judged(report_of):
    judged = example.observed()
    read = judged.activities.with_columns(pl.lit("last").alias(c.READING))
    assert report_of(replace(judged, activities=read)).activities[0].activities[0].planned == 3


def test_a_quarantined_row_shows_what_it_holds_and_why(report):
    (row,) = report.quarantined
    assert (row.where, row.about) == (
        "POA 2, renglón\N{NO-BREAK SPACE}28",
        "UR\N{NO-BREAK SPACE}06, actividad\N{NO-BREAK SPACE}7",
    )
    assert row.reasons == ("El calendario del primer trimestre dice «tres»; se necesita un número.",)
    assert ("CALENDARIO 1er. TRIM (20)", "tres") in row.cells
    assert ("ACTIVIDAD (DESCRIPCIÓN) (15)", "CiberPatrullaje permanente") in row.cells
    assert not row.proposed


def test_only_what_quarantines_a_row_is_its_reason(report_of):
    judged = example.observed()
    advice = {
        "at": "POA 2!S28",
        "unit_code": "06",
        "activity_no": 7,
        "field": c.PURPOSE,
        "message": "Falta el objetivo.",
    }
    told = pl.concat([judged.findings, example.frame([example.finding("R02", "aviso", **advice)], "findings")])
    (row,) = report_of(replace(judged, findings=told)).quarantined
    assert len(row.reasons) == 1


def test_without_a_finding_the_rules_titles_are_the_reason(report_of):
    judged = example.observed()
    (row,) = report_of(replace(judged, findings=judged.findings.clear())).quarantined
    assert row.reasons == ("Hay un número donde el formato pide un número",)


@pytest.mark.parametrize(
    ("proposal", "shown"),
    [
        ({"cells": {c.PLANNED[0]: 3, c.PLANNED[1]: 3.5}}, 2),
        ({c.PLANNED[0]: "3", "shift": 1}, 1),
        ({"shift": 1}, 0),
        ([1, 2], 0),
    ],
)
def test_a_proposal_shows_the_fields_it_names(report_of, proposal, shown):
    judged = example.observed()
    proposed = judged.quarantined.with_columns(pl.lit(json.dumps(proposal)).alias(c.PROPOSAL))
    (row,) = report_of(replace(judged, quarantined=proposed)).quarantined
    assert row.proposed
    assert len(row.proposal) == shown


def test_cells_that_the_form_lacks_are_kept(report_of):
    judged = example.observed()
    extra = json.dumps({c.DESCRIPTION: "Actividad", "Observaciones internas": "sí", "extra_1": 4.0})
    (row,) = report_of(
        replace(judged, quarantined=judged.quarantined.with_columns(pl.lit(extra).alias(c.CELLS)))
    ).quarantined
    assert row.cells[1:] == (("Observaciones internas", "sí"), ("Otra columna", "4"))
