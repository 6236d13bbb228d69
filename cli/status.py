"""`poa status`: who delivered, who is late, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.options import Quarter, Warehouse, Year, console, settings

if TYPE_CHECKING:
    from rich.console import RenderableType

STYLES = {"aceptado": "green", "observado": "yellow", "rechazado": "red", "faltante": "bold red"}


def status(year: Year, quarter: Quarter, warehouse: Warehouse = None) -> None:
    """Show each unit's state in the quarter's current snapshot."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from config.errors import UsageError
    from warehouse.connect import open_warehouse
    from warehouse.queries import view

    chosen = settings(warehouse=warehouse)
    with open_warehouse(chosen.warehouse) as opened:
        rows = view(opened, "v_entregas", year=year, quarter=quarter)
    if rows.is_empty():
        raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    table.add_column("UR", no_wrap=True)
    table.add_column("unit", no_wrap=True, overflow="ellipsis", ratio=1)
    for heading in ("state", "received"):
        table.add_column(heading, no_wrap=True)
    for heading in ("rows", "held", "findings", "waived", "quality"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.iter_rows(named=True):
        table.add_row(*_cells(row))
    out = console()
    out.print(Text(f"POA {year} T{quarter}, version {rows['version'][0]}, {rows['estado_version'][0]}", style="bold"))
    out.print(table)
    counts = rows.group_by("estado").len().sort("estado").rows()
    out.print(", ".join(f"{number} {state}" for state, number in counts))


def _cells(row: dict[str, Any]) -> list[RenderableType]:
    from rich.text import Text

    received = f"{row['recibida_en']:%Y-%m-%d}" if row["recibida_en"] else ""
    late = row["oportuna"] is False
    numbers = ("renglones", "en_cuarentena", "observaciones", "dispensadas", "calidad")
    return [
        row["ur"],
        Text(row["unidad"] or ""),
        Text(row["estado"], style=STYLES[row["estado"]]),
        Text(f"{received} late" if late else received, style="yellow" if late else ""),
        *("" if row[name] is None else f"{row[name]:g}" for name in numbers),
    ]
