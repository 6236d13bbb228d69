"""What mail commands share: their settings, the table of what is due, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from cli.options import console

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.mail import MailSettings
    from config.settings import Settings
    from flows.mail.dispatch import DueMail, SendOutcome, Undeliverable
    from warehouse.connect import Warehouse

KINDS = {
    "report": "report",
    "receipt": "acknowledgement",
    "opening": "reminder: window opens",
    "closing": "reminder: closing near",
    "overdue": "reminder: overdue",
}
STYLES = {"sent": "green", "to send": "cyan", "failed": "bold red", "not tried": "red", "nobody to tell": "yellow"}
HELD = "nobody to tell"


def mail_settings() -> MailSettings:
    """The settings of mail; raises UsageError where a variable is wrong."""
    from pydantic import ValidationError

    from config.errors import UsageError
    from config.files import explain
    from config.mail import MailSettings

    try:
        return MailSettings()
    except ValidationError as error:
        raise UsageError(f"settings of mail (POA_SMTP_* variables): {explain(error)}") from error


def send_all(
    post_of: Callable[[], DueMail], warehouse: Warehouse, chosen: Settings, mail: MailSettings, title: str
) -> None:
    """Sends what ``post_of`` finds due, with a progress bar; then shows it, and ends with 3 if anything failed."""
    from config.calendar import load_calendar
    from config.errors import RUN_FAILED
    from flows.mail.dispatch import channel
    from warehouse.mail.send_lock import sending_alone

    zone = load_calendar(chosen.config_dir).zone
    with sending_alone(warehouse, chosen.lock_timeout), channel(mail) as by:
        post = post_of()
        outcomes = list(_with_bar(post, warehouse, by, mail, lambda: datetime.now(zone)))
        where = str(mail.outbox) if by.name == "outbox" else f"{mail.smtp_host}:{mail.port}"
    rows = [_row(one.entry, one.became, one.reason) for one in outcomes]
    counts = {became: sum(one.became == became for one in outcomes) for became in ("sent", "failed", "not tried")}
    _show(title, rows, post)
    told = [f"{number} {became}" for became, number in counts.items() if number or became == "sent"]
    console().print(f"{', '.join(told)}; by {by.name} {where}", markup=False, soft_wrap=True)
    _tell_rest(post)
    if counts["failed"] or counts["not tried"]:
        console(stderr=True).print("poa: not everything was sent; the same command again sends the rest", markup=False)
        raise typer.Exit(RUN_FAILED)


def show_due(post: DueMail, title: str) -> None:
    """What would be sent to whom, and what would not, and why."""
    doubt = "a run ended while it was sending it: may be there already"
    rows = [_row(one.entry, "to send", doubt if one.doubtful else None) for one in post.due]
    _show(title, rows, post)
    console().print(f"{len(post.due)} to send; nothing was sent", markup=False)
    _tell_rest(post)


def _with_bar(
    post: DueMail, warehouse: Warehouse, by: Any, mail: MailSettings, clock: Callable[[], datetime]
) -> Iterator[SendOutcome]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from flows.mail.dispatch import dispatch

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        bar = progress.add_task("sending", total=len(post.due))
        for outcome in dispatch(post.due, warehouse, by, mail, clock):
            progress.advance(bar)
            yield outcome


def _row(entry: Any, became: str, reason: str | None) -> tuple[str, str, str, str, str]:
    return entry.unit, KINDS[entry.kind], entry.recipient, became, reason or ""


def _held(held: Undeliverable) -> tuple[str, str, str, str, str]:
    return held.unit or "?", KINDS.get(held.about, held.about), "", HELD, held.reason


def _show(title: str, rows: list[tuple[str, str, str, str, str]], post: DueMail) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rows = [*rows, *map(_held, post.held)]
    console().print(Text(title, style="bold"))
    if not rows:
        return
    reasons = any(row[-1] for row in rows)
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, expand=reasons)
    table.add_column("UR", no_wrap=True)
    table.add_column("message", overflow="fold", ratio=2 if reasons else None)
    table.add_column("to", overflow="fold", ratio=2 if reasons else None)
    table.add_column("state", no_wrap=True)
    if reasons:
        table.add_column("why", overflow="fold", ratio=3)
    for unit, kind, to, became, reason in rows:
        cells = [Text(unit), Text(kind), Text(to), Text(became, style=STYLES[became])]
        table.add_row(*cells, *([Text(reason)] if reasons else []))
    console().print(table)


def _tell_rest(post: DueMail) -> None:
    if post.told:
        units = "1 unit" if post.told == 1 else f"{post.told} units"
        console().print(f"{units} told before", markup=False)
    if post.held:
        console().print(f"{len(post.held)} with nobody to tell: mend the catalogue and run it again", markup=False)
