"""The secretariat's report out of a published version."""

from __future__ import annotations

from pathlib import Path

from config.form import load_form
from config.settings import Settings
from reports.secretariat import Secretariat, secretariat
from reports.secretariat_page import render_secretariat
from reports.secretariat_workbook import secretariat_workbook
from warehouse.connect import Warehouse, open_warehouse
from warehouse.figure_cells import figure_cells
from warehouse.queries import view
from warehouse.standing import standing
from workbooks.report_workbook import write_report


def write_secretariat(year: int, quarter: int, version: int | None, out: Path, settings: Settings) -> list[Path]:
    """The report as a page and as a workbook, written into the folder ``out``, made if missing.

    The same version gives the same bytes of both, on any day.

    Raises WarehouseError where the quarter has no such version, OSError where ``out`` cannot be written.
    """
    with open_warehouse(settings.warehouse) as warehouse:
        report = report_of(warehouse, year, quarter, version)
    out.mkdir(parents=True, exist_ok=True)
    page, workbook = (out / f"{stem(report)}.{ending}" for ending in ("html", "xlsx"))
    page.write_text(render_secretariat(report), encoding="utf-8", newline="\n")
    write_report(workbook, secretariat_workbook(report, load_form(year, settings.config_dir)))
    return [page, workbook]


def stem(report: Secretariat) -> str:
    """The name of the report's files without suffix, such as informe_secretaria_2024T3_v1."""
    return f"informe_secretaria_{report.of.year}T{report.of.quarter}_v{report.of.version}"


def report_of(warehouse: Warehouse, year: int, quarter: int, version: int | None = None) -> Secretariat:
    """What the report says of the version, else the last one; raises WarehouseError where there is none such."""
    of = standing(warehouse, year, quarter, version)
    return secretariat(
        lambda name, quarter, version: view(warehouse, name, year=year, quarter=quarter, version=version),
        of,
        figure_cells(warehouse, year, quarter, of.version),
    )
