"""`poa waive` and `poa waivers`: findings that need not be answered, by whom, why and until when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import Archive, Config, Quarter, Warehouse, Year, console, settings, unit_code

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"active": "green", "baseline": "cyan", "ended": "dim", "lapsed": "yellow"}


def waive(
    year: Year,
    quarter: Quarter,
    rule: Annotated[str, typer.Option(help="Rule of the findings, such as R13.")],
    ur: Annotated[str, typer.Option("--ur", help="UR that they are about.")],
    by: Annotated[str, typer.Option("--by", help="Who grants it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day: quarters that end by then are waived.")
    ],
    activity: Annotated[int | None, typer.Option(help="Only of this activity.")] = None,
    cell: Annotated[str | None, typer.Option(help="Only at this cell, E27 or 'POA 1!E27'.")] = None,
    warehouse: Warehouse = None,
    archive: Archive = None,
    config: Config = None,
) -> None:
    """Waive findings of the quarter's current version; they stay listed, and hold until their value changes."""
    from cli.quarter.published import kept, news
    from flows.runs.waivers import WaiveRequest
    from flows.runs.waivers import waive as waive_findings
    from warehouse.consolidation import Grant

    chosen = settings(warehouse=warehouse, archive=archive, config_dir=config)
    grant = Grant(author=by, reason=reason, until=until.date())
    request = WaiveRequest(year, quarter, rule.upper(), unit_code(ur), activity, cell, grant)
    done = waive_findings(request, chosen)
    note = kept(done.published)
    findings = "1 finding" if done.findings == 1 else f"{done.findings} findings"
    console().print(
        f"{findings} of {request.rule} waived for UR {request.unit} until {grant.until}; {news(done.published)}",
        markup=False,
    )
    if note:
        console().print(f"  {note}", markup=False)


def waivers(
    year: Year,
    quarter: Annotated[int | None, typer.Option(help="Quarter, 1 to 4; the last one published.", min=1, max=4)] = None,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """List the waivers of a year: which hold, which have ended, which lapsed because the value changed."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from flows.runs.waivers import waivers as listed

    found = listed(year, quarter, settings(warehouse=warehouse, config_dir=config))
    if found.is_empty():
        console().print(f"no waivers in {year}")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    for heading in ("state", "granted", "until", "rule", "UR/act.", "cell"):
        table.add_column(heading, no_wrap=True)
    for heading in ("value", "by", "reason"):
        table.add_column(heading, ratio=1)
    for row in found.iter_rows(named=True):
        table.add_row(*_cells(row))
    console().print(table)
    counts = found.group_by("state").len().sort("state").rows()
    console().print(", ".join(f"{number} {state}" for state, number in counts))


def _cells(row: dict[str, Any]) -> list[Text]:
    from rich.text import Text

    place = "/".join(str(part) for part in (row["unit_code"], row["activity_no"]) if part is not None)
    cell = f"{row['sheet']}!{row['cell']}" if row["cell"] else ""
    granted = f"{row['year']} T{row['quarter']}"
    plain = (granted, str(row["until"]), row["rule"], place, cell, row["value"] or "", row["author"], row["reason"])
    return [Text(row["state"], style=STYLES[row["state"]]), *(Text(part) for part in plain)]
