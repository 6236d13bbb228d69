"""The flows that run on a schedule: Prefect round the unattended runs. Settings come from the ``POA_*`` environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from config.calendar import load_calendar
from config.errors import OperatorError, UsageError
from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import Clock
from flows.mail.operator import tell_operator
from flows.outputs.secretariat import write_secretariat
from flows.runs.consolidation import ConsolidationResult, Request
from flows.schedule import unattended
from flows.schedule.artifacts import link_page, link_reports
from flows.schedule.due_quarters import DueQuarter
from flows.schedule.json_log import json_log
from flows.schedule.quarterly import consolidate_quarter
from flows.schedule.unattended import MailSent, QuarterDone, Reminded, Steps, office_clock
from reports.unit.package import Written

GIVEN = "it was asked for"


def run_name() -> str:
    """The flow's name and the day that the run goes by; in UTC where the calendar cannot be read.

    Prefect asks for it before the run begins: what is raised here would tell nobody.
    """
    parameters = flow_run.parameters
    quarter = f" {parameters['year']} T{parameters['quarter']}" if parameters.get("quarter") else ""
    try:
        day = parameters.get("day") or _scheduled_day(Settings())
    except Exception:  # noqa: BLE001 - the run itself raises it again, and the operator is told
        day = flow_run.scheduled_start_time.date()
    return f"{flow_run.flow_name} {day}{quarter}"


# A failure is told once: by the run that was scheduled, not by its steps.
UNATTENDED: dict[str, Any] = {
    "flow_run_name": run_name,
    "persist_result": False,
    "on_failure": [tell_operator],
    "on_crashed": [tell_operator],
}


@flow(name="daily intake", **UNATTENDED)
def daily_intake(day: date | None = None, year: int | None = None, quarter: int | None = None) -> None:
    """Consolidate what came of each quarter that receives workbooks, and send its units their report the same day.

    Without parameters they follow from the day that the run was scheduled for; ``year`` and ``quarter`` name one.
    """
    with _settled() as (settings, mail):
        today = day or _scheduled_day(settings)
        done = unattended.take_in(today, office_clock(settings), settings, mail, STEPS, _given(year, quarter))
        _tell(done, f"nothing to do on {today}: no window is open, and no quarter receives workbooks")


@flow(name="quarterly consolidation", **UNATTENDED)
def quarterly_consolidation(day: date | None = None, year: int | None = None, quarter: int | None = None) -> None:
    """Consolidate the quarter whose window closed the day before, with all its reports.

    Without parameters it follows from the day that the run was scheduled for; ``year`` and ``quarter`` name one.
    """
    with _settled() as (settings, mail):
        today = day or _scheduled_day(settings)
        done = unattended.after_closing(today, office_clock(settings), settings, mail, STEPS, _given(year, quarter))
        _tell(done, f"nothing to do on {today}: no window closed the day before")


@flow(name="reminders", **UNATTENDED)
def reminders(day: date | None = None, year: int | None = None, quarter: int | None = None) -> None:
    """Remind the units without an accepted delivery, where a reminder is due."""
    with _settled() as (settings, mail):
        today = day or _scheduled_day(settings)
        of = _given(year, quarter)
        done = remind_units(lambda: unattended.remind(today, office_clock(settings), settings, mail, of))
        _tell(done, f"nothing to do on {today}: no window opened lately")


@task(
    name="write units' reports",
    task_run_name="write units' reports of {turn}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def write_reports(turn: DueQuarter, settings: Settings) -> Written:
    """The units' reports where something changed, and links to them."""
    written = unattended.write_reports(turn, settings)
    link_reports(written.written, turn.year, turn.quarter, settings)
    get_run_logger().info("%s: %d files written, %d unchanged", turn, len(written.written), len(written.unchanged))
    return written


@task(name="send mail", task_run_name="send mail of {turn}", cache_policy=NO_CACHE, persist_result=False)
def send_reports(turn: DueQuarter, settings: Settings, mail: MailSettings, clock: Clock) -> MailSent:
    """Each unit's acknowledgement and report, once."""
    return unattended.send_reports(turn, settings, mail, clock)


@task(
    name="write the secretariat's report",
    task_run_name="write the secretariat's report of {turn}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def write_page(turn: DueQuarter, settings: Settings) -> None:
    """The secretariat's report, and a link to it."""
    if settings.reports is not None:
        page, *_ = write_secretariat(turn.year, turn.quarter, None, settings.reports, settings)
        link_page(page, turn.year, turn.quarter, settings)


@task(name="remind units", cache_policy=NO_CACHE, persist_result=False)
def remind_units(run: Callable[[], list[Reminded]]) -> list[Reminded]:
    """Reminders that are due, sent."""
    return run()


def _consolidate(request: Request, _: Settings) -> ConsolidationResult:
    return consolidate_quarter(request.year, request.quarter, request.inbox, report=False)


STEPS = Steps(_consolidate, write_reports, send_reports, write_page)


@contextmanager
def _settled() -> Iterator[tuple[Settings, MailSettings]]:
    """The settings in force, the run's log written where they say: also how it failed, which Prefect logs later."""
    settings = Settings()
    with json_log(settings.log_json):
        try:
            yield settings, MailSettings()
        except OperatorError as error:
            get_run_logger().error("failed: %s", error)
            raise
        except Exception:
            get_run_logger().exception("failed")
            raise


def _scheduled_day(settings: Settings) -> date:
    """The day that the run was scheduled for, on the office's clocks: a run that starts late is still of its day."""
    day: date = flow_run.scheduled_start_time.astimezone(load_calendar(settings.config_dir).zone).date()
    return day


def _given(year: int | None, quarter: int | None) -> DueQuarter | None:
    if (year is None) != (quarter is None):
        raise UsageError("give both year and quarter, or neither: then they follow from the day")
    return None if year is None or quarter is None else DueQuarter(year, quarter, GIVEN)


def _tell(done: list[QuarterDone] | list[Reminded], nothing: str) -> None:
    """Logs what was done, whom nobody can tell and where what nobody expected was raised.

    Raises UnfinishedError where anything was not done.
    """
    log = get_run_logger()
    if not done:
        log.info("%s", nothing)
    for one in done:
        sent = sum(message.became == "sent" for message in one.sent.told)
        log.info("%s (%s): messages sent: %d", one.turn, one.turn.why, sent, extra={"messages_sent": sent})
        for held in one.sent.held:
            log.warning("%s: nobody to tell for UR %s, %s: %s", one.turn, held.unit or "?", held.about, held.reason)
        for failure in one.failures:
            if failure.unexpected:
                log.error("%s: %s", one.turn, failure, exc_info=failure.error)
    unattended.raise_unfinished(done)
