"""`poa template`: each unit's form, prefilled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Config, Warehouse, Year, console, settings, unit_code

if TYPE_CHECKING:
    from rich.text import Text

    from flows.outputs.prefilling import Forms, FormWritten


def template(
    year: Year,
    out: Annotated[Path, typer.Option(help="Folder for the forms.", file_okay=False)],
    quarter: Annotated[
        int | None,
        typer.Option(help="Quarter to report, 1 to 4; without it, the year's blank programme.", min=1, max=4),
    ] = None,
    unit: Annotated[list[str] | None, typer.Option(help="UR whose workbook is wanted; may be repeated.")] = None,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Write each unit's form: what it told last locked, only the cells of the quarter open.

    Cells with pending findings and quarantined rows are open to be corrected. A unit that has not delivered this year
    gets a blank programme.
    """
    from flows.outputs.prefilling import write_forms

    codes = [unit_code(code) for code in unit or []]
    forms = write_forms(year, quarter, out, codes, settings(warehouse=warehouse, config_dir=config))
    _show(forms, out)


def _show(forms: Forms, out: Path) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    table.add_column("UR", no_wrap=True)
    table.add_column("unit", no_wrap=True, overflow="ellipsis", ratio=1)
    for heading in ("file", "made of"):
        table.add_column(heading, no_wrap=True)
    for heading in ("activities", "held", "to correct"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for handed in forms.handed:
        table.add_row(*_cells(handed))
    screen = console()
    screen.print(table)
    new = sum(handed.new for handed in forms.handed)
    blank = sum(not handed.activities for handed in forms.handed)
    many = len(forms.handed)
    counted = f"{many} form{'s' if many > 1 else ''} in {out}: {new} written, {many - new} unchanged"
    screen.print(Text(f"{counted}; {blank} blank"))
    if forms.retired:
        screen.print(Text(f"no form for UR {', '.join(forms.retired)}: no longer in the catalogue", style="yellow"))


def _cells(handed: FormWritten) -> list[str | Text]:
    from rich.text import Text

    principal, *derived = handed.units
    source = "catalogue" if handed.source is None else "{} T{}".format(*handed.source)
    counts = (handed.activities, handed.set_aside, handed.to_mend)
    return [
        " + ".join((principal, *derived)),
        Text(handed.name),
        handed.path.name,
        Text(source, style="dim" if handed.source is None else ""),
        *(
            Text(str(count) if count else "", style=style)
            for count, style in zip(counts, ("", "red", "yellow"), strict=True)
        ),
        Text("" if handed.new else "unchanged", style="dim"),
    ]
