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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from config.errors import RUN_FAILED
    from flows.outputs.reporting import write_unit_reports

    chosen = settings(warehouse=warehouse, config_dir=config)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    told = console(stderr=True)
    with Progress(*columns, console=told, disable=not told.is_terminal) as progress:
        bar = progress.add_task(f"{year} T{quarter}", total=None)

        def advance(done: tuple[int, int]) -> None:
            progress.update(bar, advance=done[0], total=done[1])

        written = write_unit_reports(year, quarter, out, chosen, advance)
    gone = f", {len(written.removed)} removed" if written.removed else ""
    done = f"{len(written.written)} files written, {len(written.unchanged)} unchanged{gone}, in {out}"
    console().print(done, markup=False, highlight=False)
    if written.absent:
        told.print(
            f"{written.absent} workbooks are not in the archive {chosen.archive}: nothing is marked in them, "
            "their units get the observations alone; POA_ARCHIVE names the archive's folder",
            markup=False,
        )
    for failure in written.failed:
        told.print(f"not reported: {failure}", markup=False)
    if written.failed:
        raise typer.Exit(RUN_FAILED)
