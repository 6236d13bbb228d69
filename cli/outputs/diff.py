"""`poa diff`: what changed between two published versions."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Config, Warehouse, console, settings


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A version, such as 2024T3.1.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another version, of the same or of another quarter.")],
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Show per unit, activity and field what version B says otherwise than A, and from which workbook."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from flows.outputs.comparing import compared

    rows = compared(before, after, settings(warehouse=warehouse, config_dir=config))
    out = console()
    if rows.is_empty():
        out.print(f"{before} and {after} say the same")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    for heading in ("UR", "act."):
        table.add_column(heading, no_wrap=True)
    for heading in ("field", before, after, "from"):
        table.add_column(heading, ratio=1)
    shown = rows.select("unit_code", "activity_no", "label", "before", "after", "file")
    for row in shown.iter_rows():
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    out.print(table)
    out.print(f"{rows.height} changes in {rows['unit_code'].n_unique()} units")
