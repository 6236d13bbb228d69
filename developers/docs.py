"""The docs that are generated from code and configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; end with 1 if any is stale.")] = False,
) -> None:
    """Write the rule book, the data dictionary, the glossary's table of fields and the deployments."""
    from config.calendar import load_calendar
    from developers.reference import documents
    from flows.schedule.plan import prefect_yaml

    root, stale = Path.cwd(), []
    for path, text in {**documents(root), root / "prefect.yaml": prefect_yaml(load_calendar())}.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    for path in stale:
        typer.echo(f"{'stale, run `make fix`' if check else 'written'}: {path}")
    raise typer.Exit(1 if check and stale else 0)
