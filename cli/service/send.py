"""`poa send`: each unit's acknowledgement and report by mail, once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Config, Quarter, Warehouse, Year, settings

if TYPE_CHECKING:
    from flows.mail.dispatch import DueMail

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list what would be sent to whom.")]


def send(
    year: Year,
    quarter: Quarter,
    dry_run: DryRun = False,
    from_outbox: Annotated[
        bool, typer.Option("--from-outbox", help="What lies in the outbox goes through the mail server now.")
    ] = False,
    warehouse: Warehouse = None,
    config: Config = None,
) -> None:
    """Tell each unit by mail what came of its workbook, report attached; what it was told already is not sent again."""
    from cli.service.post import mail_settings, send_all, show_due
    from config.calendar import load_calendar
    from flows.mail.recipients import due_mail
    from flows.outputs.reported import letter_context
    from warehouse.connect import open_warehouse

    chosen, mail = settings(warehouse=warehouse, config_dir=config), mail_settings()
    now = datetime.now(load_calendar(chosen.config_dir).zone)
    title = f"POA {year} T{quarter}, mail to the units"
    with open_warehouse(chosen.warehouse) as opened:

        def post() -> DueMail:
            of = letter_context(year, quarter, chosen, opened, now)
            return due_mail(opened, of, mail, from_outbox=from_outbox)

        if dry_run:
            show_due(post(), title)
        else:
            send_all(post, opened, chosen, mail, title)
