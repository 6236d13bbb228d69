"""A submission before it is read. It imports no polars: a process that only has others judge can do without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Submission:
    """One workbook as received.

    ``path`` is where its bytes lie on this machine, or a mere label where the inbox is another's; ``file`` is its path
    inside the inbox, with forward slashes, as config.file_name shows it; ``sender`` is the UR that its folder or file
    name tells, or None; ``received_at`` has a time zone.
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
