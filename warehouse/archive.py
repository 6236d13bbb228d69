"""The archive: every workbook ever received, kept by the hash of its bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import file_digest
from pathlib import Path

from warehouse.engine import WarehouseError


class Archive:
    """A folder of files named by their SHA-256: ``ab/abcd….xlsx``. What it holds never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, path: Path, sha256: str) -> Path:
        """Keeps a copy of the file at ``path``, whose hash is ``sha256``; nothing to do where it is kept.

        Raises WarehouseError where the bytes have another hash or the archive cannot be written.
        """
        kept = self._find(sha256)
        if kept is not None:
            return kept
        target = self.folder / sha256[:2] / f"{sha256}{path.suffix.lower()}"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, sha256, target)
        except OSError as error:
            raise WarehouseError(f"{path.name} cannot be kept in {self.folder}: {error.strerror or error}") from error
        return target

    def path(self, sha256: str) -> Path:
        """Where the file of that hash is kept; raises WarehouseError where it is not."""
        kept = self._find(sha256)
        if kept is None:
            raise WarehouseError(f"the archive {self.folder} does not hold {sha256}; check POA_ARCHIVE")
        return kept

    def _find(self, sha256: str) -> Path | None:
        return next((self.folder / sha256[:2]).glob(f"{sha256}*"), None)


def _copy(path: Path, sha256: str, target: Path) -> None:
    # A name that `_find` never matches, in the same folder, so that the last step is one rename.
    handle, name = tempfile.mkstemp(prefix="partial-", dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "w+b") as copy:
            with path.open("rb") as source:
                shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
            copy.seek(0)
            found = file_digest(copy, "sha256").hexdigest()
        if found != sha256:
            raise WarehouseError(f"{path.name} changed while it was read: its hash is {found}, not {sha256}; run again")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
