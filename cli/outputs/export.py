"""`poa export`: a published version as open data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Config, Quarter, Warehouse, Year, console, settings


class FileFormat(StrEnum):
    """Formats of exported files."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"


def export(
    year: Year,
    quarter: Quarter,
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="One file a view, in this format.")],
    version: Annotated[int | None, typer.Option(help="A version other than the current one.", min=1)] = None,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Write every public view of a version, and a data package that describes them."""
    from flows.outputs.exporting import export_version

    written = export_version(
        year, quarter, version, out, file_format.value, settings(warehouse=warehouse, config_dir=config)
    )
    console().print(f"{len(written)} files written in {out}", markup=False)
