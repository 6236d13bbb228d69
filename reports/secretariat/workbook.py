"""The secretariat's report as a workbook: the sheet that the planning office used to build by hand."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.form import Form
from reports import wording
from reports.secretariat.glossary import glossary
from reports.secretariat.report import Secretariat
from reports.secretariat.sheets import (
    ACTIVITIES,
    BUDGET,
    DELIVERY,
    EDITS,
    FINDINGS,
    SPENT_BY_QUARTER,
    UNIT,
    UNITS,
    UR,
    Shown,
    table,
)
from reports.secretariat.summary import summary
from workbooks.export.report_sheet import Report, ReportSheet

# Findings as a reader of Spanish writes their severity.
SEVERITIES: Final = {"renglon": "renglón"}


def secretariat_workbook(report: Secretariat, form: Form) -> Report:
    """The workbook's sheets; ``form`` is what the dictionary tells the printed fields of."""
    of = report.of
    period = wording.quarter_phrase(of.year, of.quarter)
    published = f"{wording.day_phrase(of.published_at.date().isoformat())}, {of.published_at:%H:%M} (UTC)"
    stamp = f"versión {of.version} ({of.state})"
    return Report(
        title=f"Informe del {period}",
        subject=f"{_place(report)}{stamp}, publicada el {published}. Huella: {of.digest}",
        footer=f"POA {of.year} T{of.quarter}, {stamp}. Huella: {of.digest}",
        sheets=(
            summary(report, f"Informe del {period}"),
            ReportSheet("Unidades", f"Unidades, {period}", (table(UNITS, report.units),), 2, printed=17),
            ReportSheet(
                "Actividades", f"Actividades, {period}", (table(ACTIVITIES, report.activities),), 3, printed=13
            ),
            _budget(report, period),
            _deliveries(report, period),
            _findings(report, period),
            _changes(report, period),
            glossary(form, of.quarter),
        ),
    )


def _place(report: Secretariat) -> str:
    return f"{wording.clipped(wording.visible(report.of.institution), 90)}; " if report.of.institution else ""


def _budget(report: Secretariat, period: str) -> ReportSheet:
    """Lines of URs, and apart from them those of programmes, which sum theirs."""
    later = {one.name for one in SPENT_BY_QUARTER[report.of.quarter :]}
    shown = tuple(one for one in BUDGET if one.name not in later)
    programme = pl.col("nivel") == "programa"
    of_programmes = tuple(Shown(one.name, one.heading, one.kind, one.width) for one in shown)
    return ReportSheet(
        "Presupuesto",
        f"Presupuesto, {period}",
        (
            table(shown, report.budget.filter(~programme)),
            table(of_programmes, report.budget.filter(programme), "Líneas de programa: suman las de sus unidades"),
        ),
        2,
    )


def _deliveries(report: Secretariat, period: str) -> ReportSheet:
    """Each UR's state by quarter, and how this quarter's delivery came."""
    quarters = tuple(Shown(f"t{quarter}", f"Estado T{quarter}", "mark", 24) for quarter, _ in report.of.versions)
    now = report.matrix.filter(trimestre=report.of.quarter).select("ur", "dias_tarde")
    on_time = pl.col("oportuna").replace_strict({True: "sí", False: "no"}, return_dtype=pl.String)
    rows = report.units.join(now, on="ur", how="left", maintain_order="left").with_columns(on_time.alias("a_tiempo"))
    for quarter, _ in report.of.versions:
        states = report.matrix.filter(trimestre=quarter).select("ur", _state().alias(f"t{quarter}"))
        rows = rows.join(states, on="ur", how="left", maintain_order="left")
    return ReportSheet("Entregas", f"Entregas, {period}", (table((UR, UNIT, *quarters, *DELIVERY), rows),), 2)


def _state() -> pl.Expr:
    days = pl.col("dias_tarde")
    late = (
        pl.when(days == 1)
        .then(pl.lit(", 1 día tarde"))
        .when(days > 1)
        .then(pl.format(", {} días tarde", days))
        .when(~pl.col("oportuna"))
        .then(pl.lit(", fuera de plazo"))
        .otherwise(pl.lit(""))
    )
    return pl.col("estado") + late


def _findings(report: Secretariat, period: str) -> ReportSheet:
    rows = report.observations.with_columns(pl.col("severidad").replace(SEVERITIES), *_told())
    rows = rows.sort("ur", "no_actividad", "regla", "hoja", "celda", "mensaje", nulls_last=True)
    return ReportSheet("Observaciones", f"Observaciones, {period}", (table(FINDINGS, rows, empty="Ninguna."),), 2)


def _changes(report: Secretariat, period: str) -> ReportSheet:
    moved = (
        Shown("ur", "UR", "code", 6),
        UNIT,
        Shown("antes", "Antes", "ratio", 9),
        Shown("despues", "Ahora", "ratio", 26),
        Shown("cambio", "Cambio", "ratio change", 24),
    )
    return ReportSheet(
        "Cambios",
        f"Cambios desde el trimestre anterior, {period}",
        (
            table(EDITS, report.edits.with_columns(_told())),
            table(moved, report.movements, "Unidades cuyo cumplimiento cambió, primero las que más", "Ninguna."),
        ),
        2,
    )


def _told() -> tuple[pl.Expr, pl.Expr]:
    """Whether a finding is waived, and its UR, a dash for what is of none: such a row is counted too."""
    return pl.when("dispensada").then(pl.lit("sí")).alias("dispensa"), pl.col("ur").fill_null("—")
