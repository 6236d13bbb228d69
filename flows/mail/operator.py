"""Telling the operator that a run failed: a file in the outbox, whatever else is wrong, and our own mail."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar
from uuid import UUID

from config.calendar import load_calendar
from config.errors import OperatorError
from config.mail import OUTBOX, MailSettings, OutboxSettings
from config.settings import Settings
from flows.mail.dispatch import channel, content_of
from reports.mail.failure_letter import LONGEST_REASON, failure_letter
from reports.mail.letter import Letter, as_text, one_line
from reports.mail.message import Mail, message_of
from reports.mail.outbox import Outbox

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.flows import Flow

P = ParamSpec("P")
T = TypeVar("T")

# What Prefect puts before the message of ours that ended a run.
BEFORE_REASON: Final = re.compile(r"^Flow run encountered an exception: (?:UnfinishedError: )?")


@dataclass(frozen=True)
class FailedRun:
    """What is known of a run that failed; ``page`` is where Prefect shows it, if a server stays to show it."""

    id: UUID
    flow: str
    name: str
    state: str
    reason: str
    page: str | None

    @property
    def file(self) -> str:
        """What a file about it is called, without ending: told again of the same run, it is the same file."""
        return f"falla_{self.id}"

    @property
    def letter(self) -> Letter:
        """The letter about it, in Spanish."""
        return failure_letter(self.flow, self.name, self.state, self.reason, self.page)


def tell_operator(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Prefect's hook for a run that failed or crashed: always a file in the outbox, by a mail server also a message.

    The message goes to POA_OPERATOR. Nothing that is wrong here raises: the log says why no mail went, and where the
    file is.
    """
    from prefect.logging.loggers import flow_run_logger

    log, untold, unwritten = flow_run_logger(flow_run, flow), list[str](), list[str]()
    failed = failed_run(flow, flow_run, state)
    mail = _tried(untold, MailSettings)
    message = _tried(untold, failure_message, failed, mail) if mail else None
    # Before any server is waited for.
    path = _left(failed, message, untold, unwritten)
    if mail and message and mail.smtp_host:
        _tried(untold, _send, message, mail, failed.file)
    if untold:
        log.error("the operator was not told of the failure by mail: %s", "; ".join(untold))
    elif mail and mail.smtp_host:
        log.info("the operator was told of the failure by mail")
    if path:
        log.log(logging.ERROR if untold else logging.INFO, "the failure is told in %s", path.absolute())
    else:
        log.critical("no file about the failure could be left: %s; it says: %s", "; ".join(unwritten), failed.reason)


def failed_run(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> FailedRun:
    """The run as it is told."""
    reason = BEFORE_REASON.sub("", state.message or "no message; the log of the run says more")
    name = _tried([], run_name, flow_run) or flow_run.name
    return FailedRun(flow_run.id, flow.name, name, state.name or "", reason, _tried([], run_page, flow_run.id))


def run_name(flow_run: FlowRun) -> str:
    """The run's name as it is now: whoever started its process may know the one that it was scheduled under."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return client.read_flow_run(flow_run.id).name


def run_page(run_id: UUID) -> str | None:
    """Where Prefect shows the run; None where no server stays to show it."""
    from prefect.settings import get_current_settings

    address = get_current_settings().ui_url
    return f"{address.rstrip('/')}/runs/flow-run/{run_id}" if address else None


def failure_message(failed: FailedRun, mail: MailSettings) -> EmailMessage:
    """The message about one run; told again of the same run, it is the same message.

    Raises OperatorError where it is known to nobody whom to tell.
    """
    to = mail.told_of_failures
    if to is None:
        raise OperatorError("POA_OPERATOR is not set")
    content = content_of("failure", failed.id, failed.state, failed.reason)
    told = Mail(content, "poa.operacion", failed.file, to, failed.letter)
    return message_of(told, mail.sender, datetime.now(_tried([], _zone) or UTC), mail.reply_to)


def _zone() -> tzinfo:
    return load_calendar(Settings().config_dir).zone


def _send(message: EmailMessage, mail: MailSettings, name: str) -> None:
    with channel(mail) as by:
        by.send(message, name)


def _left(failed: FailedRun, message: EmailMessage | None, untold: list[str], unwritten: list[str]) -> Path | None:
    """The file about the failure, in the outbox, or in the default one where that cannot be written; None: nowhere."""
    places = _tried([], OutboxSettings)
    for folder in dict.fromkeys((places.outbox if places else OUTBOX, OUTBOX)):
        if message is not None:
            path = _tried(unwritten, Outbox(folder).send, message, failed.file)
        else:
            text = _text(failed, untold).encode("utf-8", "backslashreplace")
            path = _tried(unwritten, Outbox(folder).write, f"{failed.file}.txt", text)
        if path:
            return path
    return None


def _text(failed: FailedRun, untold: list[str]) -> str:
    """What the message would say and why there is none, in Spanish; the facts alone where no letter can be written."""
    facts = (("Proceso", failed.flow), ("Corrida", failed.name), ("Estado", failed.state), ("Motivo", failed.reason))
    bare = "\n".join(["POA: falló una corrida programada", "", *(f"{label}: {said}" for label, said in facts), ""])
    told = _tried([], lambda: as_text(failed.letter)) or bare
    return f"{told}\nNo se avisó por correo: {'; '.join(untold)}\n"


def _tried(errors: list[str], step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What ``step`` returns; None where it raises, and ``errors`` then says what."""
    try:
        return step(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - an alarm that fails is heard by nobody
        kind = "" if isinstance(error, OperatorError) else f"{type(error).__name__}: "
        errors.append(f"{kind}{one_line(str(error), LONGEST_REASON)}")
        return None
