"""`poa withdraw`: a submission taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Archive, By, Config, Quarter, Reason, Warehouse, Year, console, settings


def withdraw(
    year: Year,
    quarter: Quarter,
    by: By,
    reason: Reason,
    file: Annotated[str | None, typer.Option(help="Its name in the inbox, with or without the subfolder.")] = None,
    sha256: Annotated[str | None, typer.Option("--sha256", help="The start of its SHA-256.")] = None,
    warehouse: Warehouse = None,
    archive: Archive = None,
    config: Config = None,
) -> None:
    """Take a submission back: it is kept, but the workbook before it speaks, until it is received again."""
    from cli.quarter.published import kept, news
    from flows.runs.decisions import WithdrawRequest
    from flows.runs.decisions import withdraw as take_back
    from warehouse.consolidation import Decision

    chosen = settings(warehouse=warehouse, archive=archive, config_dir=config)
    done = take_back(WithdrawRequest(year, quarter, file, sha256), Decision(by, reason), chosen)
    out = console()
    out.print(f"{done.file} ({done.sha256[:12]}) is taken back; {news(done.published)}", markup=False)
    note = kept(done.published)
    if note:
        out.print(f"  {note}", markup=False)
