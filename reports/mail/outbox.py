"""The outbox: a folder of .eml files, which any mail program opens and sends."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from config.atomic import write_whole
from config.errors import OperatorError


class MailFailedError(OperatorError):
    """One message could not be sent; others may."""


class ChannelDownError(OperatorError):
    """No message can be sent at all, this one or another."""


@dataclass(frozen=True)
class Outbox:
    """Writes messages into ``folder``, made where it lacks; the same message again takes its own place."""

    folder: Path
    name: str = "outbox"

    def send(self, message: EmailMessage, name: str) -> Path:
        """Writes ``<name>.eml`` and returns where it is; raises ChannelDownError where the folder cannot be written."""
        # A mail program that knows the header opens the file ready to be sent, not as one received.
        return self.write(f"{name}.eml", b"X-Unsent: 1\r\n" + message.as_bytes())

    def write(self, name: str, content: bytes) -> Path:
        """Writes a file in one step and returns where it is; raises ChannelDownError where it cannot be written."""
        target = self.folder / name
        try:
            write_whole(target, content)
        except OSError as error:
            raise ChannelDownError(
                f"outbox {self.folder} cannot be written: {error.strerror}; name another in POA_OUTBOX"
            ) from error
        return target

    def close(self) -> None:
        """Nothing is held open."""
