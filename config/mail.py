"""Settings of mail: ``POA_OUTBOX`` and ``POA_SMTP_*``, apart from the others so that no worker is handed a password."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.address import Mailbox, mailbox

Tls = Literal["starttls", "implicit", "none"]
PORTS: Final[dict[Tls, int]] = {"starttls": 587, "implicit": 465, "none": 25}
NOBODY: Final = "poa@localhost"
OUTBOX: Final = Path("outbox")


class OutboxSettings(BaseSettings):
    """Where the outbox is: known whatever is wrong with the other settings of mail."""

    model_config = SettingsConfigDict(env_prefix="POA_", extra="ignore", frozen=True, hide_input_in_errors=True)

    outbox: Path = Field(OUTBOX, description="folder for messages where no server is set, and for failures always")


class MailSettings(OutboxSettings):
    """Every setting of mail by its ``POA_`` variable; times in seconds. Without a host mail goes to the outbox."""

    smtp_host: str | None = Field(None, min_length=1, description="mail server; unset: the outbox")
    smtp_port: int | None = Field(None, ge=1, le=65535, description="its port; unset: 587, 465 or 25, as smtp_tls is")
    smtp_tls: Tls = Field("starttls", description="how the connection is encrypted")
    smtp_ca_file: Path | None = Field(None, description="certificates to trust beside the system's, PEM")
    smtp_user: str | None = Field(None, description="account at the server")
    smtp_password: SecretStr | None = Field(None, description="its password")
    smtp_sender: str = Field(NOBODY, description="who sends: Name <address>")
    smtp_reply_to: str | None = Field(None, description="where answers go: Name <address>; unset: to the sender")
    operator: str | None = Field(
        None, description="who is told of a failed run: Name <address>; unset: nobody, by mail"
    )
    smtp_timeout: float = Field(30.0, gt=0, description="seconds to wait for the server")
    smtp_attempts: int = Field(4, ge=1, le=10, description="attempts at one message, with longer and longer pauses")

    @property
    def port(self) -> int:
        """The port in force."""
        return self.smtp_port or PORTS[self.smtp_tls]

    @property
    def sender(self) -> Mailbox:
        """Who sends."""
        return _mailbox("smtp_sender", self.smtp_sender)

    @property
    def reply_to(self) -> Mailbox | None:
        """Where answers go, or None: to the sender."""
        return _mailbox("smtp_reply_to", self.smtp_reply_to) if self.smtp_reply_to else None

    @property
    def told_of_failures(self) -> Mailbox | None:
        """Who is told of a run that failed, or None: nobody."""
        return _mailbox("operator", self.operator) if self.operator else None

    @model_validator(mode="after")
    def _sound(self) -> MailSettings:
        _ = self.sender, self.reply_to, self.told_of_failures
        if self.smtp_host and self.smtp_sender == NOBODY:
            raise ValueError("POA_SMTP_HOST is set and POA_SMTP_SENDER is not: name who sends, Name <address>")
        if bool(self.smtp_user) != bool(self.smtp_password):
            raise ValueError("POA_SMTP_USER and POA_SMTP_PASSWORD are set together or not at all")
        if self.smtp_password and self.smtp_tls == "none":
            raise ValueError("POA_SMTP_TLS is none: a password is not sent unencrypted; use starttls or implicit")
        return self


def _mailbox(name: str, text: str) -> Mailbox:
    found = mailbox(text)
    if found is None:
        raise ValueError(f"POA_{name.upper()} is no address; write Name <address> or the address alone")
    return found
