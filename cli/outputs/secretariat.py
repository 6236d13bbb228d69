"""`poa report-secretariat`: what the planning office shows the head of the secretariat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Config, Quarter, Warehouse, Year, console, settings


def report_secretariat(
    year: Year,
    quarter: Quarter,
    out: Annotated[Path, typer.Option(help="Folder for the report.")],
    version: Annotated[int | None, typer.Option(help="A version other than the current one.", min=1)] = None,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Write the secretariat's report of a quarter: a page that opens without network, and a workbook."""
    from flows.outputs.secretariat import write_secretariat

    chosen = settings(warehouse=warehouse, config_dir=config)
    for path in write_secretariat(year, quarter, version, out, chosen):
        console().print(str(path), markup=False, soft_wrap=True)
