"""`poa remind`: a reminder to each unit that has not delivered, when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Config, Quarter, Warehouse, Year, console, settings
from cli.service.send import DryRun

if TYPE_CHECKING:
    from flows.mail.dispatch import DueMail
    from reports.mail.reminder_letter import Kind

WHEN = {
    "opening": "the window is open",
    "closing": "the window closes within ten days",
    "overdue": "the window is closed",
}


def remind(
    year: Year,
    quarter: Quarter,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day to go by, instead of today.")
    ] = None,
    dry_run: DryRun = False,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Remind units without an accepted delivery: when the window opens, ten days before it closes, the day after."""
    from cli.service.post import mail_settings, send_all, show_due
    from config.calendar import load_calendar
    from flows.mail.reminders import due_reminders
    from warehouse.connect import open_warehouse

    chosen, mail = settings(warehouse=warehouse, config_dir=config), mail_settings()
    day = on.date() if on else datetime.now(load_calendar(chosen.config_dir).zone).date()
    with open_warehouse(chosen.warehouse) as opened:

        def post() -> tuple[Kind | None, DueMail]:
            return due_reminders(opened, year, quarter, day, chosen, mail)

        kind, due = post()
        if kind is None:
            console().print(f"no reminder of {year} T{quarter} is due on {day}", markup=False)
            return
        title = f"POA {year} T{quarter}, reminders on {day}: {WHEN[kind]}"
        if dry_run:
            show_due(due, title)
        else:
            send_all(lambda: post()[1], opened, chosen, mail, title)
