"""A unit's reports as files: the page and the workbook of observations, written only where they changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from config.atomic import write_if_changed
from config.form import Form
from config.policy import TrafficLight
from reports import wording
from reports.unit.html import render_unit_report
from reports.unit.observations import observations_sheet
from reports.unit.report import UnitReport, unit_report
from reports.unit.rules import RuleText
from reports.unit.since import Previous
from schemas.contracts.frames import Judged
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.annotated.returned import ENDINGS, returned

LONGEST_SLUG = 60


@dataclass(frozen=True)
class Written:
    """Files of one workbook's reports: those just written and those whose content was the same already.

    ``failed`` tells of each workbook that could not be reported on, and why; ``removed`` are files of workbooks
    that are reported on no more; ``absent`` says how many workbooks are not in the archive, to be annotated.
    """

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    failed: tuple[str, ...] = ()
    removed: tuple[Path, ...] = ()
    absent: int = 0

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them, page first."""
        return tuple(sorted((*self.written, *self.unchanged), key=lambda path: path.suffix))


def write_reports(
    judged: Judged,
    out: Path,
    *,
    year: int,
    quarter: int,
    received: str | None,
    remedies: Mapping[str, RuleText],
    form: Form,
    previous: Previous | None = None,
    light: TrafficLight | None = None,
    stem: str | None = None,
    source: ReceivedWorkbook | None = None,
) -> Written:
    """Write ``<stem>.html`` and one workbook of one unit's workbook into ``out``, made if missing.

    The workbook is the unit's own, annotated (``<stem>_anotado.xlsx``, or .xlsm), else ``<stem>_observaciones.xlsx``;
    of an earlier report with the same stem the other one is taken away, so that only what holds now lies there.
    ``source`` is the workbook as received, None where it is not at hand. ``stem`` stands in for ``report_stem``, for a
    caller that tells two workbooks of one unit apart. Each file is replaced in one step.
    Raises OSError where ``out`` cannot be written, and NotOneWorkbookError.
    """
    report = unit_report(
        judged,
        year=year,
        quarter=quarter,
        received=received,
        remedies=remedies,
        form=form,
        previous=previous,
        light=light,
    )
    out.mkdir(parents=True, exist_ok=True)
    name = stem or report_stem(report)
    book = returned(observations_sheet(report), source)
    page = render_unit_report(report).encode()
    files = {out / f"{name}.html": page, out / f"{name}{book.ending}": book.content}
    changed = {path: write_if_changed(path, content) for path, content in files.items()}
    for ending in ENDINGS:
        if ending != book.ending:
            (out / f"{name}{ending}").unlink(missing_ok=True)
    return Written(
        written=tuple(path for path, is_new in changed.items() if is_new),
        unchanged=tuple(path for path, is_new in changed.items() if not is_new),
    )


def report_stem(report: UnitReport) -> str:
    """``UR06_2024T3``; of an unknown sender, its file's name made safe and the start of its fingerprint."""
    period = f"{report.year}T{report.quarter}"
    if report.sender and re.fullmatch(r"[0-9]{2,6}", report.sender):
        return f"UR{report.sender}_{period}"
    parts = [wording.slug(PurePosixPath(report.file).stem)[:LONGEST_SLUG], wording.slug(report.sha256 or "")[:8]]
    return "_".join(("archivo", *filter(None, parts), period))
