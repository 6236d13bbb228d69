"""Which units are to be reminded that their workbook of a quarter is due."""

from __future__ import annotations

from datetime import date
from typing import Final

from config.address import Mailbox
from config.calendar import Window, load_calendar
from config.catalog import load_catalog
from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import DueMail, DueMessage, Undeliverable, content_of, doubtful, recipient, sent_messages
from reports.mail.message import Mail
from reports.mail.reminder_letter import Kind, due_kind, reminder_letter
from schemas.contracts.frames import ACCEPTED, OBSERVED, REJECTED
from warehouse.connect import Warehouse
from warehouse.mail.message_log import Message, messages
from warehouse.queries.published import versions, view
from warehouse.schema.decision_tables import DEFINITIVE

# What a reminder's file is called, for whoever opens it.
FILE_WORDS: Final[dict[Kind, str]] = {
    "opening": "recordatorio_apertura",
    "closing": "recordatorio_cierre",
    "overdue": "recordatorio_pendiente",
}


def due_reminders(
    warehouse: Warehouse, year: int, quarter: int, day: date, settings: Settings, mail: MailSettings
) -> tuple[Kind | None, DueMail]:
    """The kind of reminder that is due on ``day``, if any, and what is due of it: once to each UR without delivery.

    None is once a quarter is closed for good. Raises ConfigError where the calendar lacks the quarter.
    """
    window = load_calendar(settings.config_dir).of(year, quarter)
    catalog, kind = load_catalog(settings.config_dir), due_kind(window, day)
    published = versions(warehouse).filter(year=year, quarter=quarter, current=True)
    if kind is None or (published.height and published["state"].item() == DEFINITIVE):
        return None, DueMail((), (), 0)
    ledger = messages(warehouse, year, quarter)
    sent = set(sent_messages(ledger)["content"])
    states = dict(view(warehouse, "v_entregas", year=year, quarter=quarter).select("ur", "estado").iter_rows())
    due: list[DueMessage] = []
    held: list[Undeliverable] = []
    told = 0
    for unit in catalog.units:
        if states.get(unit) in (ACCEPTED, OBSERVED):
            continue
        to, content = recipient(catalog, unit), content_of("reminder", kind, unit, year, quarter)
        if content in sent:
            told += 1
        elif isinstance(to, str):
            held.append(Undeliverable(unit, kind, to))
        else:
            due.append(_due(kind, window, day, unit, to, content, states.get(unit) == REJECTED, doubtful(ledger)))
    return kind, DueMail(tuple(due), tuple(held), told)


def _due(
    kind: Kind,
    window: Window,
    day: date,
    unit: str,
    to: Mailbox,
    content: str,
    rejected: bool,
    in_doubt: set[str],
) -> DueMessage:
    period = f"{window.year}T{window.quarter}"
    letter = reminder_letter(kind, window, day, unit, f"UR {unit} {to.name}", rejected)
    mail = Mail(content, f"poa.{period}.UR{unit}", f"UR{unit}_{period}_{FILE_WORDS[kind]}", to, letter)
    entry = Message(kind, unit, window.year, window.quarter, content, None, None, (), to.address)
    return DueMessage(entry, lambda: mail, content in in_doubt)
