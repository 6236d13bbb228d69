"""The outbox: a folder of .eml files, which any mail program opens and sends."""

from __future__ import annotations

import os
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

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

    def send(self, message: EmailMessage, name: str) -> None:
        """Writes ``<name>.eml`` in one step; raises ChannelDownError where the folder cannot be written."""
        target = self.folder / f"{name}.eml"
        fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        draft = message.as_bytes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # A mail program that knows the header opens the file ready to be sent, not as one received.
            fresh.write_bytes(b"X-Unsent: 1\r\n" + draft)
            fresh.replace(target)
        except OSError as error:
            raise ChannelDownError(
                f"outbox {self.folder} cannot be written: {error.strerror}; name another in POA_OUTBOX"
            ) from error
        finally:
            fresh.unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is held open."""
