"""Telling the operator that a run failed, by our own mail."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from config.address import Mailbox
from config.calendar import load_calendar
from config.errors import OperatorError
from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import channel, content_of
from reports.mail.failure_letter import failure_letter
from reports.mail.message import Mail, message_of

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.flows import Flow


# What Prefect puts before the message of ours that ended a run.
BEFORE_REASON: Final = re.compile(r"^Flow run encountered an exception: (?:UnfinishedError: )?")


def tell_operator(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Prefect's hook for a run that failed or crashed: a message to POA_OPERATOR; nobody is told where that is not set.

    A message that cannot be sent fails no run again: the log says why.
    """
    from prefect.logging.loggers import flow_run_logger

    log, mail = flow_run_logger(flow_run, flow), MailSettings()
    to = mail.told_of_failures
    if to is None:
        log.warning("nobody is told of the failure by mail: POA_OPERATOR is not set")
        return
    reason = BEFORE_REASON.sub("", state.message or "no message; the log of the run says more")
    name = run_name(flow_run)
    message = failure_mail(to, flow.name, name, state.name or "", reason, run_page(flow_run.id), flow_run.id)
    now = datetime.now(load_calendar(Settings().config_dir).zone)
    try:
        with channel(mail) as by:
            by.send(message_of(message, mail.sender, now, mail.reply_to), message.name)
    except (OperatorError, OSError, ValueError) as error:
        log.error("the operator was not told of the failure: %s", error)
    else:
        log.info("the operator was told of the failure, by %s", by.name)


def run_name(flow_run: FlowRun) -> str:
    """The run's name as it is now: whoever started its process may know the one that it was scheduled under."""
    from httpx import HTTPError
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            return client.read_flow_run(flow_run.id).name
    except (HTTPError, OSError):
        return flow_run.name


def run_page(run_id: UUID) -> str | None:
    """Where Prefect shows the run; None where no server stays to show it."""
    from prefect.settings import get_current_settings

    address = get_current_settings().ui_url
    return f"{address.rstrip('/')}/runs/flow-run/{run_id}" if address else None


def failure_mail(to: Mailbox, flow: str, run: str, state: str, reason: str, link: str | None, run_id: UUID) -> Mail:
    """The message about one run; told again of the same run, it is the same message."""
    content = content_of("failure", run_id, state, reason)
    letter = failure_letter(flow, run, state, reason, link)
    return Mail(content, "poa.operacion", f"falla_{run_id}", to, letter)
