"""`poa trace`: where a published value comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Warehouse, console, settings, unit_code

if TYPE_CHECKING:
    from warehouse.queries.lineage import Origin, Value

BUDGET = "budget"
NUMBER = re.compile("[0-9]{1,18}")  # what a database takes for an integer


def trace(
    year: Annotated[int, typer.Argument(help="Fiscal year.", min=2000, max=2100)],
    quarter: Annotated[int, typer.Argument(help="Quarter reported, 1 to 4.", min=1, max=4)],
    unit: Annotated[str, typer.Argument(metavar="UR", help="Unit's code, as in the catalogue.")],
    activity: Annotated[
        str, typer.Argument(metavar="NO", help=f"Activity's number, or `{BUDGET}` for the unit's line.")
    ],
    field: Annotated[str, typer.Argument(help="Code name of the field, such as achieved_q3 (see GLOSSARY.md).")],
    warehouse: Warehouse = None,
) -> None:
    """Tell the file, sheet and cell that a published value comes from, who judged it, and what it was before."""
    from config.errors import UsageError
    from warehouse.connect import open_warehouse
    from warehouse.queries.lineage import trace as traced

    if activity != BUDGET and not NUMBER.fullmatch(activity):
        raise UsageError(f"NO is an activity's number or `{BUDGET}`, not {activity}")
    number = None if activity == BUDGET else int(activity)
    with open_warehouse(settings(warehouse=warehouse).warehouse) as opened:
        now, *before = traced(opened, year, quarter, unit_code(unit), number, field)
    _tell(now, before)


def _tell(now: Origin, before: list[Origin]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text(f"{_shown(now.value)}", style="bold"))
    for name, value in (
        ("file", now.file),
        ("sha256", now.sha256),
        ("cell", f"{now.sheet}!{now.cell}" if now.cell else now.sheet),
        ("received", f"{now.received_at:%Y-%m-%d %H:%M}"),
        ("version", f"{now.year} T{now.quarter}, from version {now.version} on"),
        ("judged", f"run {now.run}, {now.judged_at:%Y-%m-%d %H:%M} UTC, rules {now.rules_sha256[:12]}"),
    ):
        out.print(Text(f"  {name:<9}{value}"), soft_wrap=True)
    if before:
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title="before", title_justify="left")
        for heading in ("version", "value", "file", "cell", "received"):
            table.add_column(heading, no_wrap=heading != "file")
        for origin in before:
            table.add_row(
                f"{origin.year}T{origin.quarter}.{origin.version}",
                Text(_shown(origin.value)),
                Text(origin.file),
                Text(f"{origin.sheet}!{origin.cell}" if origin.cell else origin.sheet),
                f"{origin.received_at:%Y-%m-%d}",
            )
        out.print(table)


def _shown(value: Value) -> str:
    if value is None:
        return "(nothing)"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else f"{value}"
