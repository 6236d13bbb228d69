"""An inbox on another machine (``s3://…``, ``sftp://…``): listed as a folder is, its bytes fetched when wanted."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from config.file_name import printable, shown
from flows.intake.inbox import CHANGED, Inbox, Skipped, sender_of, skip_reason, too_large, whole_inbox
from schemas.contracts.submission import Submission
from warehouse.archive.storage import Found, NotAllowedError, Remote

# Where it leads, only that machine knows.
LINK: Final = "a link, which is not followed"
GONE: Final = "cannot be read: it is no longer there"


def not_allowed(error: NotAllowedError) -> str:
    """Why a file is skipped that may not be read."""
    return f"cannot be read: {printable(str(error.__cause__))}"


def remote_inbox(
    address: str, sender_pattern: str, received_on: datetime | None = None, *, largest: int | None = None
) -> Inbox:
    """The files under ``address`` (see flows.intake.inbox.inbox). Each is fetched for its hash, and not kept.

    Names are labels only: no path of this machine is made of them. A file that may not be read is skipped. Raises
    RemoteError where the address cannot be reached, UnreadableInboxError where no workbook may be read.
    """
    remote = Remote(address)
    found = sorted(remote.files(), key=lambda file: file.name.split("/"))
    reasons = {
        file.name: LINK if file.link else skip_reason(shown(file.name)) or too_large(file.bytes, largest)
        for file in found
    }
    wanted = [file for file in found if reasons[file.name] is None]
    skipped = [Skipped(shown(name), reason) for name, reason in reasons.items() if reason is not None]
    with ThreadPoolExecutor(remote.at_once) as threads:
        read = partial(_received, remote, sender_pattern, received_on)
        return whole_inbox(address, [*threads.map(read, wanted), *skipped])


def _received(remote: Remote, sender_pattern: str, received_on: datetime | None, file: Found) -> Submission | Skipped:
    name = shown(file.name)
    try:
        content = remote.read(file.name)
        if not remote.is_still(file, content):
            return Skipped(name, CHANGED)
    except FileNotFoundError:
        return Skipped(name, GONE)
    except NotAllowedError as error:
        return Skipped(name, not_allowed(error), unreadable=True)
    sha256 = hashlib.sha256(content).hexdigest()
    return Submission(
        path=Path(sha256),
        file=name,
        sha256=sha256,
        bytes=len(content),
        sender=sender_of(file.name, sender_pattern),
        received_at=received_on or file.written_at,
    )
