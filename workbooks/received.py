"""A workbook as it was received, to be returned to its unit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbooks.admission import Limits


@dataclass(frozen=True)
class Received:
    """Where the bytes lie, and what a workbook may weigh to be opened."""

    path: Path
    limits: Limits
