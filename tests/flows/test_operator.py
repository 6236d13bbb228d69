"""The hook of a run that failed: whatever else is wrong, a file in the outbox tells it, and the log says where."""

from __future__ import annotations

import email
import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from mail_server import Post, free_port

from config.settings import Settings
from flows.mail import operator
from flows.mail.operator import tell_operator
from flows.schedule.json_log import json_log

RUN = UUID("00000000-0000-0000-0000-00000000002a")
REASON = "2024 T3: OSError: [Errno 28] No space left on device"
NAME = "daily intake 2024-10-10"
GUARD = "Guardia <guardia@example.gob.mx>"
Put = Callable[..., None]


class Alarm:
    """Rings as Prefect does, and reads what that left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rings(self, reason: str = REASON) -> None:
        from prefect.client.schemas.objects import FlowRun
        from prefect.states import Failed

        from flows.scheduled import daily_intake

        run = FlowRun(id=RUN, flow_id=uuid4(), name="witty-otter")
        with json_log(self.folder / "log.jsonl"):
            tell_operator(daily_intake, run, Failed(message=f"Flow run encountered an exception: {reason}"))

    def left(self, folder: str = "outbox") -> dict[str, str]:
        """The files left, by name, as they are read."""
        return {path.name: " ".join(as_read(path).split()) for path in (self.folder / folder).iterdir()}

    def logged(self) -> list[tuple[str, str]]:
        lines = (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
        return [(line["level"], line["message"]) for line in map(json.loads, lines)]


def as_read(path: Path) -> str:
    return str(body(message(path))) if path.suffix == ".eml" else path.read_text(encoding="utf-8")


def message(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)  # type: ignore[return-value]


def body(told: EmailMessage) -> str:
    part = told.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def alarm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Alarm]:
    """An installation in a folder of its own, with no server of Prefect's: it is not asked how the run is called."""
    from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(operator, "run_name", lambda _: NAME)
    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield Alarm(tmp_path)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    def in_environment(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"POA_{name.upper()}", value)

    return in_environment


@pytest.fixture
def server() -> Iterator[Controller]:
    controller = Controller(Post(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def by_server(port: int) -> dict[str, str]:
    return {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_tls": "none", "smtp_attempts": "1",
            "smtp_sender": "planeacion@example.gob.mx"}  # fmt: skip


def test_without_a_server_the_message_lies_in_the_outbox(alarm: Alarm, put: Put) -> None:
    put(operator=GUARD)
    alarm.rings()
    [(name, text)] = alarm.left().items()
    assert name == f"falla_{RUN}.eml"
    assert REASON in text
    assert message(alarm.folder / "outbox" / name)["To"] == GUARD
    assert alarm.logged() == [("info", f"the failure is told in {alarm.folder / 'outbox' / name}")]


def test_a_message_that_was_sent_lies_in_the_outbox_too(alarm: Alarm, put: Put, server: Controller) -> None:
    put(operator=GUARD, **by_server(server.port))
    alarm.rings()
    [sent] = server.handler.taken
    assert REASON in " ".join(body(sent).split())
    assert list(alarm.left()) == [f"falla_{RUN}.eml"]
    assert alarm.logged()[0] == ("info", "the operator was told of the failure by mail")


def test_told_again_of_the_same_run_it_is_the_same_file(alarm: Alarm, put: Put) -> None:
    put(operator=GUARD)
    alarm.rings()
    alarm.rings()
    assert list(alarm.left()) == [f"falla_{RUN}.eml"]


def fails(*_: object) -> Any:
    raise ZeroDivisionError("a fault of ours")


UNTOLD = {
    "nobody named": ({}, "POA_OPERATOR is not set", ".txt"),
    "no address": ({"operator": "guardia"}, "POA_OPERATOR is no address", ".txt"),
    "no sender": ({"operator": GUARD, "smtp_host": "mail.example.gob.mx"}, "POA_SMTP_SENDER is not", ".txt"),
    "no number": ({"operator": GUARD, "smtp_timeout": "soon"}, "smtp_timeout", ".txt"),
    "server down": ({"operator": GUARD, **by_server(free_port())}, "Connection refused", ".eml"),
}


@pytest.mark.parametrize("case", UNTOLD)
def test_where_no_mail_goes_a_file_tells_it_and_the_log_says_why(case: str, alarm: Alarm, put: Put) -> None:
    given, why, ending = UNTOLD[case]
    put(outbox=str(alarm.folder / "salida"), **given)
    alarm.rings()
    [(name, text)] = alarm.left("salida").items()
    assert name == f"falla_{RUN}{ending}"
    assert REASON in text
    assert NAME in text
    assert "La siguiente corrida retoma lo que faltó" in text
    [(level, said), where] = alarm.logged()
    assert level == "error"
    assert said.startswith("the operator was not told of the failure by mail: ")
    assert why in said
    assert where == ("error", f"the failure is told in {alarm.folder / 'salida' / name}")
    assert ending == ".eml" or why in text


@pytest.mark.parametrize("step", ["failure_letter", "message_of"])
def test_a_letter_that_cannot_be_written_keeps_no_fact_back(
    step: str, alarm: Alarm, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(operator=GUARD)
    monkeypatch.setattr(operator, step, fails)
    alarm.rings()
    [(name, text)] = alarm.left().items()
    assert name == f"falla_{RUN}.txt"
    assert [said in text for said in (REASON, NAME, "ZeroDivisionError: a fault of ours")] == [True] * 3


@pytest.mark.parametrize("step", ["load_calendar", "run_name", "run_page", "Settings"])
def test_what_the_message_can_do_without_does_not_keep_it_back(
    step: str, alarm: Alarm, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(operator=GUARD)
    monkeypatch.setattr(operator, step, fails)
    alarm.rings()
    assert list(alarm.left()) == [f"falla_{RUN}.eml"]
    assert alarm.logged()[-1][0] == "info"


def test_an_outbox_that_cannot_be_written_is_stood_in_for_by_the_default_one(alarm: Alarm, put: Put) -> None:
    (alarm.folder / "file").touch()
    put(operator=GUARD, outbox=str(alarm.folder / "file" / "outbox"))
    alarm.rings()
    assert list(alarm.left()) == [f"falla_{RUN}.eml"]


def test_where_no_file_can_be_left_the_log_says_it_all(alarm: Alarm, put: Put) -> None:
    (alarm.folder / "outbox").touch()
    put(operator=GUARD)
    alarm.rings()
    [(level, said)] = alarm.logged()
    assert level == "critical"
    assert "cannot be written" in said
    assert REASON in said


def test_a_reason_that_is_no_text_is_told_all_the_same(alarm: Alarm, put: Put) -> None:
    """A file's name that is no UTF-8, say."""
    put(operator=GUARD)
    alarm.rings("2024 T3: cannot read a\udce1o.xlsx")
    [text] = alarm.left().values()
    assert "cannot read a" in text


def test_no_setting_shows_what_it_was_given() -> None:
    """It would be told to Prefect and to the operator."""
    with pytest.raises(ValueError, match="an address holds no password") as refused:
        Settings(archive="sftp://poa:s3cret@files.example.gob.mx/archive")
    assert "s3cret" not in str(refused.value)
