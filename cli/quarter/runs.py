"""`poa runs`: what ran over the warehouse, with control totals and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import Config, Warehouse, console, settings

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

STYLES = {"published": "green", "unchanged": "dim", "kept": "yellow", "closed": "cyan", "opened": "cyan"}
COUNTED = ("seen", "accepted", "observed", "rejected", "unchanged", "skipped")
ROWS = ("rows_found", "rows_accepted", "rows_quarantined")


def runs(
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1)] = 20,
    year: Annotated[int | None, typer.Option(help="Only of this fiscal year.")] = None,
    quarter: Annotated[int | None, typer.Option(help="Only of this quarter.", min=1, max=4)] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a run, one a line.")] = False,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """List the runs over the warehouse: what each published, and the control totals that it added up."""
    from config.calendar import load_calendar
    from warehouse.connect import open_warehouse
    from warehouse.queries.runs import runs as runs_of

    chosen = settings(warehouse=warehouse, config_dir=config)
    with open_warehouse(chosen.warehouse) as opened:
        found = runs_of(opened, limit, year, quarter)
    if json:
        typer.echo(found.write_ndjson(), nl=False)
    elif found.is_empty():
        console().print("no runs yet; poa consolidate makes the first")
    else:
        console().print(_table(found.iter_rows(named=True), load_calendar(chosen.config_dir).zone))


def _table(rows: Any, zone: ZoneInfo) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("started", "quarter", "command", "outcome"):
        table.add_column(heading, no_wrap=True)
    for heading in ("s", "files", "acc", "obs", "rej", "same", "skip", "rows", "acc", "held"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row, zone))
    return table


def _cells(row: dict[str, Any], zone: ZoneInfo) -> list[Any]:
    from rich.text import Text

    seconds = f"{(row['finished'] - row['started']).total_seconds():.1f}" if row["finished"] else ""
    outcome = f"version {row['version']}" if row["version"] else row["outcome"] or ""
    totals = ["" if row[name] is None else str(row[name]) for name in (*COUNTED, *ROWS)]
    return [
        f"{row['started'].astimezone(zone):%Y-%m-%d %H:%M}",
        f"{row['year']} T{row['quarter']}",
        row["command"],
        Text(outcome, style=STYLES.get(row["outcome"] or "", "")),
        seconds,
        *totals,
    ]
