"""The inbox: which files of a folder are workbooks to judge, which are skipped and why, whose each one is."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from stat import S_ISDIR, S_ISREG

from config.file_name import printable, shown
from flows.intake.folder import InboxError, UnreadableInboxError, files_in, not_read

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
LOCK_PREFIX = "~$"
ENDINGS = ", ".join(sorted(WORKBOOK_SUFFIXES))
# Why a workbook that somebody still writes is left for the next run.
CHANGED = "changed while it was read"


@dataclass(frozen=True)
class Received:
    """A workbook as it lies in the inbox. ``file`` is its path inside the inbox, with forward slashes, as
    config.file_name shows it; ``path`` is one of this machine, or a mere label where the inbox is another's.
    """

    path: Path
    file: str
    sha256: str
    bytes: int
    sender: str | None
    received_at: datetime


@dataclass(frozen=True)
class Skipped:
    """A file that is no workbook to judge, shown as those are, and the reason; ``unreadable``: it may be one all the
    same.
    """

    file: str
    reason: str
    unreadable: bool = False


@dataclass(frozen=True)
class Inbox:
    """Everything seen in a folder, in the order of the names."""

    received: tuple[Received, ...]
    skipped: tuple[Skipped, ...]

    @property
    def seen(self) -> int:
        """How many files were seen."""
        return len(self.received) + len(self.skipped)


@dataclass(frozen=True)
class Listing:
    """How files are read: see `inbox`."""

    sender_pattern: str
    received_on: datetime | None = None
    follow_links: bool = False
    largest: int | None = None


def inbox(
    folder: Path,
    sender_pattern: str,
    received_on: datetime | None = None,
    *,
    follow_links: bool = False,
    largest: int | None = None,
) -> Inbox:
    """The files under ``folder``.

    ``sender_pattern`` is a regular expression whose first group is the UR code; subfolder and file name are searched.
    ``received_on`` stands in for each file's modification time. A link out of the folder is skipped unless told to
    ``follow_links``: what it leads to is there by the rights of whoever runs the program, not of who put the link. A
    file of more than ``largest`` bytes is skipped unread.

    Raises InboxError where there is no such folder, UnreadableInboxError where nothing in it can be read.
    """
    asked = Listing(sender_pattern, received_on, follow_links, largest)
    return whole_inbox(folder, [_seen(path, folder, asked) for path in files_in(folder)])


def whole_inbox(place: Path | str, seen: Iterable[Received | Skipped]) -> Inbox:
    """The inbox of all that was seen; raises UnreadableInboxError where there are workbooks and none can be read."""
    files = tuple(seen)
    received = tuple(one for one in files if isinstance(one, Received))
    skipped = tuple(one for one in files if isinstance(one, Skipped))
    unreadable = [one for one in skipped if one.unreadable]
    if unreadable and not received:
        raise UnreadableInboxError(
            f"nothing in the inbox {printable(str(place))} can be read: {len(unreadable)} of {len(files)} files, first "
            f"{unreadable[0].file} ({unreadable[0].reason}); check the rights of the account that runs this"
        )
    return Inbox(received, skipped)


def _seen(path: Path, folder: Path, asked: Listing) -> Received | Skipped:
    name = path.relative_to(folder).as_posix()
    file = shown(name)
    try:
        here = path.lstat()
        if S_ISDIR(here.st_mode):
            return Skipped(file, "a folder that cannot be listed", unreadable=True)
        plain = S_ISREG(here.st_mode)
        reason = (None if plain else not_read(path, folder, asked.follow_links)) or skip_reason(file)
        return Skipped(file, reason) if reason else _read(path, name, here if plain else path.stat(), asked)
    except OSError as error:
        # One that went away since the folder was listed may be none of the account's rights.
        there = not isinstance(error, FileNotFoundError)
        return Skipped(file, f"cannot be read: {error.strerror}", unreadable=there)


def named(paths: Sequence[Path], sender_pattern: str) -> list[Received]:
    """Files named by hand, none skipped; a folder stands for the workbooks in it, and links are followed.

    Raises InboxError where a path is not there or cannot be read, or where there is no workbook at all.
    """
    files: list[Received] = []
    for path in paths:
        if path.is_dir():
            files.extend(inbox(path, sender_pattern, follow_links=True).received)
        elif path.is_file():
            files.append(_readable(path, sender_pattern))
        else:
            raise InboxError(f"{printable(str(path))} does not exist")
    if not files:
        places = ", ".join(printable(str(path)) for path in paths)
        raise InboxError(f"no workbook in {places}; a workbook ends in one of {ENDINGS}")
    return files


def _readable(path: Path, sender_pattern: str) -> Received:
    try:
        received = _read(path, path.name, path.stat(), Listing(sender_pattern))
    except OSError as error:
        raise InboxError(f"{printable(str(path))} cannot be read: {error.strerror}; check its permissions") from error
    if isinstance(received, Skipped):
        raise InboxError(f"{printable(str(path))} {received.reason}; try again once nobody writes it")
    return received


def skip_reason(file: str) -> str | None:
    """Why a file of that name (as shown) is no workbook to judge, or None."""
    path = PurePosixPath(file)
    if path.name.startswith(LOCK_PREFIX):
        return "Excel's lock file of an open workbook"
    if path.name.startswith("."):
        return "hidden file"
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        return f"not a workbook ({path.suffix.lower() or 'no ending'})"
    return None


def too_large(size: int, largest: int | None) -> str | None:
    """Why a file of ``size`` bytes is not even read to be rejected, or None."""
    if largest is None or size <= largest:
        return None
    return f"{size / 1024**2:,.0f} MiB, far beyond what POA_MAX_BYTES allows"


def _read(path: Path, name: str, before: os.stat_result, asked: Listing) -> Received | Skipped:
    """The file ``name``, read, unless it is too large or another one than ``before`` when it has been read."""
    reason = too_large(before.st_size, asked.largest)
    if reason:
        return Skipped(shown(name), reason)
    content = path.read_bytes()
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (len(content), after.st_mtime_ns):
        return Skipped(shown(name), CHANGED)
    return Received(
        path=path,
        file=shown(name),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        sender=sender_of(name, asked.sender_pattern),
        received_at=asked.received_on or datetime.fromtimestamp(after.st_mtime, UTC),
    )


def sender_of(file: str, sender_pattern: str) -> str | None:
    """The UR code that a file's path in the inbox names, at least two digits, or None."""
    found = re.search(sender_pattern, file, re.IGNORECASE)
    return found.group(1).zfill(2) if found else None
