"""What runs without anybody at the keyboard, as plain functions: consolidate, report and tell the units; remind them.

Prefect hands in its own ``Steps``, which do the same as tasks; the day and the clock are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from config.calendar import load_calendar
from config.errors import OperatorError
from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import Clock, DueMail, Undeliverable, channel, dispatch
from flows.mail.dispatch import SendOutcome as Told
from flows.mail.recipients import due_mail
from flows.mail.reminders import due_reminders
from flows.outputs.reported import letter_context
from flows.outputs.reporting import write_unit_reports
from flows.outputs.secretariat import write_secretariat
from flows.runs import consolidation
from flows.schedule import due_quarters
from flows.schedule.due_quarters import DueQuarter, inbox_of
from reports.mail.reminder_letter import Kind
from reports.unit.package import Written
from schemas.findings.refusal import is_panic
from warehouse.connect import Warehouse, open_warehouse
from warehouse.mail.send_lock import sending_alone

T = TypeVar("T")


class UnfinishedError(OperatorError):
    """Something of an unattended run was not done; all the rest was, and the next run takes it up again."""


@dataclass(frozen=True)
class MailSent:
    """What became of the messages that were due, and whom nobody can tell."""

    told: tuple[Told, ...] = ()
    held: tuple[Undeliverable, ...] = ()

    @property
    def failures(self) -> list[str]:
        """The messages that were not sent, and why."""
        return [f"UR {one.entry.unit} ({one.entry.kind}): {one.reason}" for one in self.told if one.became != "sent"]


@dataclass(frozen=True)
class Failure:
    """Something that was not done: ``reason`` says why, ``error`` is what a step raised, if one did."""

    reason: str
    error: BaseException | None = None

    @property
    def unexpected(self) -> bool:
        """Whether it is no error that a person can mend by its message alone: where it was raised matters too."""
        return self.error is not None and not isinstance(self.error, OperatorError)

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class QuarterDone:
    """What was done of a quarter whose turn it was; ``failures`` are what was not."""

    turn: DueQuarter
    outcome: consolidation.ConsolidationResult | None = None
    pages: tuple[Path, ...] = ()
    sent: MailSent = field(default_factory=MailSent)
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Reminded:
    """Reminders of a quarter: the kind that was due, if any, and what became of it; ``failures``: what was not done."""

    turn: DueQuarter
    kind: Kind | None
    sent: MailSent
    failures: tuple[Failure, ...] = ()


def consolidate(request: consolidation.Request, settings: Settings) -> consolidation.ConsolidationResult:
    """One quarter's consolidation."""
    return consolidation.consolidate(request, settings, consolidation.listed(request, settings))


def write_reports(turn: DueQuarter, settings: Settings) -> Written:
    """The units' reports of the quarter, into their folder; none without POA_REPORTS."""
    if settings.reports is None:
        return Written((), (), ())
    return write_unit_reports(turn.year, turn.quarter, units_folder(turn, settings.reports), settings)


def write_page(turn: DueQuarter, settings: Settings) -> None:
    """The secretariat's report of the quarter, beside the units' folders; none without POA_REPORTS."""
    if settings.reports is not None:
        write_secretariat(turn.year, turn.quarter, None, settings.reports, settings)


def units_folder(turn: DueQuarter, reports: Path) -> Path:
    """Where the units' reports of a quarter go."""
    return reports / f"{turn.year}T{turn.quarter}"


def send_reports(turn: DueQuarter, settings: Settings, mail: MailSettings, clock: Clock) -> MailSent:
    """Each unit's acknowledgement and report, once."""

    def due(warehouse: Warehouse) -> DueMail:
        return due_mail(warehouse, letter_context(turn.year, turn.quarter, settings, warehouse, clock()), mail)

    return _send(due, settings, mail, clock)


@dataclass(frozen=True)
class Steps:
    """How each step is done: plainly, or as Prefect's tasks."""

    consolidate: Callable[[consolidation.Request, Settings], consolidation.ConsolidationResult] = consolidate
    write_reports: Callable[[DueQuarter, Settings], Written] = write_reports
    send_reports: Callable[[DueQuarter, Settings, MailSettings, Clock], MailSent] = send_reports
    write_page: Callable[[DueQuarter, Settings], None] = write_page


def take_in(
    day: date,
    clock: Clock,
    settings: Settings,
    mail: MailSettings,
    steps: Steps | None = None,
    of: DueQuarter | None = None,
) -> list[QuarterDone]:
    """The daily intake: what came of each quarter that receives workbooks on ``day``; none where there is no such.

    ``of`` takes up that quarter, whatever the day. A quarter that fails stops no other.
    """
    return _carry_out([of] if of else due_quarters.receiving(day, settings), clock, settings, mail, steps or Steps())


def after_closing(
    day: date,
    clock: Clock,
    settings: Settings,
    mail: MailSettings,
    steps: Steps | None = None,
    of: DueQuarter | None = None,
) -> list[QuarterDone]:
    """The quarterly consolidation: the same, of the quarter whose window closed the day before ``day``."""
    return _carry_out([of] if of else due_quarters.ended(day, settings), clock, settings, mail, steps or Steps())


def remind(
    day: date, clock: Clock, settings: Settings, mail: MailSettings, of: DueQuarter | None = None
) -> list[Reminded]:
    """Reminds the units without delivery of the last window that opened, where a reminder is due on ``day``.

    A quarter that fails stops no other.
    """
    return [
        _reminded(turn, day, clock, settings, mail) for turn in ([of] if of else due_quarters.reminded(day, settings))
    ]


def raise_unfinished(done: Sequence[QuarterDone | Reminded]) -> None:
    """Raises UnfinishedError where anything of the runs was not done, and says what of which quarter, and why."""
    failures = [f"{one.turn}: {failure}" for one in done for failure in (*one.failures, *one.sent.failures)]
    if failures:
        raise UnfinishedError("; ".join(failures) + "; all the rest was done, and the next run takes this up again")


def _carry_out(
    taken: Sequence[DueQuarter], clock: Clock, settings: Settings, mail: MailSettings, steps: Steps
) -> list[QuarterDone]:
    return [_one(turn, len(taken), clock, settings, mail, steps) for turn in taken]


def _one(turn: DueQuarter, of: int, clock: Clock, settings: Settings, mail: MailSettings, steps: Steps) -> QuarterDone:
    """The quarter's steps. Reports, mail and page all follow from what was published, and need not one another."""
    failures: list[Failure] = []

    def consolidated() -> consolidation.ConsolidationResult:
        inbox = inbox_of(turn, of, settings)
        return steps.consolidate(consolidation.Request(turn.year, turn.quarter, inbox, moment=clock()), settings)

    outcome = _tried(consolidated, failures)
    if outcome is None:
        return QuarterDone(turn, failures=tuple(failures))
    pages = _tried(lambda: steps.write_reports(turn, settings), failures) or Written((), ())
    failures += [Failure(f"not reported: {failure}") for failure in pages.failed]
    sent = _tried(lambda: steps.send_reports(turn, settings, mail, clock), failures) or MailSent()
    _tried(lambda: steps.write_page(turn, settings), failures)
    return QuarterDone(turn, outcome, pages.written, sent, tuple(failures))


def _reminded(turn: DueQuarter, day: date, clock: Clock, settings: Settings, mail: MailSettings) -> Reminded:
    kinds: list[Kind | None] = []
    failures: list[Failure] = []

    def due(warehouse: Warehouse) -> DueMail:
        kind, post = due_reminders(warehouse, turn.year, turn.quarter, day, settings, mail)
        kinds.append(kind)
        return post

    sent = _tried(lambda: _send(due, settings, mail, clock), failures) or MailSent()
    return Reminded(turn, kinds[0] if kinds else None, sent, tuple(failures))


def _tried(step: Callable[[], T], failures: list[Failure]) -> T | None:
    """What ``step`` returns; None where it raises, which is noted in ``failures``. What ends the process passes."""
    try:
        return step()
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        failures.append(Failure(f"{type(error).__name__}: {error}", error))
        return None


def _send(due: Callable[[Warehouse], DueMail], settings: Settings, mail: MailSettings, clock: Clock) -> MailSent:
    """Sends what is due out of the warehouse, alone; raises WarehouseError where another run sends meanwhile."""
    with (
        open_warehouse(settings.warehouse) as warehouse,
        sending_alone(warehouse, settings.lock_timeout),
        channel(mail) as by,
    ):
        post = due(warehouse)
        return MailSent(tuple(dispatch(post.due, warehouse, by, mail, clock)), post.held)


def office_clock(settings: Settings) -> Clock:
    """Now, on the office's clocks."""
    zone = load_calendar(settings.config_dir).zone
    return lambda: datetime.now(zone)
