"""E-mail addresses as an office's files write them: one plain ASCII mailbox, or nothing that mail is sent to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

# What every mail server takes: no quoted local parts, no literals, nothing beyond ASCII.
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=.{{3,254}}\Z){_LOCAL}@{_LABEL}(?:\.{_LABEL})*\Z")
LONGEST_LOCAL: Final = 64


@dataclass(frozen=True)
class Mailbox:
    """A name for people, possibly empty, and the address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


def is_address(text: str | None) -> bool:
    """Whether ``text`` is one address that mail can be sent to, and nothing else."""
    return bool(text and _ADDRESS.match(text)) and len((text or "").rpartition("@")[0]) <= LONGEST_LOCAL


def mailbox(text: str) -> Mailbox | None:
    """``Name <address>`` or a bare address; None where it is neither."""
    name, address = parseaddr(text)
    if not is_address(address) or any(character in text for character in "\r\n\x00"):
        return None
    return Mailbox(name.strip(), address)
