"""`poa consolidate`: an inbox into the warehouse, as a Prefect flow."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import ApplyProposals, Archive, Config, Quarter, Warehouse, Year, console, place_of, settings

if TYPE_CHECKING:
    from config.settings import Settings
    from flows.intake.inbox import Inbox
    from flows.runs.consolidation import ConsolidationResult, Request
    from flows.runs.judging import Progress
    from warehouse.consolidation import ControlTotals, Published


def consolidate(
    year: Year,
    quarter: Quarter,
    inbox: Annotated[str, typer.Option(help="Folder, or address (s3://, sftp://), with the units' workbooks.")],
    warehouse: Warehouse = None,
    archive: Archive = None,
    received_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of receipt, instead of each file's time."),
    ] = None,
    config: Config = None,
    apply_proposals: ApplyProposals = False,
    direct: Annotated[bool, typer.Option("--direct", help="Run the same path without Prefect.")] = False,
) -> None:
    """Judge what is new in the inbox, store it and publish the quarter's snapshot."""
    chosen = settings(warehouse=warehouse, archive=archive, config_dir=config, apply_proposals=apply_proposals or None)
    tell(run(year, quarter, place_of(inbox), chosen, received_on=received_on, direct=direct), year, quarter)


def run(
    year: int,
    quarter: int,
    inbox: Path | str,
    chosen: Settings,
    *,
    received_on: datetime | None = None,
    direct: bool = False,
) -> ConsolidationResult:
    """One consolidation with a progress bar; through Prefect unless ``direct``."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    from config.calendar import load_calendar
    from flows.runs.consolidation import Request, listed

    if received_on is not None:
        received_on = received_on.replace(hour=12, tzinfo=load_calendar(chosen.config_dir).zone)
    request = Request(year, quarter, inbox, received_on)
    found = listed(request, chosen)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console(stderr=True)) as progress:
        bar = progress.add_task(f"{year} T{quarter}", total=len(found.received))

        def advance(workbooks: int) -> None:
            progress.advance(bar, workbooks)

        if direct:
            from flows.runs.consolidation import consolidate as consolidate_directly

            return consolidate_directly(request, chosen, found, on_progress=advance)
        return _through_prefect(request, chosen, found, advance)


def _through_prefect(request: Request, chosen: Settings, found: Inbox, advance: Progress) -> ConsolidationResult:
    inbox = request.inbox.resolve() if isinstance(request.inbox, Path) else request.inbox
    _known_to_prefect(inbox)
    into_environment(chosen)
    from flows.schedule.own_server import start_ephemeral
    from flows.schedule.quarterly import FOUND, PROGRESS, consolidate_quarter

    start_ephemeral()
    watching, known = PROGRESS.set(advance), FOUND.set(found)
    try:
        return consolidate_quarter(request.year, request.quarter, inbox, request.received_on)
    finally:
        PROGRESS.reset(watching)
        FOUND.reset(known)


def _known_to_prefect(inbox: Path | str) -> None:
    """Raises UsageError where Prefect, whose parameters are UTF-8, cannot be told the folder's name."""
    from config.errors import UsageError
    from config.file_name import printable

    try:
        str(inbox).encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"inbox {printable(str(inbox))}: its own path is no UTF-8, which Prefect cannot take; rename the folder, "
            "or run with --direct (the names of the files in it may be any)"
        ) from error


def into_environment(chosen: Settings, log_level: str = "WARNING") -> None:
    """Hands the settings to flows, which read ``POA_*``; and Prefect its own: private, as quiet as ``log_level``.

    To be called before Prefect is imported: it reads its settings then.
    """
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", log_level)
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    for name, value in chosen.model_dump(exclude_none=True).items():
        os.environ[f"POA_{name.upper()}"] = str(value)


def tell(outcome: ConsolidationResult, year: int, quarter: int) -> None:
    """What the run came to, in a few lines."""
    tell_run(outcome.published, outcome.control, outcome.rejected)
    if not outcome.inbox.seen:
        console().print("  nothing lies in the inbox: see that it is the right one", style="yellow", markup=False)
    for skipped in outcome.inbox.skipped:
        console().print(f"  skipped: {skipped.file} ({skipped.reason})", markup=False)


def tell_run(published: Published, control: ControlTotals, rejected: Sequence[str]) -> None:
    """What was published, and the control totals."""
    from cli.quarter.published import kept, news

    out = console()
    out.print(f"{news(published)} (digest {published.digest[:12]})", style="bold", markup=False)
    note = kept(published)
    if note:
        out.print(f"  {note}", style="yellow", markup=False)
    out.print(
        f"  files {control.seen} = accepted {control.accepted} + observed {control.observed} + rejected "
        f"{control.rejected} + unchanged {control.unchanged} + skipped {control.skipped}"
    )
    out.print(
        f"  rows {control.rows_found} = accepted {control.rows_accepted} + quarantined {control.rows_quarantined}"
    )
    for file in rejected:
        out.print(f"  rejected: {file}", markup=False)
