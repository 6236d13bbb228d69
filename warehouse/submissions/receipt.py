"""What is known of a workbook before it is read, and of the rules that it is read under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Receipt:
    """One workbook received: where its bytes are, its file name as received, their hash and count.

    ``sender`` is the UR that its folder or file name tells, or None; ``received_at`` has a time zone.
    """

    path: Path
    file: str
    sha256: str
    bytes: int
    sender: str | None
    received_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same submission within a quarter: hash and sender ('' where unknown)."""
        return self.sha256, self.sender or ""


@dataclass(frozen=True)
class Provenance:
    """SHA-256 (hexadecimal) of the rules, form, policy and catalogues that a judgement was made under."""

    rules: str
    form: str
    policy: str
    catalogs: str
