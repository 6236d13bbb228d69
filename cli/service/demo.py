"""`poa demo`: a sample inbox of forty units to a consolidated warehouse and its reports, in one go."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import console, settings

if TYPE_CHECKING:
    from config.settings import Settings

MARK = ".poa-demo"


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo; made anew each time.")] = Path("demo"),
    direct: Annotated[bool, typer.Option("--direct", help="Run the same path without Prefect.")] = False,
) -> None:
    """Make a sample inbox of 40 units, consolidate two quarters, write the reports and say what to look at."""
    from cli.quarter.consolidate import run, tell
    from flows.outputs.reporting import write_unit_reports
    from flows.outputs.secretariat import write_secretariat
    from flows.sample import YEAR, write_inboxes

    _clear(out)
    chosen = settings(warehouse=f"sqlite:///{out / 'poa.db'}", archive=out / "archive", config_dir=None)
    err = console(stderr=True)
    err.print(f"writing the units' workbooks of two quarters under {out / 'inbox'} …", markup=False)
    for sample in write_inboxes(out):
        tell(run(YEAR, sample.quarter, sample.folder, chosen, direct=direct), YEAR, sample.quarter)
        write_unit_reports(YEAR, sample.quarter, out / "reports" / f"{YEAR}T{sample.quarter}", chosen)
    write_secretariat(YEAR, sample.quarter, None, out / "reports", chosen)
    _write_mail(out / "outbox", chosen)
    _summary(out, chosen)


def _clear(out: Path) -> None:
    """Remove an earlier demo; a folder that is not one is left alone. Raises UsageError then."""
    from config.errors import UsageError

    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise UsageError(f"{out} is not empty and holds no earlier demo; name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).touch()


def _write_mail(folder: Path, chosen: Settings) -> None:
    """The mail of the last quarter, as files: never through a server, whatever the environment says."""
    from datetime import UTC, datetime

    from config.mail import MailSettings
    from flows.mail.dispatch import dispatch
    from flows.mail.recipients import due_mail
    from flows.outputs.reported import letter_context
    from flows.sample import QUARTERS, YEAR
    from reports.mail.outbox import Outbox
    from warehouse.connect import open_warehouse

    box = MailSettings.model_construct(outbox=folder)
    with open_warehouse(chosen.warehouse) as warehouse:
        of = letter_context(YEAR, QUARTERS[-1], chosen, warehouse, datetime.now(UTC))
        list(dispatch(due_mail(warehouse, of, box).due, warehouse, Outbox(folder), box, lambda: datetime.now(of.zone)))


def _summary(out: Path, chosen: Settings) -> None:
    import polars as pl

    from flows.sample import QUARTERS, YEAR
    from warehouse.connect import open_warehouse
    from warehouse.queries.published import view

    quarter = QUARTERS[-1]
    with open_warehouse(chosen.warehouse) as warehouse:
        deliveries = view(warehouse, "v_entregas", year=YEAR, quarter=quarter)
        observations = view(warehouse, "v_observaciones", year=YEAR, quarter=quarter)
        progress = view(warehouse, "v_avance_unidad", year=YEAR, quarter=quarter)
    states = dict(deliveries.group_by("estado").len().rows())
    late = deliveries.filter(~pl.col("oportuna")).height
    worst = observations.group_by("regla").len().sort("len", "regla", descending=[True, False]).head(4).rows()
    lights = progress.select(pl.col("verdes", "amarillos", "rojos", "azules").sum()).row(0)
    poa = sys.argv[0] if sys.argv[0].endswith("poa") else "python -m cli"
    report = out / "reports" / f"{YEAR}T{quarter}"
    lines = [
        f"{YEAR} T{quarter}, {deliveries.height} units: "
        + ", ".join(f"{states.get(state, 0)} {state}" for state in ("aceptado", "observado", "rechazado", "faltante"))
        + f"; {late} late",
        f"{observations.height} findings, most often " + ", ".join(f"{rule} ({times})" for rule, times in worst),
        "activities: {} verde, {} amarillo, {} rojo, {} azul".format(*lights),
        "",
        f"open   {out / 'reports' / f'informe_secretaria_{YEAR}T{quarter}_v1.html'}  (what the secretariat is shown)",
        f"open   {report / 'UR06_2024T3.html'}  (what the unit of the founding workbook reads)",
        f"open   {report / 'UR06_2024T3_anotado.xlsx'}  (its own workbook, marked)",
        f"open   {out / 'outbox'}  (the mail that poa send has for the units)",
        f"run    {poa} status --year {YEAR} --quarter {quarter} --warehouse {chosen.warehouse}",
        f"run    {poa} check {out / 'inbox' / '2024T3' / 'POA_2024_UR06.xlsx'} --year {YEAR} --quarter {quarter}",
        f'query  sqlite3 {out / "poa.db"} "select ur, unidad, cumplimiento, rojos from v_avance_unidad '
        f'where ejercicio={YEAR} and trimestre={quarter} and vigente"',
        "learn  docs/reglas.md (rules), docs/diccionario.md (data), GLOSSARY.md",
    ]
    for line in lines:
        typer.echo(line)
