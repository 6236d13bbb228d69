"""`poa verify` and `poa rebuild`: whether what was published is still what stands, and what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.options import Archive, Config, Quarter, Warehouse, Year, console, settings

if TYPE_CHECKING:
    from warehouse.integrity.discrepancy import Discrepancy

DIFFERENT = 1


def verify(
    year: Annotated[int | None, typer.Option(help="Fiscal year; all.", min=2000, max=2100)] = None,
    quarter: Annotated[int | None, typer.Option(help="Quarter, 1 to 4; all.", min=1, max=4)] = None,
    warehouse: Warehouse = None,
    archive: Archive = None,
) -> None:
    """Compute every version's digest anew and read the archive again; name whatever changed. Writes nothing."""
    from flows.runs.verification import verify as verified

    out = console()

    def sound(name: str, digest: str) -> None:
        out.print(f"[green]sound[/green]    {name}  [dim]digest {digest[:12]}[/dim]", highlight=False)

    done = verified(year, quarter, settings(warehouse=warehouse, archive=archive), _teller(out), sound)
    for note in done.notes:
        out.print(f"[yellow]note[/yellow]     {note}", highlight=False)
    looked = f"{_count(done.versions, 'version')}, {_count(done.workbooks, 'workbook')}"
    if done.differences:
        out.print(f"[bold red]{_count(done.differences, 'difference')}[/bold red] in {looked}", highlight=False)
        raise typer.Exit(DIFFERENT)
    out.print(f"[bold green]verified[/bold green] {looked}", highlight=False)


def rebuild(
    year: Year,
    quarter: Quarter,
    version: Annotated[int, typer.Option(help="Version of the quarter.", min=1)],
    warehouse: Warehouse = None,
    archive: Archive = None,
    config: Config = None,
) -> None:
    """Derive a version again from the archived workbooks and configuration, and compare. Writes nothing."""
    from flows.runs.rebuild import rebuild as rebuilt

    out = console()
    chosen = settings(warehouse=warehouse, archive=archive, config_dir=config)
    done = rebuilt(year, quarter, version, chosen, _teller(out))
    name = f"{year} T{quarter} version {version}"
    for how in done.judged_otherwise:
        out.print(f"[yellow]note[/yellow]     judged {how}, not as this program judges", highlight=False)
    read = f"derived from {_count(done.workbooks, 'workbook')}"
    if done.same:
        out.print(f"[bold green]bit-identical[/bold green] {name}, {read}: digest {done.derived[:12]}", highlight=False)
        return
    digests = f"published {done.published[:12]}, standing {done.standing[:12]}, derived {done.derived[:12]}"
    rows = _count(done.differences, "row") + (" differs" if done.differences == 1 else " differ")
    out.print(f"[bold red]different[/bold red] {name}, {read}: {digests}; {rows}", highlight=False)
    if done.judged_otherwise and done.published == done.standing:
        out.print("no fault: its rows are as they were published, and it was judged otherwise then", highlight=False)
    raise typer.Exit(DIFFERENT)


def _teller(out: Any) -> Any:
    from rich.text import Text

    def tell(found: Discrepancy) -> None:
        line = Text.assemble((found.said, "red"), "  ", (found.where, "bold"), "  ", (found.what, "cyan"), "  ")
        out.print(line.append(found.which), soft_wrap=True)

    return tell


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
