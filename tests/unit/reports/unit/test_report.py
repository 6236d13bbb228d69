"""What the report says follows from the frames."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import judged_example as example
import polars as pl
import pytest

from reports.unit.report import NotOneWorkbookError
from reports.unit.since import Previous
from schemas.contracts import columns as c


def test_counts_are_those_of_the_findings_that_are_not_waived(report):
    expected = Counter(row[c.SEVERITY] for row in example.OPEN_FINDINGS)
    assert report.by_severity == {
        "archivo": 0,
        "renglon": 1,
        "aviso": expected["aviso"],
        "nota": expected["nota"],
    }
    assert len(report.findings) == len(example.OPEN_FINDINGS)
    assert [(f.rule, f.cell) for f in report.waived] == [("R05", "H31")]


def test_a_cause_is_one_rule_on_one_field(report):
    strategy = next(cause for cause in report.causes if cause.rule == "R13")
    assert [finding.where for finding in strategy.findings] == [
        f"{sheet}, celda\N{NO-BREAK SPACE}{cell}"
        for sheet, cell in (("POA 3", "E27"), ("POA 3", "E28"), ("POA 3", "E29"), ("POA 4", "E27"))
    ]
    assert (strategy.cells, round(strategy.points, 2)) == (4, 1.44)


def test_errors_come_first_and_then_what_is_worth_most(report):
    order = [(cause.rank, -round(cause.points, 6)) for cause in report.causes]
    assert order == sorted(order)
    assert [cause.rule for cause in report.causes][:2] == ["R02", "R13"]


def test_the_three_corrections_worth_most(report):
    assert [(cause.rule, cause.effort.replace("\N{NO-BREAK SPACE}", " ")) for cause in report.corrections] == [
        ("R02", "Corregir esta celda suma 2.1 puntos"),
        ("R13", "Corregir estas 4 celdas suma 1.4 puntos"),
        ("P04", "Corregir estas 3 celdas suma 1.1 puntos"),
    ]
    assert report.quality_after == pytest.approx(92.4 + 2.1 + 1.44 + 1.08)


def test_fields_carry_the_label_printed_on_the_form(report):
    labels = {(finding.rule, finding.field) for finding in report.findings}
    assert ("R05", "META ANUAL (19)") in labels
    assert ("R07", "% DE AVANCE vs META (21)") in labels
    assert ("P04", "% de Avance (5)") in labels
    assert ("P05", "Monto ejercido acumulado 4o. TRIM (5)") in labels
    assert ("R02", "CALENDARIO 1er. TRIM (20)") in labels


def test_units_are_told_apart_with_their_own_quality(report):
    assert [(unit.unit_code, unit.level, unit.quality) for unit in report.units] == [
        ("06", "UR principal", 93.1),
        ("63", "UR derivada", 90.8),
    ]
    assert report.institution == example.INSTITUTION


def test_order_of_the_frames_does_not_matter(report, report_of):
    judged = example.observed()
    assert report_of(replace(judged, findings=judged.findings.reverse())) == report


def test_what_is_new_is_told_from_what_was_said_last_time(report_of):
    judged = example.observed()
    gone = example.frame([example.finding("R10", "aviso", at="POA 1!H27", unit_code="06", activity_no=1)], "findings")
    before = pl.concat([judged.findings.filter(pl.col(c.RULE) != "R13"), gone])
    report = report_of(judged, previous=Previous(before))
    assert {finding.rule for finding in report.findings if finding.known is False} == {"R13"}
    assert [(finding.rule, finding.cell) for finding in report.since.corrected] == [("R10", "H27")]
    assert [(cause.rule, count) for cause, count in report.since.fresh] == [("R13", 4)]
    assert report.since.known == len(report.findings) - 4


def test_a_finding_says_since_when_it_is_known(report_of):
    judged = example.observed()
    known = pl.when(pl.col(c.RULE) == "R13").then(pl.date(2024, 4, 5)).alias(c.KNOWN_SINCE)
    told = judged.findings.with_columns(known)
    report = report_of(replace(judged, findings=told), previous=Previous(judged.findings.clear()))
    assert {(finding.known, finding.since) for finding in report.findings if finding.rule == "R13"} == {
        (True, "5 de abril de 2024")
    }


def test_without_a_last_time_nothing_is_called_new(report):
    assert report.since is None
    assert {finding.known for finding in report.findings} == {None}


@pytest.mark.parametrize("copies", [0, 2])
def test_a_report_is_of_one_workbook(report_of, copies):
    judged = example.observed()
    with pytest.raises(NotOneWorkbookError, match=f"hold {copies}"):
        report_of(replace(judged, files=pl.concat([judged.files] * 2).head(copies)))


@pytest.mark.parametrize(
    ("judged", "verdict", "headline"),
    [
        (example.observed(), "Observado", "Libro aceptado con observaciones"),
        (example.clean(), "Aceptado", "Libro aceptado, sin observaciones"),
        (example.rejected(), "Rechazado", "Libro rechazado: no pudo cargarse"),
        (
            replace(
                example.observed(),
                files=example.observed().files.with_columns(pl.lit("rechazado").alias(c.VERDICT)),
            ),
            "Rechazado",
            "Libro rechazado: ningún renglón pudo aceptarse",
        ),
    ],
)
def test_the_state_says_what_it_means(report_of, judged, verdict, headline):
    state = report_of(judged).state
    assert (state.word, state.headline) == (verdict, headline)
    assert state.meaning.endswith(".")
    assert state.next_step.endswith(".")


def test_a_unit_without_any_accepted_row_is_named(report_of):
    judged = example.observed()
    derived = (
        pl.when(pl.col(c.UNIT_CODE) == "63").then(pl.lit("rechazado")).otherwise(pl.col(c.VERDICT)).alias(c.VERDICT)
    )
    assert report_of(judged).state.meaning.endswith("mientras no se corrija.")
    meaning = report_of(replace(judged, units=judged.units.with_columns(derived))).state.meaning
    assert meaning.endswith("De la UR 63 no se aceptó ningún renglón.")


def test_an_accepted_workbook_with_notes_need_not_be_sent_again(report_of):
    notes = [row for row in example.OPEN_FINDINGS if row[c.SEVERITY] == "nota"]
    report = report_of(replace(example.clean(), findings=example.frame(notes, "findings")))
    assert "2\N{NO-BREAK SPACE}notas" in report.state.meaning
    assert report.state.next_step.startswith("No tiene que enviarlo de nuevo.")


def test_a_rejected_workbook_has_neither_index_nor_corrections(report_of):
    report = report_of(example.rejected())
    assert (report.loaded, report.quality, report.corrections) == (False, None, ())
    assert [cause.remedy for cause in report.causes] == [example.REMEDIES["A01"].remedy]


def test_a_variant_of_a_rule_reads_as_its_rule(report_of):
    one = example.frame([example.finding("R01.recommended", "aviso", at="POA 1!S27", field=c.PURPOSE)], "findings")
    cause = report_of(replace(example.observed(), findings=one)).causes[0]
    assert (cause.title, cause.remedy) == ("Las celdas obligatorias están llenas", "Llene la celda.")
