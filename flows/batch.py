"""What is judged: workbooks as received, a batch at a time. It imports nothing of how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from schemas.findings.refusal import Refusal

Content: TypeAlias = bytes


@dataclass(frozen=True)
class InboxFile:
    """One workbook as received: where it lies, its name for people, what it is, and which UR its place names.

    ``content`` travels with it where whoever reads it cannot see ``path`` (see flows/execution/transport.py).
    """

    path: Path
    file: str
    sha256: str
    bytes: int
    sender: str | None = None
    content: Content | None = None


@dataclass(frozen=True)
class Batch:
    """Workbooks judged together; ``refused`` names those not to be opened, by position, and why."""

    files: Sequence[InboxFile]
    refused: Mapping[int, Refusal] = field(default_factory=dict)
