"""Which archive the settings name: a folder of this machine, or a place of another."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from warehouse.archive.local import Archive
from warehouse.archive.remote import RemoteArchive

AnyArchive: TypeAlias = Archive | RemoteArchive
# Where the bytes of a workbook are: a path of this machine, or in hand.
Kept: TypeAlias = Path | bytes


def archive_at(place: Path | str) -> AnyArchive:
    """The archive at a path or an address; raises RemoteError where the address cannot be reached."""
    return Archive(place) if isinstance(place, Path) else RemoteArchive(place)
