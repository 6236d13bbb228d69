"""`poa reports`: every unit's quality report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Config, Quarter, Warehouse, Year, console, settings


def reports(
    year: Year,
    quarter: Quarter,
    out: Annotated[Path, typer.Option(help="Folder for the reports.")],
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Write each unit's quality report, a page and its own workbook annotated, where something changed."""
    from flows.reporting import write_unit_reports

    chosen = settings(warehouse=warehouse, config_dir=config)
    written = write_unit_reports(year, quarter, out, chosen)
    console().print(f"{len(written.written)} files written, {len(written.unchanged)} unchanged, in {out}", markup=False)
