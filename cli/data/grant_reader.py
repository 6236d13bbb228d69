"""`poa grant-reader`: a PostgreSQL role that may read the public views and nothing else."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from cli.options import Warehouse, console, settings


def grant_reader(
    role: Annotated[str, typer.Argument(help="Role of the planning office, such as planeacion.")],
    login: Annotated[bool, typer.Option("--login", help="Let the role log in, where it is made.")] = False,
    password_env: Annotated[
        str | None, typer.Option(metavar="NAME", help="Environment variable with the new role's password.")
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """Let a PostgreSQL role read the views, now and after upgrades, and nothing else; made where it lacks."""
    from warehouse.connect import open_warehouse
    from warehouse.grants import grant_reader as let_read

    chosen = settings(warehouse=warehouse)
    password = _password(password_env, login=login)
    with open_warehouse(chosen.warehouse) as opened:
        made = let_read(opened, role, chosen.lock_timeout, password, login=login)
    console().print(
        f"role {role} {'made; it' if made else 'existed; it'} may read the views of schema poa, and nothing else",
        markup=False,
    )


def _password(name: str | None, *, login: bool) -> str | None:
    from config.errors import UsageError

    if name is None:
        return None
    if not login:
        raise UsageError("--password-env is of a role that may log in: add --login")
    if not (password := os.environ.get(name)):
        raise UsageError(f"the environment variable {name} is not set: put the password into it")
    return password
