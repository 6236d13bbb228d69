"""A real mail server for tests, which can be told to refuse, to put off, and to break the connection."""

from __future__ import annotations

import asyncio
import email
import socket
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# What happens to a message: refused or put off before its content, put off after, the connection broken before it is
# taken, or when it is taken already and the client does not hear of it.
Fate = Literal["refuse", "put off", "put off after", "break", "take and break"]
USER, PASSWORD = "poa", "clave-que-nadie-ve"


@dataclass
class Post:
    """Messages taken, in order, and what is to happen to the next attempts at each recipient."""

    taken: list[Message] = field(default_factory=list)
    fates: defaultdict[str, list[Fate]] = field(default_factory=lambda: defaultdict(list))
    attempts: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts.append(address)
        fate = self.fates[address][0] if self.fates[address] else None
        if fate in ("refuse", "put off"):
            self.fates[address].pop(0)
            return "550 5.1.1 no such mailbox" if fate == "refuse" else "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [address] = envelope.rcpt_tos
        fate = self.fates[address].pop(0) if self.fates[address] else None
        if fate == "put off after":
            return "452 4.3.1 no room now"
        if fate != "break":
            self.taken.append(email.message_from_bytes(envelope.original_content or b"", policy=default))
        if fate in ("break", "take and break"):
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 OK"

    def to(self) -> list[str]:
        """Whom the messages taken are for."""
        return [str(message["To"].addresses[0].addr_spec) for message in self.taken]


def authenticated(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """Whether user and password are the right ones."""
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that no authority vouches for, with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
