"""Settings of mail: what is refused before anything is sent, and what nobody gets to see."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from config.address import Mailbox, is_address, mailbox
from config.mail import MailSettings

OFFICE = "Oficina de Planeación <planeacion@example.gob.mx>"


@pytest.mark.parametrize(
    ("given", "port"), [({}, 587), ({"smtp_tls": "implicit"}, 465), ({"smtp_tls": "none"}, 25), ({"smtp_port": 26}, 26)]
)
def test_the_port_follows_the_encryption(given: dict[str, Any], port: int) -> None:
    assert MailSettings(smtp_host="mail.example.gob.mx", smtp_sender=OFFICE, **given).port == port


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"smtp_host": "mail.example.gob.mx"}, "POA_SMTP_SENDER is not"),
        ({"smtp_sender": "planeacion"}, "POA_SMTP_SENDER is no address"),
        ({"smtp_sender": "Planeación\r\nBcc: x@example.org <planeacion@example.gob.mx>"}, "POA_SMTP_SENDER is no"),
        ({"smtp_reply_to": "nadie@"}, "POA_SMTP_REPLY_TO is no address"),
        ({"smtp_user": "poa"}, "set together"),
        ({"smtp_user": "poa", "smtp_password": "secreta", "smtp_tls": "none"}, "not sent unencrypted"),
    ],
)
def test_what_cannot_work_is_refused_at_once(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint) as refused:
        MailSettings(**given)
    assert "secreta" not in str(refused.value)


def test_the_password_is_not_shown() -> None:
    settings = MailSettings(
        smtp_host="mail.example.gob.mx", smtp_sender=OFFICE, smtp_user="poa", smtp_password="secreta"
    )
    assert "secreta" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_sender_has_a_name_and_an_address() -> None:
    assert MailSettings(smtp_sender=OFFICE).sender == Mailbox("Oficina de Planeación", "planeacion@example.gob.mx")
    assert mailbox("planeacion@example.gob.mx") == Mailbox("", "planeacion@example.gob.mx")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ur06",
        "ur06@",
        "@example.gob.mx",
        "ur06 @example.gob.mx",
        "ur06@example.gob.mx, ur07@example.gob.mx",
        "UR 06 <ur06@example.gob.mx>",
        "ur06@example.gob.mx\n",
        "ur06@example.gob.mx\r\nBcc: otra@example.org",
        "ur.06.@example.gob.mx",
        "ñandú@example.gob.mx",
        "ur06@-example.mx",
        "x" * 65 + "@example.gob.mx",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize("text", ["ur06@example.gob.mx", "ur.06+poa@sub.example.gob.mx", "poa@localhost"])
def test_what_is_an_address(text: str) -> None:
    assert is_address(text)
