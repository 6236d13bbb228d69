"""One quarter's consolidation as a plain function: inbox in, snapshot out. Prefect is wrapped round it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from config.file_name import actual
from config.settings import Settings
from flows.execution.factory import executor
from flows.execution.runner import Runner
from flows.intake.folder import UnreadableInboxError, is_there
from flows.intake.inbox import Inbox, Skipped, inbox, whole_inbox
from flows.runs.judging import ExecutorFactory, Progress, Source, judge_and_publish
from flows.runs.quarter_run import quarter_run
from schemas.contracts.submission import Submission
from warehouse.archive.archives import AnyArchive, Kept, archive_at
from warehouse.archive.local import SourceError
from warehouse.archive.storage import NotAllowedError, Remote
from warehouse.consolidation import ControlTotals, Published

# A workbook beyond its limit is rejected, and its unit told (A03); so many times beyond it, it is not even read.
UNREAD: Final = 5


@dataclass(frozen=True)
class Request:
    """What to consolidate: a quarter (1-4) of a fiscal year, out of which folder or address, received when if not by
    file time; ``moment`` is the run's, now where not told: its day decides which exceptions still hold.
    """

    year: int
    quarter: int
    inbox: Path | str
    received_on: datetime | None = None
    moment: datetime | None = None


@dataclass(frozen=True)
class ConsolidationResult:
    """What a consolidation came to; ``inbox`` is what was taken of it, with all that was skipped."""

    published: Published
    control: ControlTotals
    inbox: Inbox
    rejected: tuple[str, ...]


def listed(request: Request, settings: Settings) -> Inbox:
    """What lies in the request's inbox; raises InboxError, or RemoteError where another machine holds it."""
    asked, largest = (settings.sender_pattern, request.received_on), UNREAD * settings.max_bytes
    if isinstance(request.inbox, Path):
        return inbox(request.inbox, *asked, largest=largest)
    from flows.intake.remote_inbox import remote_inbox

    return remote_inbox(request.inbox, *asked, largest=largest)


def consolidate(
    request: Request,
    settings: Settings,
    found: Inbox,
    run: Runner | None = None,
    on_progress: Progress = lambda _: None,
    hire: ExecutorFactory = executor,
) -> ConsolidationResult:
    """Judge what is new in ``found``, store it and publish the quarter's snapshot, in one transaction.

    ``run`` is runner() where not told; ``on_progress`` is told how many workbooks each step forward took. Raises
    ConfigError, WarehouseError, ControlError, GateError or UnreadableInboxError; then nothing is stored and nothing
    published. A workbook that changed or went away since ``found`` was listed is skipped.
    """
    archive = archive_at(settings.archive)
    source = Source(
        found.received,
        skipped=len(found.skipped),
        kept=_keeping(request.inbox, archive),
        settle=archive.settle,
        at_once=archive.at_once,
    )
    of_quarter = (request.year, request.quarter)
    with quarter_run(*of_quarter, "consolidate", settings, request.moment) as (ctx, consolidation):
        published, tally = judge_and_publish(consolidation, ctx, source, settings, run, on_progress, hire)
        taken = _without(found, tally.skipped, request.inbox)
    return ConsolidationResult(published, tally.control(source), taken, tuple(tally.rejected))


def _without(found: Inbox, skipped: Sequence[Skipped], place: Path | str) -> Inbox:
    """The inbox with what was skipped after it was listed; raises UnreadableInboxError where nothing could be read."""
    names = {one.file for one in skipped}
    left = whole_inbox(place, (*(one for one in found.received if one.file not in names), *skipped))
    return Inbox(left.received, (*found.skipped, *left.skipped))


def _keeping(inbox: Path | str, archive: AnyArchive) -> Callable[[Submission], Kept]:
    """What puts a workbook of the inbox into the archive; it raises SourceError where only that one is lost."""
    if not isinstance(inbox, Path):
        remote = Remote(inbox)
        return lambda receipt: archive.put_content(_fetched(remote, receipt.file), receipt.file, receipt.sha256)

    def put(receipt: Submission) -> Kept:
        try:
            return archive.put(receipt.path, receipt.sha256)
        except SourceError as error:
            if is_there(inbox):
                raise
            raise UnreadableInboxError(
                f"inbox {inbox} is no longer there, first missed {receipt.file} ({error.reason}); check that it is "
                "mounted, and run again"
            ) from error

    return put


def _fetched(remote: Remote, file: str) -> bytes:
    from flows.intake.remote_inbox import GONE, not_allowed

    try:
        return remote.read(actual(file))
    except FileNotFoundError as error:
        raise SourceError(file, GONE) from error
    except NotAllowedError as error:
        raise SourceError(file, not_allowed(error), unreadable=True) from error
