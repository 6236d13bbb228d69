"""`poa close`, `poa exception` and `poa exceptions`: when a quarter is definitive, and what still changes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import By, Config, Quarter, Reason, Warehouse, Year, console, settings, unit_code

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"open": "green", "ended": "dim"}


def close(
    year: Year, quarter: Quarter, by: By, reason: Reason, warehouse: Warehouse = None, config: Config = None
) -> None:
    """Close a quarter: its last version becomes definitive, and what comes later is kept but not published."""
    from flows.runs.decisions import close as close_quarter
    from warehouse.consolidation import Decision

    done = close_quarter(year, quarter, Decision(by, reason), settings(warehouse=warehouse, config_dir=config))
    console().print(f"{year} T{quarter} is closed: version {done.version} is definitivo", markup=False)


def exception(
    year: Year,
    quarter: Quarter,
    by: By,
    reason: Reason,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day: what comes up to it is published.")],
    ur: Annotated[str | None, typer.Option("--ur", help="Only this UR may change; all without it.")] = None,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Open a closed quarter again, for one UR or for all, to what is received or decided up to a day."""
    from flows.runs.decisions import ExceptionRequest, open_again
    from warehouse.consolidation import Decision

    request = ExceptionRequest(year, quarter, None if ur is None else unit_code(ur), until.date())
    open_again(request, Decision(by, reason), settings(warehouse=warehouse, config_dir=config))
    who = "every UR" if request.unit is None else f"UR {request.unit}"
    console().print(
        f"{year} T{quarter} is open for {who} to what comes up to {request.until}; run poa consolidate to publish it",
        markup=False,
    )


def exceptions(year: Year, warehouse: Warehouse = None, config: Config = None) -> None:
    """List the exceptions to closed quarters of a year: for whom, until when, by whom and why."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from config.calendar import load_calendar
    from flows.runs.decisions import exceptions as listed

    chosen = settings(warehouse=warehouse, config_dir=config)
    found = listed(year, datetime.now(load_calendar(chosen.config_dir).zone).date(), chosen)
    if found.is_empty():
        console().print(f"no exceptions in {year}")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    for heading in ("state", "quarter", "UR", "until"):
        table.add_column(heading, no_wrap=True)
    for heading in ("by", "reason"):
        table.add_column(heading, ratio=1)
    for row in found.iter_rows(named=True):
        table.add_row(*_cells(row, year))
    console().print(table)
    counts = found.group_by("state").len().sort("state").rows()
    console().print(", ".join(f"{number} {state}" for state, number in counts))


def _cells(row: dict[str, Any], year: int) -> list[Text]:
    from rich.text import Text

    plain = (f"{year} T{row['quarter']}", row["unit_code"] or "all", str(row["until"]), row["author"], row["reason"])
    return [Text(row["state"], style=STYLES[row["state"]]), *(Text(part) for part in plain)]
