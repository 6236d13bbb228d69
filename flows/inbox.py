"""The inbox: which files of a folder are workbooks to judge, which are skipped and why, whose each one is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from config.errors import UsageError

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
LOCK_PREFIX = "~$"
ENDINGS = ", ".join(sorted(WORKBOOK_SUFFIXES))


class InboxError(UsageError):
    """The inbox cannot be read; the message names the folder and the remedy."""


@dataclass(frozen=True)
class Received:
    """A workbook as it lies in the inbox. ``file`` is its path inside the inbox, with forward slashes; ``path`` is one
    of this machine, or a mere label where the inbox is another's.
    """

    path: Path
    file: str
    sha256: str
    bytes: int
    sender: str | None
    received_at: datetime


@dataclass(frozen=True)
class Skipped:
    """A file that is no workbook to judge, and the reason."""

    file: str
    reason: str


@dataclass(frozen=True)
class Inbox:
    """Everything seen in a folder, in the order of the names."""

    received: tuple[Received, ...]
    skipped: tuple[Skipped, ...]

    @property
    def seen(self) -> int:
        """How many files were seen."""
        return len(self.received) + len(self.skipped)


def inbox(folder: Path, sender_pattern: str, received_on: datetime | None = None) -> Inbox:
    """The files under ``folder``.

    ``sender_pattern`` is a regular expression whose first group is the UR code; subfolder and file name are searched.
    ``received_on`` stands in for each file's modification time. Raises InboxError where the folder cannot be read.
    """
    if not folder.is_dir():
        raise InboxError(f"inbox {folder} is not a folder; name the one that holds the units' workbooks")
    received: list[Received] = []
    skipped: list[Skipped] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        reason = skip_reason(name)
        if reason:
            skipped.append(Skipped(name, reason))
            continue
        try:
            received.append(_received(path, name, sender_pattern, received_on))
        except OSError as error:
            skipped.append(Skipped(name, f"cannot be read: {error.strerror}"))
    return Inbox(tuple(received), tuple(skipped))


def named(paths: Sequence[Path], sender_pattern: str) -> list[Received]:
    """Files named by hand, none skipped; a folder stands for the workbooks in it.

    Raises InboxError where a path is not there or cannot be read, or where there is no workbook at all.
    """
    files: list[Received] = []
    for path in paths:
        if path.is_dir():
            files.extend(inbox(path, sender_pattern).received)
        elif path.is_file():
            files.append(_readable(path, sender_pattern))
        else:
            raise InboxError(f"{path} does not exist")
    if not files:
        raise InboxError(f"no workbook in {', '.join(map(str, paths))}; a workbook ends in one of {ENDINGS}")
    return files


def _readable(path: Path, sender_pattern: str) -> Received:
    try:
        return _received(path, path.name, sender_pattern, None)
    except OSError as error:
        raise InboxError(f"{path} cannot be read: {error.strerror}; check its permissions") from error


def skip_reason(file: str) -> str | None:
    """Why a file of that name is no workbook to judge, or None."""
    path = PurePosixPath(file)
    if path.name.startswith(LOCK_PREFIX):
        return "Excel's lock file of an open workbook"
    if path.name.startswith("."):
        return "hidden file"
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return f"not a workbook ({path.suffix.lower() or 'no ending'})"
    return None


def _received(path: Path, name: str, sender_pattern: str, received_on: datetime | None) -> Received:
    content = path.read_bytes()
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Received(
        path=path,
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        sender=sender_of(name, sender_pattern),
        received_at=received_on or modified,
    )


def sender_of(file: str, sender_pattern: str) -> str | None:
    """The UR code that a file's path in the inbox names, at least two digits, or None."""
    found = re.search(sender_pattern, file, re.IGNORECASE)
    return found.group(1).zfill(2) if found else None
