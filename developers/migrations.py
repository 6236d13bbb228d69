"""Whether the tables and the migrations agree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer


def migrations(
    scratch: Annotated[str | None, typer.Option(help="URL of an empty database, instead of a SQLite file.")] = None,
) -> None:
    """Upgrade a scratch database and end with 1 if the tables have changes that no migration makes."""
    from warehouse.schema.upgrade import pending_changes

    with tempfile.TemporaryDirectory() as folder:
        pending = pending_changes(scratch or f"sqlite:///{Path(folder) / 'scratch.db'}")
    for change in pending:
        typer.echo(change)
    raise typer.Exit(1 if pending else 0)
