"""A workbook as it was received, to be returned to its unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbooks.reading.admission import Limits


@dataclass(frozen=True)
class ReceivedWorkbook:
    """Where the bytes lie, and what a workbook may weigh to be opened.

    ``content`` gets them where ``path`` is only a name, raising OSError where it cannot.
    """

    path: Path
    limits: Limits
    content: Callable[[], bytes] | None = None

    def read(self) -> bytes:
        """The bytes; raises OSError."""
        return self.content() if self.content else self.path.read_bytes()
