"""Which units are to be told what of their workbooks: reports, and acknowledgements of what changes nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import polars as pl

from config.address import Mailbox
from config.mail import MailSettings
from flows.mail.dispatch import DueMail, DueMessage, Undeliverable, content_of, doubtful, recipient, sent_messages
from flows.outputs.reported import LetterContext, Row, reported
from reports.mail.message import Mail
from reports.mail.report_letter import Receipt, receipt_letter, report_letter
from reports.unit.report import UnitReport
from schemas.contracts import columns as c
from schemas.contracts.frames import REJECTED
from warehouse.connect import Warehouse
from warehouse.mail.message_log import Message, acknowledged, messages, received_submissions
from warehouse.queries.published import SET_ASIDE, reported_workbooks
from warehouse.submissions.current import RECEIVED_LOCAL, SUBMISSION_ID
from warehouse.submissions.registry import JUDGEMENT_ID

REPORT, RECEIPT = "report", "receipt"


@dataclass(frozen=True)
class SentMail:
    """What units were told: messages sent (`mailbox.MESSAGES`), receipts acknowledged, contents in doubt."""

    sent: pl.DataFrame
    acknowledged: set[int]
    doubtful: set[str]

    def last_of(self, submission_id: int) -> Row | None:
        """The last message about a submission."""
        return _last(self.sent.filter(pl.col(SUBMISSION_ID) == submission_id))

    def last_to(self, unit: str) -> Row | None:
        """The last message that told a UR of findings."""
        return _last(self.sent.filter(pl.col(c.UNIT_CODE) == unit, pl.col("told").is_not_null()))


def due_mail(warehouse: Warehouse, of: LetterContext, settings: MailSettings, *, from_outbox: bool = False) -> DueMail:
    """What is due of a quarter's workbooks.

    A workbook that was not acknowledged is: with its report, unless the unit was told the same findings last. One that
    was is due again once it says something else. Other receipts go along with the UR's message, or in one of their own.
    ``from_outbox``: where a server is set, what lies in the outbox counts as not sent.
    """
    ledger = messages(warehouse, of.year, of.quarter)
    outbox = not (from_outbox and settings.smtp_host)
    sent = sent_messages(ledger, outbox=outbox)
    told = SentMail(sent, acknowledged(warehouse, of.year, of.quarter, outbox=outbox), doubtful(ledger))
    came = received_submissions(warehouse, of.year, of.quarter)
    sent_by = reported_workbooks(warehouse, of.year, of.quarter)
    speaking = sent_by.filter(~pl.col(SET_ASIDE))[JUDGEMENT_ID].to_list()
    wanted = _to_report(came, sent_by[JUDGEMENT_ID].to_list())
    others = _others(came, wanted, told.acknowledged)
    due: list[DueMessage] = []
    held: list[Undeliverable] = []
    for row in wanted.iter_rows(named=True):
        to = recipient(of.catalog, row[c.SENDER])
        if isinstance(to, str):
            held.append(Undeliverable(row[c.SENDER], row[c.FILE], to))
            continue
        found = _of_workbook(warehouse, of, row, told, to, others, speaking)
        due += [found] if found else []
    for unit in list(others):
        rows, to = others.pop(unit), recipient(of.catalog, unit)
        if isinstance(to, str):
            held += [Undeliverable(unit, row[c.FILE], to) for row in rows]
        else:
            due.append(_acknowledgement(of, unit, to, rows, None, None, told, speaking))
    return DueMail(
        tuple(due), tuple(held), sent.filter(pl.col("kind").is_in((REPORT, RECEIPT)))[c.UNIT_CODE].n_unique()
    )


def _of_workbook(
    warehouse: Warehouse,
    of: LetterContext,
    row: Row,
    told: SentMail,
    to: Mailbox,
    others: dict[str | None, list[Row]],
    speaking: list[int],
) -> DueMessage | None:
    """The message that is due of a workbook, with the UR's other receipts; None where it was told all."""
    workbook = reported(warehouse, of, row)
    findings, last = findings_digest(workbook.report), told.last_of(row[SUBMISSION_ID])
    known = row[SUBMISSION_ID] in told.acknowledged
    if last is not None and last["told"] == findings:
        return None
    unit = row[c.SENDER]
    said = told.last_to(unit)
    rows = [row, *others.pop(unit, [])]
    same = said is not None and said["told"] == findings and row[c.VERDICT] != REJECTED
    if same and not known:
        return _acknowledgement(of, unit, to, rows, row, findings, told, speaking)
    fresh = [one for one in rows if one[SUBMISSION_ID] not in told.acknowledged]
    content = content_of(REPORT, unit, of.year, of.quarter, findings, last and last["content"], *_named(fresh or rows))
    name = f"UR{unit}_{of.year}T{of.quarter}_informe_{content[:8]}"
    letter_of = _receipts(fresh or [row], speaking)

    def compose() -> Mail:
        files = workbook.files()
        letter = report_letter(
            workbook.report, letter_of, _titled(unit, to), of.deadline, [file.name for file in files], again=known
        )
        return Mail(content, _thread(of, unit), name, to, letter, files)

    return DueMessage(_entry(REPORT, of, unit, content, findings, row, fresh, to), compose, content in told.doubtful)


def _acknowledgement(
    of: LetterContext,
    unit: str | None,
    to: Mailbox,
    rows: list[Row],
    current: Row | None,
    findings: str | None,
    told: SentMail,
    speaking: list[int],
) -> DueMessage:
    code = unit or ""
    content = content_of(RECEIPT, code, of.year, of.quarter, findings, *_named(rows))
    letter = receipt_letter(of.year, of.quarter, code, _titled(code, to), _receipts(rows, speaking))
    mail = Mail(content, _thread(of, code), f"UR{code}_{of.year}T{of.quarter}_acuse_{content[:8]}", to, letter)
    entry = _entry(RECEIPT, of, code, content, findings, current, rows, to)
    return DueMessage(entry, lambda: mail, content in told.doubtful)


def findings_digest(report: UnitReport) -> str:
    """A SHA-256 over what a report tells a unit to look at: rule, severity, cell, value and expected of each finding,
    never their wording; not over the workbook's own hash.
    """
    found = [
        [f.rule, f.severity, f.unit_code, f.activity_no, f.sheet, f.cell, f.field, f.value, f.expected]
        for f in (*report.findings, *report.waived)
    ]
    said = [report.state.verdict, [[unit.unit_code, unit.verdict] for unit in report.units], len(report.waived), found]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _to_report(came: pl.DataFrame, of_version: list[int]) -> pl.DataFrame:
    """The workbooks that get a report: those of the version, and a rejected one that is the last of its sender."""
    latest = came.filter("latest")
    last = latest.filter(pl.col(c.SENDER).is_not_null()).unique(c.SENDER, keep="last", maintain_order=True)
    refused = last.filter(pl.col(c.VERDICT) == REJECTED)[JUDGEMENT_ID].to_list()
    wanted = {*of_version, *refused}
    return came.filter(pl.col(JUDGEMENT_ID).is_in(list(wanted))).sort(c.SENDER, RECEIVED_LOCAL, nulls_last=True)


def _others(came: pl.DataFrame, told_of: pl.DataFrame, known: set[int]) -> dict[str | None, list[Row]]:
    """Receipts of which no message told, by sender, the workbooks that get a report apart."""
    apart = {*told_of[SUBMISSION_ID], *known}
    found: dict[str | None, list[Row]] = {}
    for row in came.filter("latest").iter_rows(named=True):
        if row[SUBMISSION_ID] not in apart:
            found.setdefault(row[c.SENDER], []).append(row)
    return found


def _entry(
    kind: str,
    of: LetterContext,
    unit: str,
    content: str,
    told: str | None,
    about: Row | None,
    rows: list[Row],
    to: Mailbox,
) -> Message:
    receipts = tuple(row[SUBMISSION_ID] for row in rows)
    about_id = about[SUBMISSION_ID] if about else None
    return Message(kind, unit, of.year, of.quarter, content, told, about_id, receipts, to.address)


def _receipts(rows: list[Row], speaking: list[int]) -> list[Receipt]:
    return [
        Receipt(
            file=row[c.FILE],
            sha256=row[c.SHA256],
            bytes=row[c.BYTES],
            at=row[RECEIVED_LOCAL],
            on_time=row[c.ON_TIME],
            verdict=row[c.VERDICT],
            standing=row[JUDGEMENT_ID] in speaking,
        )
        for row in rows
    ]


def _named(rows: list[Row]) -> list[str]:
    return [f"{row[c.SHA256]} {row[c.VERDICT]}" for row in rows]


def _titled(unit: str, to: Mailbox) -> str:
    return f"UR {unit} {to.name}"


def _thread(of: LetterContext, unit: str) -> str:
    return f"poa.{of.year}T{of.quarter}.UR{unit}"


def _last(rows: pl.DataFrame) -> Row | None:
    return rows.row(-1, named=True) if rows.height else None
