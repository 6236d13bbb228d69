"""Messages through a mail server: one connection, encrypted, its certificate checked, tried again if it breaks."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Final

from config.mail import MailSettings
from reports.mail.letter import one_line
from reports.mail.outbox import ChannelDownError, MailFailedError

LONGEST_PAUSE: Final = 60.0  # seconds
NOT_NOW: Final = range(400, 500)  # replies that may be others later


class Smtp:
    """A mail server as a channel. What breaks is tried again, with longer and longer pauses; what is refused is not."""

    name = "smtp"

    def __init__(self, settings: MailSettings, pause: Callable[[float], None] = time.sleep) -> None:
        self._settings, self._pause = settings, pause
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, name: str) -> None:
        """Hands it over; raises MailFailedError where the server refuses it, ChannelDownError where it takes none."""
        recipient = message["To"].addresses[0].addr_spec
        for attempt in range(1, self._settings.smtp_attempts + 1):
            connection = self._connected()
            try:
                connection.sendmail(self._settings.sender.address, [recipient], message.as_bytes())
            except (OSError, smtplib.SMTPException) as error:
                passing = _may_pass(error)
                if passing:
                    self.close()  # whatever state it is in
                if not passing or attempt == self._settings.smtp_attempts:
                    raise MailFailedError(f"{_told(error)} ({_times(attempt)})") from error
                self._wait(attempt)
            else:
                return

    def close(self) -> None:
        """Takes leave of the server, if it is still there."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        attempt = 0
        while self._connection is None:
            attempt += 1
            try:
                self._connection = self._open()
            except (OSError, smtplib.SMTPException) as error:
                if not _may_pass(error) or attempt >= self._settings.smtp_attempts:
                    where = f"{self._settings.smtp_host}:{self._settings.port}"
                    raise ChannelDownError(f"mail server {where}: {_told(error)} ({_times(attempt)})") from error
                self._wait(attempt)
        return self._connection

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        host, domain = settings.smtp_host or "", settings.sender.domain
        if settings.smtp_tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, settings.port, domain, timeout=settings.smtp_timeout, context=_trusted(settings)
            )
        else:
            connection = smtplib.SMTP(host, settings.port, domain, timeout=settings.smtp_timeout)
        try:
            if settings.smtp_tls == "starttls":
                connection.starttls(context=_trusted(settings))
            if settings.smtp_user and settings.smtp_password:
                connection.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except BaseException:
            connection.close()
            raise
        return connection

    def _wait(self, attempt: int) -> None:
        self._pause(min(LONGEST_PAUSE, 3.0 ** (attempt - 1)))


def _trusted(settings: MailSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.smtp_ca_file:
        context.load_verify_locations(cafile=settings.smtp_ca_file)
    return context


def _may_pass(error: Exception) -> bool:
    """Whether the same may do later: a connection that broke, a server that says not now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in NOT_NOW for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code in NOT_NOW
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return False
    return not isinstance(error, FileNotFoundError)


def _told(error: Exception) -> str:
    """What the server or the network said, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, said)] = error.recipients.values()
        return f"recipient refused: {code} {_decoded(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "it offers no STARTTLS or no way to log in; nothing is sent unencrypted unless POA_SMTP_TLS is none"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); name its authority in POA_SMTP_CA_FILE"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection ({error.reason}); look at POA_SMTP_TLS and POA_SMTP_PORT"
    return one_line(str(error)) or type(error).__name__


def _decoded(said: bytes | str) -> str:
    return one_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)


def _times(attempts: int) -> str:
    return "tried once" if attempts == 1 else f"tried {attempts} times"
