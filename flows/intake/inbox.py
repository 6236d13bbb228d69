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
from flows.intake.folder import LEADS_NOWHERE, InboxError, UnreadableInboxError, files_in, not_read
from schemas.contracts.submission import Submission

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
LOCK_PREFIX = "~$"
ENDINGS = ", ".join(sorted(WORKBOOK_SUFFIXES))
# Why a workbook that somebody still writes is left for the next run.
CHANGED = "changed while it was read"


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

    received: tuple[Submission, ...]
    skipped: tuple[Skipped, ...]

    @property
    def seen(self) -> int:
        """How many files were seen."""
        return len(self.received) + len(self.skipped)

    @property
    def unreadable(self) -> tuple[Skipped, ...]:
        """Those of the skipped that may be workbooks all the same."""
        return tuple(one for one in self.skipped if one.unreadable)


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


def whole_inbox(place: Path | str, seen: Iterable[Submission | Skipped]) -> Inbox:
    """The inbox of all that was seen; raises UnreadableInboxError where there are workbooks and none can be read."""
    found = _sorted_out(seen)
    if found.unreadable and not found.received:
        first = found.unreadable[0]
        raise UnreadableInboxError(
            f"nothing in the inbox {printable(str(place))} can be read: {len(found.unreadable)} of {found.seen} files, "
            f"first {first.file} ({first.reason}); check the rights of the account that runs this"
        )
    return found


def _sorted_out(seen: Iterable[Submission | Skipped]) -> Inbox:
    files = tuple(seen)
    return Inbox(
        tuple(one for one in files if isinstance(one, Submission)),
        tuple(one for one in files if isinstance(one, Skipped)),
    )


def _seen(path: Path, folder: Path, asked: Listing) -> Submission | Skipped:
    name = path.relative_to(folder).as_posix()
    file = shown(name)
    try:
        here = path.lstat()
        if S_ISDIR(here.st_mode):
            return Skipped(file, "a folder that cannot be listed", unreadable=True)
        plain = S_ISREG(here.st_mode)
        closed = None if plain else not_read(path, folder, asked.follow_links)
        if closed == LEADS_NOWHERE and asked.follow_links and skip_reason(file) is None:
            return Skipped(file, closed, unreadable=True)
        reason = closed or skip_reason(file)
        return Skipped(file, reason) if reason else _read(path, name, here if plain else path.stat(), asked)
    except OSError as error:
        # One that went away since the folder was listed may be none of the account's rights.
        there = not isinstance(error, FileNotFoundError)
        return Skipped(file, f"cannot be read: {error.strerror}", unreadable=there)


def named(paths: Sequence[Path], sender_pattern: str) -> Inbox:
    """Files named by hand, whatever they are called; a folder stands for the workbooks in it, and links are followed.

    What is skipped goes by its whole path. Raises InboxError where a path is not there.
    """
    asked = Listing(sender_pattern, follow_links=True)
    return _sorted_out(one for path in paths for one in _named(path, asked))


def _named(path: Path, asked: Listing) -> list[Submission | Skipped]:
    file = printable(str(path))
    try:
        if path.is_dir():
            inside = [_seen(each, path, asked) for each in files_in(path)]
            return [_by_hand(one, f"{file}/{one.file}") for one in inside]
        if path.is_file():
            return [_by_hand(_read(path, path.name, path.stat(), asked), file)]
        path.lstat()
    except FileNotFoundError as error:
        raise InboxError(f"{file} does not exist") from error
    except UnreadableInboxError:
        return [Skipped(file, "a folder that cannot be listed", unreadable=True)]
    except OSError as error:
        return [Skipped(file, f"cannot be read: {error.strerror}", unreadable=True)]
    return [Skipped(file, LEADS_NOWHERE if path.is_symlink() else "not a file", unreadable=True)]


def _by_hand(one: Submission | Skipped, file: str) -> Submission | Skipped:
    """What is skipped by its whole path; nobody looks again later at a file that changed while it was read."""
    if isinstance(one, Submission):
        return one
    return Skipped(file, one.reason, one.unreadable or one.reason == CHANGED)


def complain_of_unread(found: Inbox, paths: Sequence[Path]) -> None:
    """Raises UnreadableInboxError where something in ``paths`` could not be read, InboxError where no workbook is."""
    if found.unreadable:
        raise UnreadableInboxError(
            f"not all was checked: {len(found.unreadable)} of {found.seen} could not be read, first "
            f"{found.unreadable[0].file} ({found.unreadable[0].reason}); make them readable, or name the others alone"
        )
    if not found.received:
        places = ", ".join(printable(str(path)) for path in paths)
        raise InboxError(f"no workbook in {places}; a workbook ends in one of {ENDINGS}")


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


def _read(path: Path, name: str, before: os.stat_result, asked: Listing) -> Submission | Skipped:
    """The file ``name``, read, unless it is too large or another one than ``before`` when it has been read."""
    reason = too_large(before.st_size, asked.largest)
    if reason:
        return Skipped(shown(name), reason)
    content = path.read_bytes()
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (len(content), after.st_mtime_ns):
        return Skipped(shown(name), CHANGED)
    return Submission(
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
