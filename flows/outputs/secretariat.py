"""The secretariat's report out of a published version."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from config.atomic import replacing, write_whole
from config.form import load_form
from config.settings import Settings
from flows.provenance import digest, report_program
from reports.manifest import manifest
from reports.secretariat.page import render_secretariat
from reports.secretariat.report import Secretariat, secretariat
from reports.secretariat.workbook import secretariat_workbook
from warehouse.connect import Warehouse, open_warehouse
from warehouse.queries.as_of import PublishedVersion, published_version
from warehouse.queries.figure_cells import figure_cells
from warehouse.queries.published import view
from workbooks.export.report_workbook import write_report

# Whose manifest it is: the units' reports may lie in the same folder.
OF: Final = "secretaria"


def write_secretariat(year: int, quarter: int, version: int | None, out: Path, settings: Settings) -> list[Path]:
    """The report as a page and as a workbook in the folder ``out``, made if missing; returns both.

    The same version gives the same bytes of both, on any day: they are rendered where the version, its state or the
    program changed since, or where a file is not as it was written.

    Raises WarehouseError where the quarter has no such version, OSError or OperatorError where ``out`` cannot be
    written.
    """
    known = manifest(out, year, quarter, OF)
    with open_warehouse(settings.warehouse) as warehouse:
        of = published_version(warehouse, year, quarter, version)
        key = digest({}, f"{report_program(year, settings)}|{of}")
        there = known.stands(stem(of), key)
        if there is not None:
            return list(there)
        report = _report(warehouse, of)
    page, workbook = (out / f"{stem(of)}.{ending}" for ending in ("html", "xlsx"))
    write_whole(page, render_secretariat(report).encode())
    with replacing(workbook) as fresh:
        write_report(fresh, secretariat_workbook(report, load_form(year, settings.config_dir)))
    known.made(stem(of), key, (page, workbook))
    known.write()
    return [page, workbook]


def stem(of: PublishedVersion) -> str:
    """The name of the report's files without suffix, such as informe_secretaria_2024T3_v1."""
    return f"informe_secretaria_{of.year}T{of.quarter}_v{of.version}"


def report_of(warehouse: Warehouse, year: int, quarter: int, version: int | None = None) -> Secretariat:
    """What the report says of the version, else the last one; raises WarehouseError where there is none such."""
    return _report(warehouse, published_version(warehouse, year, quarter, version))


def _report(warehouse: Warehouse, of: PublishedVersion) -> Secretariat:
    return secretariat(
        lambda name, quarter, version: view(warehouse, name, year=of.year, quarter=quarter, version=version),
        of,
        figure_cells(warehouse, of.year, of.quarter, of.version),
    )
