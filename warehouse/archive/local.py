"""The archive: every workbook ever received, and the configuration it was judged under, kept by hash."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256 as digest
from pathlib import Path, PurePosixPath
from uuid import uuid4

from config.file_name import shown
from warehouse.database.engine import WarehouseError

# Flushes that wait together share the disk's own work; more at once gain nothing.
FLUSHES = 4
CONFIGURATIONS = "config"
# Windows flushes only what is open for writing.
FLUSHABLE = os.O_RDWR if os.name == "nt" else os.O_RDONLY


class SourceError(WarehouseError):
    """The bytes that ``file`` (a name as shown) was listed with cannot be had any more, for a ``reason`` of its own: it
    changed, is gone or may not be read. ``unreadable``: it is there.
    """

    def __init__(self, file: str, reason: str, *, unreadable: bool = False) -> None:
        super().__init__(f"{file} {reason}; run again")
        self.file, self.reason, self.unreadable = file, reason, unreadable


class Archive:
    """A folder of files named by their SHA-256: ``ab/abcd….xlsx``. What it holds never changes.

    Configuration lies in folders named by the hash that judgements carry: ``config/abcd…/policy.toml``.

    A file gets its name once all its bytes are written, so a killed process leaves no part of one under a name. A power
    cut may lose or garble what was put since the last ``settle``: settle before anything durable speaks of it. ``put``
    reads what it finds under a name, and mends it where the bytes have another hash.
    """

    # How many threads gain by it.
    at_once = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, dict[str, Path]] = {}
        self._unsettled: set[Path] = set()

    def put(self, path: Path, sha256: str) -> Path:
        """Keeps a copy of the file at ``path``, whose hash is ``sha256``; nothing to write where it is kept.

        Raises SourceError where the file cannot be read or its bytes have another hash, WarehouseError where the
        archive cannot be written.
        """
        return self._put(lambda: source_content(path), shown(path.name), sha256)

    def put_content(self, content: bytes, file: str, sha256: str) -> Path:
        """Keeps ``content``, received as ``file`` (as shown), in the same way."""
        return self._put(lambda: content, PurePosixPath(file).name, sha256)

    def _put(self, read: Callable[[], bytes], file: str, sha256: str) -> Path:
        try:
            held = self._listed(sha256[:2])
            kept = held.get(sha256, self.folder / sha256[:2] / f"{sha256}{PurePosixPath(file).suffix.lower()}")
            if sha256 not in held or digest(kept.read_bytes()).hexdigest() != sha256:
                _write(checked_content(read(), file, sha256), kept)
                held[sha256] = kept
        except OSError as error:
            raise WarehouseError(f"{file} cannot be kept in {self.folder}: {error.strerror or error}") from error
        # Found or written: who wrote it may have been killed before it was on the disk.
        self._unsettled.add(kept)
        return kept

    def settle(self) -> None:
        """Returns when no power cut can lose what was put; raises WarehouseError where the disk refuses."""
        files = list(self._unsettled)
        folders = list({folder for path in files for folder in (path.parent, self.folder)})
        try:
            with ThreadPoolExecutor(FLUSHES) as threads:
                list(threads.map(_flush_all, _shares(files)))
                list(threads.map(_flush_folders, _shares(folders)))
        except OSError as error:
            raise WarehouseError(f"{self.folder} cannot be written: {error.strerror or error}") from error
        self._unsettled.clear()

    def path(self, sha256: str) -> Path:
        """Where the file of that hash is kept; raises WarehouseError where it is not."""
        kept = next((self.folder / sha256[:2]).glob(f"{sha256}*"), None)
        if kept is None:
            raise WarehouseError(f"the archive {self.folder} does not hold {sha256}; check POA_ARCHIVE")
        return kept

    def kept(self, sha256: str) -> Path:
        """The same as path(): what is kept here is read where it lies."""
        return self.path(sha256)

    def checked(self, sha256: str, file: str) -> Path:
        """Where the bytes of ``file`` are kept; raises WarehouseError where they are not, or are no longer the same."""
        try:
            kept = self.path(sha256)
            found = digest(kept.read_bytes()).hexdigest()
        except (WarehouseError, OSError) as error:
            raise WarehouseError(
                f"{file} (SHA-256 {sha256}) is missing in the archive {self.folder}; check POA_ARCHIVE, or put it back "
                "from a copy: consolidating an inbox that holds it does so"
            ) from error
        if found != sha256:
            raise WarehouseError(
                f"{file} (SHA-256 {sha256}) was altered in the archive: {kept} has hash {found}; put it back from a "
                "copy: consolidating an inbox that holds it does so"
            )
        return kept

    def state(self, sha256: str, size: int) -> str | None:
        """What is wrong with the file of that hash and size, or None; nothing is written."""
        kept = next((self.folder / sha256[:2]).glob(f"{sha256}*"), None)
        if kept is None:
            return "missing"
        try:
            content = kept.read_bytes()
        except OSError as error:
            return f"cannot be read: {error.strerror or error}"
        if digest(content).hexdigest() == sha256:
            return None
        return "altered" if len(content) == size else f"altered: {len(content)} bytes, not {size}"

    def put_configuration(self, sha256: str, files: Mapping[str, bytes]) -> None:
        """Keeps ``files`` (content by path) under ``sha256``, on the disk when it returns; nothing to do where kept.

        Raises WarehouseError where the archive cannot be written.
        """
        kept = self._configuration(sha256)
        if kept.is_dir():
            return
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            _write_folder(files, kept)
        except OSError as error:
            raise WarehouseError(f"configuration cannot be kept in {kept}: {error.strerror or error}") from error

    def configuration(self, sha256: str) -> dict[str, bytes]:
        """Content by path of the configuration kept under ``sha256``; raises WarehouseError where it is not."""
        kept = self._configuration(sha256)
        try:
            files = {path.relative_to(kept).as_posix(): path.read_bytes() for path in kept.rglob("*") if path.is_file()}
        except OSError as error:
            raise WarehouseError(f"configuration {kept} cannot be read: {error.strerror or error}") from error
        if not files:
            raise WarehouseError(f"the archive {self.folder} does not hold configuration {sha256}; check POA_ARCHIVE")
        return files

    def _configuration(self, sha256: str) -> Path:
        return self.folder / CONFIGURATIONS / sha256

    def _listed(self, prefix: str) -> dict[str, Path]:
        """Files by hash in the subfolder ``prefix``, made where it lacks; asked of the disk once, not for each file."""
        if prefix not in self._held:
            folder = self.folder / prefix
            folder.mkdir(parents=True, exist_ok=True)
            self._held[prefix] = {kept.stem: kept for kept in folder.iterdir()}
        return self._held[prefix]


def source_content(path: Path) -> bytes:
    """What the file at ``path`` holds; raises SourceError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        there = not isinstance(error, FileNotFoundError)
        reason = f"cannot be read: {error.strerror or error}"
        raise SourceError(shown(path.name), reason, unreadable=there) from error


def checked_content(content: bytes, file: str, sha256: str) -> bytes:
    """``content``, received as ``file``; raises SourceError where it has another hash."""
    if digest(content).hexdigest() != sha256:
        raise SourceError(file, "changed while it was read")
    return content


def _write(content: bytes, target: Path) -> None:
    # A name that is no hash and no other writer's, in the same folder, so that the last step is one rename.
    partial = f"{target.parent}{os.sep}partial-{uuid4().hex}"
    try:
        with open(partial, "xb") as copy:  # noqa: PTH123 - no path object worth it here
            copy.write(content)
        os.replace(partial, target)  # noqa: PTH105
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _write_folder(files: Mapping[str, bytes], target: Path) -> None:
    # One rename at the end here too: a killed process leaves no part under a hash, two at once leave one whole.
    with tempfile.TemporaryDirectory(prefix="partial-", dir=target.parent, ignore_cleanup_errors=True) as name:
        partial = Path(name) / target.name
        for path, content in files.items():
            copy = partial / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            _flush(copy)
        for folder in (*(path for path in partial.rglob("*") if path.is_dir()), partial):
            _flush_folder(folder)
        try:
            partial.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    _flush_folder(target.parent)


def _shares(paths: Sequence[Path]) -> list[Sequence[Path]]:
    # One for each thread: to hand the paths over one by one costs more than to flush them.
    return [paths[start::FLUSHES] for start in range(FLUSHES)]


def _flush_all(paths: Iterable[Path]) -> None:
    for path in paths:
        _flush(path)


def _flush_folders(paths: Iterable[Path]) -> None:
    for path in paths:
        _flush_folder(path)


def _flush(path: Path) -> None:
    handle = os.open(path, FLUSHABLE)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    # Not every file system can flush a folder; those that cannot keep the order of what is done in it.
    with suppress(OSError):
        _flush(folder)
