"""A quarter of an unattended run that fails, however it fails, stops no other, and what was not done is told."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import DueMail, Undeliverable
from flows.runs.consolidation import ConsolidationResult, Request
from flows.schedule import due_quarters, unattended
from flows.schedule.due_quarters import DueQuarter
from flows.schedule.unattended import MailSent, QuarterDone, Steps, UnfinishedError, raise_unfinished, remind, take_in
from reports.unit.package import Written
from schemas.contracts.gate import GateError
from warehouse.connect import WarehouseError

DAY = date(2024, 10, 10)
FIRST, SECOND = DueQuarter(2024, 2, "its workbooks come late"), DueQuarter(2024, 3, "its window is open")
ERRORS = (
    OSError(errno.ENOSPC, "No space left on device", "poa.db"),
    GateError("activities may not enter the warehouse"),
    KeyError("unit_code"),
    WarehouseError("another consolidation is in progress"),
)


class PanicException(BaseException):
    """Stands in for a library's panic."""


def clock() -> datetime:
    return datetime(2024, 10, 10, 18, tzinfo=UTC)


class Office:
    """Steps that only note what they were asked; ``fails`` is what one of them raises for the first quarter."""

    def __init__(self, outcome: ConsolidationResult, fails: str, error: BaseException) -> None:
        self.outcome, self.fails, self.error = outcome, fails, error
        self.did: list[str] = []
        self.steps = Steps(
            consolidate=lambda request, _: self._done("consolidate", request, outcome),
            write_reports=lambda turn, _: self._done("reports", turn, Written((Path("a.html"),), ())),
            send_reports=lambda turn, *_: self._done(
                "send", turn, MailSent(held=(Undeliverable("07", "report", "no contact"),))
            ),
            write_page=lambda turn, _: self._done("page", turn, None),
        )

    def _done(self, step: str, of: DueQuarter | Request, result: Any) -> Any:
        self.did.append(f"{step} T{of.quarter}")
        if step == self.fails and of.quarter == FIRST.quarter:
            raise self.error
        return result

    def take_in(self, settings: Settings) -> list[QuarterDone]:
        return take_in(DAY, clock, settings, MailSettings(), self.steps)


@pytest.fixture
def two_quarters(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Settings:
    """Two quarters have their turn; their inboxes are named."""
    for asked in ("receiving", "reminded"):
        monkeypatch.setattr(due_quarters, asked, lambda *_: [FIRST, SECOND])
    return settings.model_copy(update={"inbox": "inbox/{year}T{quarter}"})


@pytest.fixture
def office(consolidated_once: tuple[Path, ConsolidationResult]) -> Callable[[str, BaseException], Office]:
    return lambda fails, error: Office(consolidated_once[1], fails, error)


def told(done: list[Any]) -> str:
    with pytest.raises(UnfinishedError) as raised:
        raise_unfinished(done)
    return str(raised.value)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_quarter_that_fails_stops_no_other(
    error: Exception, two_quarters: Settings, office: Callable[[str, BaseException], Office]
) -> None:
    """What follows the step that failed, in that quarter, is not done: there is nothing to report or to send."""
    made = office("consolidate", error)
    done = made.take_in(two_quarters)
    assert made.did == ["consolidate T2", "consolidate T3", "reports T3", "send T3", "page T3"]
    assert [(one.turn, one.outcome is None, len(one.failures)) for one in done] == [
        (FIRST, True, 1),
        (SECOND, False, 0),
    ]
    assert told(done).startswith(f"2024 T2: {type(error).__name__}: {error}; ")


@pytest.mark.parametrize("step", ["reports", "send", "page"])
def test_a_step_that_fails_stops_none_that_can_do_without_it(
    step: str, two_quarters: Settings, office: Callable[[str, BaseException], Office]
) -> None:
    made = office(step, OSError(errno.ENOSPC, "No space left on device"))
    first, second = made.take_in(two_quarters)
    assert [did for did in made.did if did.endswith("T2")] == ["consolidate T2", "reports T2", "send T2", "page T2"]
    assert bool(first.pages) == (step != "reports")
    assert bool(first.sent.held) == (step != "send")
    assert second.failures == ()
    assert "2024 T2: OSError: [Errno 28] No space left on device" in told([first, second])


def test_every_failure_of_every_quarter_is_named(
    two_quarters: Settings, consolidated_once: tuple[Path, ConsolidationResult]
) -> None:
    def not_written(turn: DueQuarter, _: Settings) -> Written:
        return Written((), (), (f"judgement {turn.quarter}: no space",))

    def no_page(turn: DueQuarter, _: Settings) -> None:
        raise ZeroDivisionError(f"of T{turn.quarter}")

    steps = Steps(lambda *_: consolidated_once[1], not_written, lambda *_: MailSent(), no_page)
    message = told(take_in(DAY, clock, two_quarters, MailSettings(), steps))
    for quarter in (2, 3):
        assert f"2024 T{quarter}: not reported: judgement {quarter}: no space" in message
        assert f"2024 T{quarter}: ZeroDivisionError: of T{quarter}" in message


def test_a_folder_that_is_not_named_stops_no_quarter(
    two_quarters: Settings, office: Callable[[str, BaseException], Office]
) -> None:
    done = office("", OSError()).take_in(two_quarters.model_copy(update={"inbox": None}))
    assert told(done).count("UsageError: POA_INBOX is not set") == 2


def test_a_library_that_panics_stops_no_quarter_but_who_ends_the_run_does(
    two_quarters: Settings, office: Callable[[str, BaseException], Office]
) -> None:
    done = office("consolidate", PanicException("index out of bounds")).take_in(two_quarters)
    assert "2024 T2: PanicException: index out of bounds" in told(done)
    with pytest.raises(KeyboardInterrupt):
        office("consolidate", KeyboardInterrupt()).take_in(two_quarters)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_reminders_of_a_quarter_that_fail_stop_no_other(
    error: Exception, two_quarters: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def due(_: object, year: int, quarter: int, *__: object) -> tuple[str, DueMail]:
        if quarter == FIRST.quarter:
            raise error
        return "opening", DueMail((), (Undeliverable("07", "opening", "no contact"),), 0)

    monkeypatch.setattr(unattended, "due_reminders", due)
    done = remind(DAY, clock, two_quarters, MailSettings())
    assert [(one.turn, one.kind, len(one.sent.held)) for one in done] == [(FIRST, None, 0), (SECOND, "opening", 1)]
    assert told(done).startswith(f"2024 T2: {type(error).__name__}: {error}; ")
