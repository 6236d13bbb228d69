"""The outbox: a folder of .eml files, which any mail program opens and sends."""

from __future__ import annotations

import os
from contextlib import suppress
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

    def send(self, message: EmailMessage, name: str) -> Path:
        """Writes ``<name>.eml`` and returns where it is; raises ChannelDownError where the folder cannot be written."""
        # A mail program that knows the header opens the file ready to be sent, not as one received.
        return self.write(f"{name}.eml", b"X-Unsent: 1\r\n" + message.as_bytes())

    def write(self, name: str, content: bytes) -> Path:
        """Writes a file in one step and returns where it is; raises ChannelDownError where it cannot be written."""
        target = self.folder / name
        fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(content)
            fresh.replace(target)
        except OSError as error:
            raise ChannelDownError(
                f"outbox {self.folder} cannot be written: {error.strerror}; name another in POA_OUTBOX"
            ) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        return target

    def close(self) -> None:
        """Nothing is held open."""
