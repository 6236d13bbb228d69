"""Options that several commands share."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from config.settings import Settings

Year = Annotated[int, typer.Option(help="Fiscal year.", min=2000, max=2100)]
Quarter = Annotated[int, typer.Option(help="Quarter reported, 1 to 4.", min=1, max=4)]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="Folder of the office's own forms, catalogues and policy.", file_okay=False),
]
ApplyProposals = Annotated[
    bool,
    typer.Option("--apply-proposals", help="Accept the reading proposed for rows whose cells are displaced (R18)."),
]
By = Annotated[str, typer.Option("--by", help="Who decides it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Warehouse = Annotated[
    str | None, typer.Option(help="SQLAlchemy URL of the warehouse.", show_default="sqlite:///poa.db")
]

Archive = Annotated[
    str | None, typer.Option(help="Folder, or address (s3://, sftp://), where workbooks are kept by hash.")
]


def settings(**given: Any) -> Settings:
    """The settings of the environment, with what the command line gives in their place.

    Raises UsageError where a ``POA_*`` variable is wrong.
    """
    from pydantic import ValidationError

    from config.errors import UsageError
    from config.files import explain
    from config.settings import Settings

    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise UsageError(f"settings (POA_* variables): {explain(error)}") from error


def place_of(given: str) -> Path | str:
    """A path of this machine, or an address; raises UsageError where it holds a password."""
    from config.errors import UsageError
    from config.places import place

    try:
        return place(given)
    except ValueError as error:
        raise UsageError(str(error)) from error


def unit_code(given: str) -> str:
    """The code of a UR as it is kept: digits are two at least, anything else stays as it was typed."""
    return given.zfill(2) if given.isdecimal() else given


def console(*, stderr: bool = False) -> Any:
    """A rich console; what people read goes through it, what programs read is plain text."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, TextIOWrapper):
        # Redirected on Windows, a sign that its code page lacks must not end the command.
        stream.reconfigure(errors="replace")
    return Console(stderr=stderr, soft_wrap=False, emoji=False)
