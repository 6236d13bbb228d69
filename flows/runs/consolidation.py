"""One quarter's consolidation as a plain function: inbox in, snapshot out. Prefect is wrapped round it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from config.settings import Settings
from flows.execution.factory import executor
from flows.execution.runner import Runner
from flows.intake.inbox import Inbox, Received, inbox
from flows.runs.judging import ExecutorFactory, Progress, Source, judge_and_publish
from flows.runs.quarter_run import quarter_run
from warehouse.archive.archives import AnyArchive, Kept, archive_at
from warehouse.archive.storage import Remote, RemoteError
from warehouse.consolidation import ControlTotals, Published, Receipt

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
    """What a consolidation came to."""

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
    ConfigError, WarehouseError, ControlError or GateError; then nothing is stored and nothing published.
    """
    archive = archive_at(settings.archive)
    source = Source(
        [_receipt(received) for received in found.received],
        skipped=len(found.skipped),
        kept=_keeping(request.inbox, archive),
        settle=archive.settle,
        at_once=archive.at_once,
    )
    of_quarter = (request.year, request.quarter)
    with quarter_run(*of_quarter, "consolidate", settings, request.moment) as (ctx, consolidation):
        published, tally = judge_and_publish(consolidation, ctx, source, settings, run, on_progress, hire)
    return ConsolidationResult(published, tally.control(source), found, tuple(tally.rejected))


def _keeping(inbox: Path | str, archive: AnyArchive) -> Callable[[Receipt], Kept]:
    """What puts a workbook of the inbox into the archive."""
    if isinstance(inbox, Path):
        return lambda receipt: archive.put(receipt.path, receipt.sha256)
    remote = Remote(inbox)
    return lambda receipt: archive.put_content(_fetched(remote, receipt.file), receipt.file, receipt.sha256)


def _fetched(remote: Remote, file: str) -> bytes:
    try:
        return remote.read(file)
    except FileNotFoundError as error:
        raise RemoteError(f"{file} is no longer in {remote.address}; run again") from error


def _receipt(received: Received) -> Receipt:
    return Receipt(
        path=received.path,
        file=received.file,
        sha256=received.sha256,
        bytes=received.bytes,
        sender=received.sender,
        received_at=received.received_at,
    )
