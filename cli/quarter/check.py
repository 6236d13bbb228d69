"""`poa check`: judge workbooks without storing anything. Imports no Prefect, and SQLAlchemy only with ``--against``.

Polars and the rules are imported where workbooks are judged: in a worker process.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import ApplyProposals, Config, Quarter, Year, console, settings

if TYPE_CHECKING:
    from config.settings import Settings

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
    """Judge workbooks without storing anything; ends with 1 if any is rejected.

    They are held against each other and, with --against, against the quarter's other workbooks, earlier quarters and
    waivers of a warehouse.
    """
    chosen = settings(config_dir=config, workers=1, apply_proposals=apply_proposals or None)
    rejected = False
    for document in _documents(files, year, quarter, chosen, against):
        rejected |= document["verdict"] == REJECTED
        if as_json:
            typer.echo(json.dumps(document, ensure_ascii=False))
        else:
            _show(document)
    raise typer.Exit(1 if rejected else 0)


def _documents(
    files: list[Path], year: int, quarter: int, chosen: Settings, against: str | None
) -> list[dict[str, Any]]:
    from flows.batch import Batch, InboxFile
    from flows.context import context
    from flows.intake.inbox import named
    from flows.runs.checking import checked, checked_against

    judged_against, window = context(year, quarter, chosen)
    received = named(files, chosen.sender_pattern)
    size = chosen.batch_of(len(received))
    groups = [received[start : start + size] for start in range(0, len(received), size)]
    batches = [Batch([InboxFile(r.path, r.file, r.sha256, r.bytes, r.sender) for r in group]) for group in groups]
    if against is None:
        return checked(batches, judged_against, window.closes, chosen)
    return checked_against(against, batches, judged_against, window, chosen)


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
