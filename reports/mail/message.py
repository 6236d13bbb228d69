"""A letter and its files as an e-mail message: the same content gives the same bytes, but for its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.parser import BytesHeaderParser
from email.policy import SMTP
from pathlib import PurePath
from typing import Final

from config.address import Mailbox
from reports.mail.letter import Letter, as_html, as_text, one_line

XLSX: Final = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
MEDIA_TYPES: Final = {
    ".html": ("text", "html"),
    ".xlsx": XLSX,
    ".xlsm": ("application", "vnd.ms-excel.sheet.macroEnabled.12"),
}
LONGEST_NAME: Final = 100  # characters of a name beside an address


@dataclass(frozen=True)
class Attachment:
    """A file as attached; its name is ours, never a unit's."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """What is sent to whom. ``content`` is a SHA-256 that stands for what it says, ``thread`` names what it belongs to,
    ``name`` is the message's file without ending.
    """

    content: str
    thread: str
    name: str
    recipient: Mailbox
    letter: Letter
    attachments: tuple[Attachment, ...] = ()


def message_of(mail: Mail, sender: Mailbox, date: datetime, reply_to: Mailbox | None = None) -> EmailMessage:
    """``mail`` as a message: mixed (alternative (plain, HTML), files).

    Raises ValueError where a header would hold a line break. The Message-ID follows from the content, so that a
    message sent twice can be told as one.
    """
    message = EmailMessage(policy=SMTP)
    message["Date"] = date
    message["From"] = _address(sender)
    message["To"] = _address(mail.recipient)
    if reply_to:
        message["Reply-To"] = _address(reply_to)
    message["Subject"] = _literal(mail.letter.subject)
    message["Message-ID"] = f"<{mail.content[:40]}@{sender.domain}>"
    message["References"] = f"<{mail.thread}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(mail.letter), cte="quoted-printable")
    message.add_alternative(as_html(mail.letter), subtype="html", cte="quoted-printable")
    for file in mail.attachments:
        maintype, subtype = MEDIA_TYPES.get(PurePath(file.name).suffix, ("application", "octet-stream"))
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    message["Content-Language"] = "es-MX"
    _bound(message, mail.content)
    _as_meant(message)
    return message


def _bound(message: MIMEPart, content: str) -> None:
    """Gives each multipart a boundary of its own; neither base64 nor quoted-printable can hold its first two signs."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{content[:32]}_{number}")


def _literal(text: str) -> str:
    """``text`` without what the library takes for an encoded word: it decodes those, line breaks included."""
    return text.replace("=?", "= ?")


def _as_meant(message: EmailMessage) -> None:
    """Raises ValueError where the bytes that leave have other headers than the message, whoever smuggled them in."""
    read = BytesHeaderParser().parsebytes(message.as_bytes())
    if read.keys() != message.keys():
        raise ValueError("a header of this message holds a line break; look at the unit's name in units.csv")


def _address(mailbox: Mailbox) -> Address:
    return Address(display_name=_literal(one_line(mailbox.name, LONGEST_NAME)), addr_spec=mailbox.address)
