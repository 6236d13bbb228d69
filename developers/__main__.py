"""`python -m developers`, from the root of a checkout."""

from __future__ import annotations

import typer

from developers.docs import docs
from developers.migrations import migrations

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(docs)
app.command()(migrations)

if __name__ == "__main__":
    app()
