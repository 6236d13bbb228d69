"""Workbooks under names that are no text, or that command a terminal: from the inbox to the units' mail."""

from __future__ import annotations

import email
import os
import shutil
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest

from config.mail import MailSettings
from config.settings import Settings
from flows.mail.dispatch import channel, dispatch
from flows.mail.recipients import due_mail
from flows.outputs.reported import letter_context
from flows.outputs.reporting import write_unit_reports
from flows.outputs.secretariat import write_secretariat
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.decisions import WithdrawRequest, withdraw
from flows.runs.verification import verify
from warehouse.connect import open_warehouse
from warehouse.consolidation import Decision
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.queries.published import view

NOW = datetime(2024, 10, 10, 18, tzinfo=UTC)
# Copies of the founding workbook, the last one as it is shown: two of them differ only in that.
WHOLE = {
    b"A\xd1O 2024/UR06.xlsx": r"A\xd1O 2024/UR06.xlsx",
    b"UR06\n\x1b[31mBcc: todos.xlsx": r"UR06\x0a\x1b[31mBcc: todos.xlsx",
    "UR06\u202excod.xlsx".encode(): r"UR06\u202excod.xlsx",
    rb"UR06_\xf1.xlsx": r"UR06_\x5cxf1.xlsx",
    b"UR06_\xf1.xlsx": r"UR06_\xf1.xlsx",
}
CUT = {b"UR07_\xf1.xlsx": r"UR07_\xf1.xlsx", b"\xf1\x1b[31m.xlsx": r"\xf1\x1b[31m.xlsx"}
NO_WORKBOOK = {b"nota_\xf1.txt": r"nota_\xf1.txt"}
RAW = [sign.encode() for sign in ("\x1b[", "\u202e", "\n\x1b")] + [b"\xf1.xlsx", b"\xed\xb3\xb1"]


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    folder = tmp_path / "inbox"
    for number, name in enumerate([*WHOLE, *CUT, *NO_WORKBOOK]):
        path = folder / os.fsdecode(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(founding, path)
        except OSError:
            pytest.skip("the file system takes UTF-8 names only")
        if name in WHOLE:
            with ZipFile(path, "a") as package:
                package.comment = b"copy %d" % number
        else:
            path.write_bytes(b"%d" % number)
        os.utime(path, (NOW.timestamp(), NOW.timestamp() - 1000 + number))
    return folder


@pytest.fixture
def office(upgraded_url: str, tmp_path: Path) -> Settings:
    return Settings(warehouse=upgraded_url, archive=tmp_path / "archive", executor="inline")


def run(settings: Settings, inbox: Path) -> ConsolidationResult:
    request = Request(2024, 3, inbox)
    return consolidate(request, settings, listed(request, settings))


def mailed(settings: Settings, outbox: Path) -> list[Path]:
    mail = MailSettings(outbox=outbox)
    with open_warehouse(settings.warehouse) as warehouse, channel(mail) as by:
        post = due_mail(warehouse, letter_context(2024, 3, settings, warehouse, NOW), mail)
        assert {one.became for one in dispatch(post.due, warehouse, by, mail, lambda: NOW)} == {"sent"}
    return sorted(outbox.iterdir())


def test_workbooks_of_any_name_are_published_reported_and_mailed(inbox: Path, office: Settings, tmp_path: Path) -> None:
    outcome = run(office, inbox)
    assert (outcome.control.seen, outcome.control.observed, outcome.control.skipped) == (8, 5, 1)
    assert set(outcome.rejected) == set(CUT.values())
    assert {one.file for one in outcome.inbox.skipped} == set(NO_WORKBOOK.values())
    assert run(office, inbox).control.unchanged == 7

    with open_warehouse(office.warehouse) as warehouse:
        deliveries = view(warehouse, "v_entregas", year=2024, quarter=3).select("ur", "libro").rows()
    assert {("06", r"UR06_\xf1.xlsx"), ("07", r"UR07_\xf1.xlsx")} <= set(deliveries)
    told: list[Discrepancy] = []
    assert verify(2024, 3, office, told.append, lambda *_: None).workbooks == 7
    assert told == []

    written = [*write_unit_reports(2024, 3, tmp_path / "out", office).written]
    written += write_secretariat(2024, 3, None, tmp_path / "out", office)
    mails = mailed(office, tmp_path / "outbox")
    for path in (*written, *mails):
        assert path.name.isascii()
        assert not [raw for raw in RAW if any(raw in part for part in parts(path))], path.name
    pages = "".join(path.read_text(encoding="utf-8") for path in written if path.suffix == ".html")
    letters = "".join(map(body, mails))
    for shown in (*WHOLE.values(), r"UR07_\xf1.xlsx"):
        assert shown in letters
    assert r"UR06_\xf1.xlsx" in pages
    assert r"UR07_\xf1.xlsx" in pages


def test_two_names_that_look_alike_are_two_submissions(inbox: Path, office: Settings) -> None:
    run(office, inbox)
    by = Decision("Dirección de Planeación", "Oficio 12/2024")
    last = withdraw(WithdrawRequest(2024, 3, r"UR06_\x5cxf1.xlsx", None), by, office, NOW)
    assert last.file == r"UR06_\x5cxf1.xlsx"
    own = withdraw(WithdrawRequest(2024, 3, os.fsdecode(b"UR06_\xf1.xlsx"), None), by, office, NOW)
    assert own.file == r"UR06_\xf1.xlsx"


def parts(path: Path) -> list[bytes]:
    """What a reader is given: the bytes of a file, the parts of a package, headers and texts of a message."""
    if path.suffix == ".eml":
        message = parsed(path)
        texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        return [text.encode() for text in [*map(str, message.values()), *texts]]
    if not is_zipfile(path):
        return [path.read_bytes()]
    with ZipFile(path) as package:
        return [package.read(name) for name in package.namelist()]


def parsed(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["Bcc"] is None
    return message  # type: ignore[return-value]


def body(path: Path) -> str:
    """The plain text of a message, on one line."""
    plain = parsed(path).get_body(("plain",))
    assert plain is not None
    return " ".join(plain.get_content().split())
