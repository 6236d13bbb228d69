"""The command line: registers the commands and turns errors into exit codes.

Exit codes: 0 done, 1 a submission was rejected or a difference found, 2 wrong use, 3 the run failed or read not all,
130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.data import form, grant_reader, trace, verify
from cli.decisions import closing, waive, withdraw
from cli.outputs import diff, export, reports, secretariat, template
from cli.quarter import check, consolidate, rejudge, runs, status
from cli.service import demo, remind, send, serve

OBJECTS_TO_COLLECT = 50_000


class Commands(TyperGroup):
    """The commands of `poa`; one that is interrupted says what it stored before typer ends it without a word."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; raises InterruptedRunError."""
        from flows.interruption import interruptible

        with interruptible():
            return super().invoke(ctx)


app = typer.Typer(
    name="poa",
    cls=Commands,
    help="Consolidates the units' annual operating programmes (POA), quarter by quarter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"poa {version('poa')}")
        raise typer.Exit


@app.callback()
def poa(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that stand before the command."""


app.command()(demo.demo)
app.command()(check.check)
app.command()(consolidate.consolidate)
app.command()(status.status)
app.command()(reports.reports)
app.command()(send.send)
app.command()(remind.remind)
app.command()(secretariat.report_secretariat)
app.command()(template.template)
app.command()(waive.waive)
app.command()(waive.waivers)
app.command()(diff.diff)
app.command()(trace.trace)
app.command()(export.export)
app.command()(form.form)
app.command()(grant_reader.grant_reader)
app.command()(closing.close)
app.command()(closing.exception)
app.command()(closing.exceptions)
app.command()(withdraw.withdraw)
app.command()(rejudge.rejudge)
app.command()(verify.verify)
app.command()(verify.rebuild)
app.command()(runs.runs)
app.command()(serve.serve)


def main() -> None:
    """Run the command; an error that a person can mend ends in its message and exit code, not in a traceback."""
    from config.errors import RUN_FAILED, OperatorError

    _spare()
    try:
        app()
    except OperatorError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:
        if os.environ.get("POA_TRACEBACK"):
            raise
        _fail(f"{type(error).__name__}: {error} (set POA_TRACEBACK=1 to see where)", RUN_FAILED)


def _spare() -> None:
    """What a short command would pay a tenth of its time for, and has no use of."""
    # What is imported stays: looking through it for cycles every few hundred objects finds none.
    gc.set_threshold(OBJECTS_TO_COLLECT)
    # Pydantic looks for plugins in the metadata of every package there is.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _fail(message: str, exit_code: int) -> None:
    sys.stderr.write(f"poa: {message}\n")
    sys.exit(exit_code)
