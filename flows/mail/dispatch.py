"""Mail that is due, and sending it: each message recorded before it is handed over and after, one failure apart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from config.address import Mailbox, is_address
from config.catalog import Catalog
from config.mail import MailSettings
from reports.mail.message import Mail, message_of
from reports.mail.outbox import ChannelDownError, MailFailedError, Outbox
from reports.mail.smtp import Smtp
from warehouse.connect import Warehouse
from warehouse.mail.message_log import Message, record_attempt, record_outcome
from warehouse.schema.message import OUTBOX, SENDING, SENT

Clock = Callable[[], datetime]
Became = Literal["sent", "failed", "not tried"]


@dataclass(frozen=True)
class DueMessage:
    """A message that is due; ``compose`` writes it, ``doubtful``: a run ended while it was sending it."""

    entry: Message
    compose: Callable[[], Mail]
    doubtful: bool


@dataclass(frozen=True)
class Undeliverable:
    """What cannot be told to anybody: of which UR, if known, about what, and why not."""

    unit: str | None
    about: str
    reason: str


@dataclass(frozen=True)
class DueMail:
    """What is due, what is held back, and how many units' messages are out already."""

    due: tuple[DueMessage, ...]
    held: tuple[Undeliverable, ...]
    told: int


@dataclass(frozen=True)
class SendOutcome:
    """What became of a message, and why where it was not sent."""

    entry: Message
    became: Became
    reason: str | None = None


def content_of(*parts: object) -> str:
    """A SHA-256 over what a message is about and says."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def sent_messages(messages: pl.DataFrame, *, outbox: bool = True) -> pl.DataFrame:
    """Those that were sent; without ``outbox``, by a server."""
    sent = messages.filter(pl.col("state") == SENT)
    return sent if outbox else sent.filter(pl.col("channel") != OUTBOX)


def doubtful(messages: pl.DataFrame) -> set[str]:
    """Contents that a run was sending when it ended, by a server: nobody knows whether they arrived."""
    return set(messages.filter(pl.col("state") == SENDING, pl.col("channel") != OUTBOX)["content"])


def recipient(catalog: Catalog, unit: str | None) -> Mailbox | str:
    """Who reads a unit's mail, out of the catalogue; else why nobody does."""
    if unit is None:
        return "nobody knows who sent it: name the UR in the folder or the file's name"
    known = catalog.units.get(unit)
    if known is None:
        return f"UR {unit} is not in the catalogue (units.csv)"
    if not known.contact:
        return "no contact in the catalogue (units.csv)"
    if not is_address(known.contact):
        return f"the contact {known.contact!r} in the catalogue (units.csv) is no address"
    return Mailbox(known.name, known.contact)


@contextmanager
def channel(settings: MailSettings, pause: Callable[[float], None] | None = None) -> Iterator[Outbox | Smtp]:
    """The mail server where one is set, else the outbox."""
    if not settings.smtp_host:
        yield Outbox(settings.outbox)
        return
    with closing(Smtp(settings, pause) if pause else Smtp(settings)) as server:
        yield server


def dispatch(
    due: Iterable[DueMessage], warehouse: Warehouse, by: Outbox | Smtp, settings: MailSettings, clock: Clock
) -> Iterator[SendOutcome]:
    """Sends what is due, one after the other, and yields what became of each.

    A message that fails leaves the others be; once nothing goes any more, the rest is not tried. Run it alone
    (`warehouse.mail.send_lock.sending_alone`). Raises WarehouseError where what was done cannot be recorded.
    """
    down: str | None = None
    for one in due:
        if down is not None:
            yield SendOutcome(one.entry, "not tried", down)
            continue
        record_attempt(warehouse, one.entry, by.name, clock())
        try:
            mail = one.compose()
            by.send(message_of(mail, settings.sender, clock(), settings.reply_to), mail.name)
        except ChannelDownError as error:
            down = str(error)
            record_outcome(warehouse, one.entry.content, clock(), down)
            yield SendOutcome(one.entry, "failed", down)
        except (MailFailedError, OSError, ValueError) as error:
            record_outcome(warehouse, one.entry.content, clock(), str(error))
            yield SendOutcome(one.entry, "failed", str(error))
        else:
            record_outcome(warehouse, one.entry.content, clock())
            yield SendOutcome(one.entry, "sent")
