"""The rows of the workbook of observations follow the report."""

from __future__ import annotations

import judged_example as example

from reports.unit.observations import INSTRUCTION, NOTHING, observations_sheet
from workbooks.export.observations import write_observations


def test_rows_are_the_reports_findings_in_its_order(report):
    sheet = observations_sheet(report)
    found = [(row.rule, row.sheet, row.cell) for row in sheet.rows]
    assert found[:-1] == [(finding.rule, finding.sheet, finding.cell) for finding in report.findings]
    assert (sheet.rows[-1].severity_words, sheet.rows[-1].points) == ("Aviso (dispensado)", None)
    assert round(sum(row.points or 0 for row in sheet.rows), 2) == round(
        sum(row["points"] for row in example.OPEN_FINDINGS), 2
    )


def test_the_top_says_state_quality_and_counts(report):
    sheet = observations_sheet(report)
    assert (sheet.state, sheet.quality, sheet.instruction) == ("Observado", 92.4, INSTRUCTION)
    assert [(words, count) for _, words, count in sheet.counts] == [
        ("Archivo rechazado", 0),
        ("Renglón en cuarentena", 1),
        ("Aviso", 14),
        ("Nota", 2),
    ]


def test_a_clean_sheet_thanks(report_of):
    sheet = observations_sheet(report_of(example.clean()))
    assert (sheet.rows, sheet.instruction) == ((), NOTHING)


def test_a_rejected_file_gets_its_sheet(report_of, tmp_path):
    sheet = observations_sheet(report_of(example.rejected()))
    assert sheet.subject == "Unidad desconocida. Archivo: POA final (2).xls"
    assert [row.rule for row in sheet.rows] == ["A01"]
    write_observations(tmp_path / "observaciones.xlsx", sheet)
