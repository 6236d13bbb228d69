"""`poa status`: who delivered, who is late, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.options import Quarter, Warehouse, Year, console, settings

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

# How each state is told: its sign, its part of the bar and its colour; never by colour alone.
STATES = {
    "aceptado": ("✓", "█", "green"),
    "observado": ("!", "▓", "yellow"),
    "rechazado": ("✗", "▒", "red"),
    "faltante": ("–", "░", "bold red"),
}
NUMBERS = {"renglones": "rows", "en_cuarentena": "held", "observaciones": "findings", "dispensadas": "waived"}
BAR = 40  # characters
FEW = 12  # URs in a list


def status(year: Year, quarter: Quarter, warehouse: Warehouse = None) -> None:
    """Show each unit's state in the quarter's current snapshot."""
    from rich.text import Text

    from config.errors import UsageError
    from warehouse.connect import open_warehouse
    from warehouse.queries.published import view

    chosen = settings(warehouse=warehouse)
    with open_warehouse(chosen.warehouse) as opened:
        rows = view(opened, "v_entregas", year=year, quarter=quarter)
    if rows.is_empty():
        raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
    units = rows.to_dicts()
    out = console()
    version = f"version {units[0]['version']}, {units[0]['estado_version']}"
    out.print(Text.assemble((f"POA {year} T{quarter}", "bold"), f"  {version}, {len(units)} units"))
    out.print(_bar(units, min(BAR, out.width)))
    out.print(_table(units, wide=out.width >= 100))
    for line in _summary(units):
        out.print(line)


def _table(units: list[dict[str, Any]], *, wide: bool) -> RenderableType:
    """The units by code; columns that say nothing of anybody, and on a narrow terminal the rows, give way to names."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shown = [name for name in NUMBERS if any(row[name] for row in units) and (wide or name != "renglones")]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True, header_style="bold")
    table.add_column("UR", no_wrap=True)
    table.add_column("unit", no_wrap=True, overflow="ellipsis", ratio=1)
    for heading in ("state", "received"):
        table.add_column(heading, no_wrap=True)
    for heading in (*(NUMBERS[name] for name in shown), "quality"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in units:
        table.add_row(*_cells(row, shown, wide=wide))
    return table


def _cells(row: dict[str, Any], shown: list[str], *, wide: bool) -> list[RenderableType]:
    from rich.text import Text

    sign, _, style = STATES[row["estado"]]
    received = f"{row['recibida_en']:{'%Y-%m-%d' if wide else '%d/%m'}}" if row["recibida_en"] else ""
    late = row["oportuna"] is False
    return [
        row["ur"],
        Text(row["unidad"] or ""),
        Text(f"{sign} {row['estado']}", style=style),
        Text(f"{received} late" if late else received, style="yellow" if late else ""),
        *(_count(row[name]) for name in shown),
        "" if row["calidad"] is None else f"{row['calidad']:.1f}",
    ]


def _count(number: int | None) -> Text:
    """A number; none and nothing to attend to stay quiet."""
    from rich.text import Text

    return Text("" if number is None else "·" if number == 0 else str(number), style="" if number else "dim")


def _bar(units: list[dict[str, Any]], width: int) -> Text:
    """A bar of states, as long as their shares, each with its number below in the summary."""
    from rich.text import Text

    bar = Text()
    counted = 0
    for state, (_, block, style) in STATES.items():
        before = round(width * counted / len(units))
        counted += sum(row["estado"] == state for row in units)
        bar.append(block * (round(width * counted / len(units)) - before), style=style)
    return bar


def _summary(units: list[dict[str, Any]]) -> list[Text]:
    """How many stand in each state, and by code those who are late, rejected or missing."""
    from rich.text import Text

    counts = Text()
    for state, (sign, _, style) in STATES.items():
        number = sum(row["estado"] == state for row in units)
        counts.append(f"{'' if not counts else '   '}{sign} {number} {state}", style=style)
    lines = [counts]
    for words, found in (
        ("late", [row["ur"] for row in units if row["oportuna"] is False]),
        ("rejected", [row["ur"] for row in units if row["estado"] == "rechazado"]),
        ("missing", [row["ur"] for row in units if row["estado"] == "faltante"]),
    ):
        if found:
            more = f" and {len(found) - FEW} more" if len(found) > FEW else ""
            lines.append(Text(f"{words}: UR {', '.join(found[:FEW])}{more}"))
    return lines
