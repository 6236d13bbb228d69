"""`poa check`: judge workbooks without storing anything. Imports no Prefect, and SQLAlchemy only with ``--against``.

Polars and the rules are imported where workbooks are judged: in a worker process.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import ApplyProposals, Config, Quarter, Year, console, settings
from schemas.contracts.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.calendar import Window
    from config.settings import Settings
    from flows.intake.inbox import Skipped
    from schemas.contracts.context import Context

REJECTED = "rechazado"


def check(
    files: Annotated[list[Path], typer.Argument(help="Workbooks, or folders of workbooks.")],
    year: Year,
    quarter: Quarter,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one line a workbook.")] = False,
    against: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of a warehouse to hold them against; it is only read.")
    ] = None,
    config: Config = None,
    apply_proposals: ApplyProposals = False,
) -> None:
    """Judge workbooks without storing anything.

    They are held against each other and, with --against, against the quarter's other workbooks, earlier quarters and
    waivers of a warehouse. What is skipped is named on stderr. Ends with 1 if a workbook is rejected, else with 3 if
    something could not be read, so that not all was checked.
    """
    from flows.context import context
    from flows.intake.inbox import complain_of_unread, named

    chosen = settings(config_dir=config, workers=1, apply_proposals=apply_proposals or None)
    judged_against, window = context(year, quarter, chosen)
    found = named(files, chosen.sender_pattern)
    _name(found.skipped)
    rejected = False
    for document in _documents(found.received, judged_against, window, chosen, against) if found.received else ():
        rejected |= document["verdict"] == REJECTED
        if as_json:
            typer.echo(json.dumps(document, ensure_ascii=False))
        else:
            _show(document)
    if rejected:
        raise typer.Exit(1)
    complain_of_unread(found, files)


def _documents(
    received: Sequence[Submission], judged_against: Context, window: Window, chosen: Settings, against: str | None
) -> list[dict[str, Any]]:
    from flows.batch import Batch, InboxFile
    from flows.runs.checking import checked, checked_against

    size = chosen.batch_of(len(received))
    groups = [received[start : start + size] for start in range(0, len(received), size)]
    batches = [Batch([InboxFile(r.path, r.file, r.sha256, r.bytes, r.sender) for r in group]) for group in groups]
    if against is None:
        return checked(batches, judged_against, window.closes, chosen)
    return checked_against(against, batches, judged_against, window, chosen)


def _name(skipped: Sequence[Skipped]) -> None:
    """Names on stderr, a line each, what is not judged and why: stdout keeps one object a workbook."""
    if not skipped:
        return
    from rich.text import Text

    err = console(stderr=True)
    for one in skipped:
        err.print(Text(f"{'not read' if one.unreadable else 'skipped'}: {one.file} ({one.reason})"), soft_wrap=True)


def _show(document: dict[str, Any]) -> None:
    from rich.text import Text

    from cli.quarter.findings_table import findings_table

    control, findings = document["control"], document["findings"]
    waived = sum(finding["waived"] for finding in findings)
    out = console()
    out.print(Text(f"{document['file']}: {document['verdict']}", style="bold"))
    out.print(
        Text(
            f"{control['rows_found']} rows: {control['rows_accepted']} accepted, {control['rows_quarantined']} "
            f"quarantined; {len(findings) - waived} findings" + (f", {waived} waived" if waived else "")
        )
    )
    if len(findings) > waived:
        out.print(findings_table(finding for finding in findings if not finding["waived"]))
