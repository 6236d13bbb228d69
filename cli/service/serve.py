"""`poa serve`: the unattended runs, on their schedules, from this process."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Config, console, settings

if TYPE_CHECKING:
    from config.calendar import Calendar
    from config.settings import Settings

SHOWN = 3  # next runs of each


def serve(
    port: Annotated[int, typer.Option(help="Port of Prefect's server, where PREFECT_API_URL names none.")] = 4200,
    show: Annotated[bool, typer.Option("--show", help="Only list what would run when.")] = False,
    prefect_yaml: Annotated[
        Path | None, typer.Option(help="Only write the deployments here, for `prefect deploy`.", dir_okay=False)
    ] = None,
    config: Config = None,
) -> None:
    """Run what the calendar asks for until it is stopped: daily intake, consolidation after a window, reminders.

    Starts a Prefect server on this machine where PREFECT_API_URL names none.
    """
    from cli.quarter.consolidate import into_environment
    from cli.service.post import mail_settings
    from config.calendar import load_calendar
    from config.errors import UsageError
    from flows.schedule import plan

    chosen = settings(config_dir=config)
    calendar = load_calendar(chosen.config_dir)
    if prefect_yaml is not None:
        from config.atomic import write_whole

        write_whole(prefect_yaml, plan.prefect_yaml(calendar).encode())
        console().print(f"written: {prefect_yaml}", markup=False, soft_wrap=True)
        return
    mail_settings()
    if show:
        _show(calendar, chosen)
        return
    if not chosen.inbox:
        raise UsageError("POA_INBOX is not set: name the folder that holds a quarter's workbooks, such as "
                         "/srv/poa/inbox/{year}T{quarter}")  # fmt: skip
    into_environment(chosen, log_level="INFO")
    # By which Prefect's server may notice a run that went silent (docs/operacion.md); seconds.
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "60")
    with ExitStack() as held:
        api = os.environ.get("PREFECT_API_URL")
        if not api:
            from flows.schedule.own_server import own_server

            console().print(f"starting Prefect's server on port {port} …", markup=False)
            api = held.enter_context(own_server(port))
            os.environ["PREFECT_API_URL"] = api
        from flows.schedule.deployments import runner_deployments, serve_all

        served = runner_deployments(calendar)
        _show(calendar, chosen)
        console().print(f"served by {api.removesuffix('/api')}, one run at a time; Ctrl+C ends it", soft_wrap=True)
        serve_all(served)


def _show(calendar: Calendar, chosen: Settings) -> None:
    """What is served and when it runs next."""
    import asyncio
    from datetime import datetime

    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from config.mail import MailSettings
    from flows.schedule import plan
    from flows.schedule.deployments import next_runs

    now = datetime.now(calendar.zone)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("deployment", "schedule", f"next runs ({calendar.timezone})"):
        table.add_column(heading, overflow="fold")
    for each in plan.deployments(calendar):
        coming = asyncio.run(next_runs(each, now, SHOWN))
        table.add_row(each.full_name, "\n".join(each.crons), "\n".join(f"{run:%a %Y-%m-%d %H:%M}" for run in coming))
    console().print(table)
    mail = MailSettings()
    places = {
        "inbox": chosen.inbox or "not set (POA_INBOX)",
        "reports": str(chosen.reports or "none (POA_REPORTS)"),
        "mail": mail.smtp_host or f"outbox {mail.outbox}",
        "failures to": mail.operator or "nobody (POA_OPERATOR)",
    }
    for what, where in places.items():
        console().print(f"{what:<13}{where}", markup=False, soft_wrap=True)
