"""`poa status`: who delivered, who is late, who is missing."""

from __future__ import annotations

from cli.options import Quarter, Warehouse, Year, console, settings

STYLES = {"aceptado": "green", "observado": "yellow", "rechazado": "red", "faltante": "bold red"}


def status(year: Year, quarter: Quarter, warehouse: Warehouse = None) -> None:
    """Show each unit's state in the quarter's current snapshot."""
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
    table = Table(title=f"POA {year} T{quarter}, version {rows['version'][0]}", title_justify="left")
    for heading, justify in (("UR", "left"), ("unit", "left"), ("state", "left"), ("received", "left")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for heading in ("rows", "quarantined", "findings", "quality"):
        table.add_column(heading, justify="right")
    for row in rows.iter_rows(named=True):
        received = f"{row['recibida_en']:%Y-%m-%d}" if row["recibida_en"] else ""
        late = " late" if row["oportuna"] is False else ""
        numbers = ("renglones", "en_cuarentena", "observaciones", "calidad")
        table.add_row(
            row["ur"],
            Text(row["unidad"] or ""),
            Text(row["estado"], style=STYLES[row["estado"]]),
            Text(received + late, style="yellow" if late else ""),
            *("" if row[name] is None else f"{row[name]:g}" for name in numbers),
        )
    out = console()
    out.print(table)
    counts = rows.group_by("estado").len().sort("estado").rows()
    out.print(", ".join(f"{number} {state}" for state, number in counts))
