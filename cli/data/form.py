"""`poa form`: the fields of a fiscal year's form, and what another year's had otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Config, Year, console, settings


def form(
    year: Year,
    against: Annotated[int | None, typer.Option(help="Fiscal year to compare with.", min=2000, max=2100)] = None,
    config: Config = None,
) -> None:
    """Show the form of a fiscal year, how each field is kept, and what changed since another year's."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from config.form import load_form
    from schemas.contracts.core import usable
    from schemas.contracts.form_changes import form_changes

    folder = settings(config_dir=config).config_dir
    now = usable(load_form(year, folder))
    changes = form_changes(now, load_form(against, folder) if against else None)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=True)
    for heading in ("block", "", "name"):
        table.add_column(heading, no_wrap=True)
    table.add_column("printed", ratio=1)
    for heading in ("kind", "required", "kept as"):
        table.add_column(heading, no_wrap=True)
    if against:
        table.add_column(f"since {against}", ratio=1)
    for one in changes:
        place = "–" if one.place is None else str(one.place)
        row = [one.block, place, one.name, one.printed, one.kind, one.required, one.kept]
        table.add_row(*map(Text, [*row, one.change] if against else row), style="bold" if one.change else "")
    out = console()
    out.print(table)
    kept = sum(one.kept == "value" and one.place is not None for one in changes)
    out.print(f"{now.code}: {len(now.field)} fields, {kept} of them kept as single values (v_extra)")
    if against:
        out.print(f"{sum(bool(one.change) for one in changes)} changed since {against}")
