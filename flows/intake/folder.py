"""What lies in a folder that others write into: every file, and what is not to be read of it."""

from __future__ import annotations

import os
from pathlib import Path

from config.errors import OperatorError, UsageError
from config.file_name import printable

LEADS_NOWHERE = "a link that leads nowhere"


class InboxError(UsageError):
    """There is no such inbox; the message names the folder and the remedy."""


class UnreadableInboxError(OperatorError):
    """The inbox is there and cannot be read; the message names the folder and the remedy."""


def files_in(folder: Path) -> list[Path]:
    """Every file and link under ``folder``, and each subfolder that cannot be listed, in the order of their names.

    Raises InboxError where there is no such folder, UnreadableInboxError where it cannot be listed.
    """
    found: list[Path] = []

    def not_listed(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise UnreadableInboxError(
                f"inbox {printable(str(folder))} cannot be read: {error.strerror}; check that it is mounted and that "
                "the account that runs this may read it"
            ) from error
        if not isinstance(error, FileNotFoundError):
            found.append(Path(error.filename))

    for place, folders, files in os.walk(_a_folder(folder), onerror=not_listed):
        links = [name for name in folders if Path(place, name).is_symlink()]
        found += [Path(place, name) for name in (*files, *links)]
    return sorted(found)


def _a_folder(folder: Path) -> Path:
    try:
        if folder.is_dir():
            return folder
    except OSError as error:
        raise UnreadableInboxError(
            f"inbox {printable(str(folder))} cannot be read: {error.strerror}; check the rights of the account that "
            "runs this"
        ) from error
    raise InboxError(f"inbox {printable(str(folder))} is not a folder; name the one that holds the units' workbooks")


def is_there(folder: Path) -> bool:
    """Whether the folder can be reached."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def not_read(path: Path, folder: Path, follow_links: bool) -> str | None:
    """Why what lies at ``path`` is not to be read, or None."""
    if not path.is_symlink():
        return None if path.is_file() else "not a file"
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # the latter for links that lead to each other
        return LEADS_NOWHERE
    if target.is_dir():
        return "a link to a folder, which is not followed"
    if not follow_links and not target.is_relative_to(folder.resolve()):
        return "a link out of the inbox, which is not followed"
    return None if target.is_file() else "not a file"
