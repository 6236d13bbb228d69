"""Workbooks as they were received, out of the archive."""

from __future__ import annotations

from config.settings import Settings
from flows.context import limits_of
from warehouse.archive.archives import archive_at
from warehouse.archive.local import Archive
from warehouse.connect import WarehouseError
from workbooks.annotated.received import ReceivedWorkbook


def original(settings: Settings, sha256: str) -> ReceivedWorkbook | None:
    """The workbook of that hash, or None: a report can be made without it, and `poa verify` tells what is missing."""
    try:
        archive = archive_at(settings.archive)
        path, limits = archive.path(sha256), limits_of(settings)
    except WarehouseError:
        return None
    return ReceivedWorkbook(path, limits, None if isinstance(archive, Archive) else lambda: archive.kept(sha256))
