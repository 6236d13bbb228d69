"""A workbook's report as mail hands it out: what it says, and its files made for the message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.calendar import load_calendar
from config.catalog import Catalog, load_catalog
from config.errors import UsageError
from config.form import Form, load_form
from config.policy import Policy, load_policy
from config.settings import Settings
from flows.outputs.originals import original
from flows.outputs.reporting import judged_in_version, previous
from reports.mail.message import Attachment
from reports.mail.report_letter import Deadline
from reports.unit.package import write_reports
from reports.unit.report import UnitReport, unit_report
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from schemas.rules.rulebook import CARDS
from warehouse.connect import Warehouse
from warehouse.queries.published import as_published, versions
from warehouse.schema.decision_tables import DEFINITIVE
from warehouse.submissions.current import RECEIVED_LOCAL
from warehouse.submissions.registry import JUDGEMENT_ID
from workbooks.annotated.received import ReceivedWorkbook

Row = dict[str, Any]
# What stands in the name of the workbook that is returned with its cells marked.
ANNOTATED: Final = "_anotado"


@dataclass(frozen=True)
class LetterContext:
    """What letters of a quarter are written by."""

    year: int
    quarter: int
    form: Form
    policy: Policy
    catalog: Catalog
    deadline: Deadline
    zone: ZoneInfo
    settings: Settings


@dataclass(frozen=True)
class WorkbookReport:
    """A workbook as judged, its report, how both were asked for, and the workbook as received, if at hand."""

    judged: Judged
    report: UnitReport
    asked: dict[str, Any]
    source: ReceivedWorkbook | None

    def files(self) -> tuple[Attachment, ...]:
        """The page and the workbook that go with the report."""
        with TemporaryDirectory(prefix="poa-mail-") as folder:
            written = write_reports(self.judged, Path(folder), source=self.source, **self.asked)
            return attachments(written.paths)


def letter_context(
    year: int, quarter: int, settings: Settings, warehouse: Warehouse, moment: datetime
) -> LetterContext:
    """The quarter as of ``moment``; raises UsageError where nothing was published, ConfigError."""
    published = versions(warehouse).filter(year=year, quarter=quarter, current=True)
    if published.is_empty():
        raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
    calendar, folder = load_calendar(settings.config_dir), settings.config_dir
    deadline = Deadline(
        calendar.of(year, quarter).closes,
        moment.astimezone(calendar.zone).date(),
        published["state"].item() == DEFINITIVE,
    )
    form, policy, catalog = load_form(year, folder), load_policy(folder), load_catalog(folder)
    return LetterContext(year, quarter, form, policy, catalog, deadline, calendar.zone, settings)


def reported(warehouse: Warehouse, of: LetterContext, row: Row) -> WorkbookReport:
    """The report of the workbook of a row of `mailbox.received`, as the quarter's last version has it."""
    published = as_published(warehouse, row[JUDGEMENT_ID])
    judged = judged_in_version(published, of.policy, of.deadline.closes)
    asked = {
        "year": of.year,
        "quarter": of.quarter,
        "received": row[RECEIVED_LOCAL].date().isoformat(),
        "remedies": CARDS,
        "form": of.form,
        "previous": previous(published, of.zone),
        "light": published.light,
    }
    return WorkbookReport(judged, unit_report(judged, **asked), asked, original(of.settings, row[c.SHA256]))


def attachments(paths: Iterable[Path]) -> tuple[Attachment, ...]:
    """The page, then the annotated workbook, or where there is none the workbook of observations."""
    page = [path for path in paths if path.suffix == ".html"]
    books = sorted((path for path in paths if path.suffix != ".html"), key=lambda path: ANNOTATED not in path.stem)
    return tuple(Attachment(path.name, path.read_bytes()) for path in (*page, *books[:1]))
