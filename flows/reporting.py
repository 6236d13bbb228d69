"""The units' quality reports out of a published snapshot."""

from __future__ import annotations

from pathlib import Path

from config.calendar import load_calendar
from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from reports.package import Written, write_reports
from schemas.rulebook import CARDS
from warehouse.connect import open_warehouse
from warehouse.queries import judged, spoken_for


def write_unit_reports(year: int, quarter: int, out: Path, settings: Settings) -> Written:
    """Every workbook's reports, written where their content changed; raises UsageError without a snapshot."""
    form = load_form(year, settings.config_dir)
    zone = load_calendar(settings.config_dir).zone
    written: list[Path] = []
    unchanged: list[Path] = []
    with open_warehouse(settings.warehouse) as warehouse:
        submissions = spoken_for(warehouse, year, quarter)
        if submissions.is_empty():
            raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
        for submission in submissions.iter_rows(named=True):
            received = submission["received_at"].astimezone(zone)
            files = write_reports(
                judged(warehouse, submission["judgement_id"]),
                out,
                year=year,
                quarter=quarter,
                received=received.strftime("%d/%m/%Y"),
                remedies=CARDS,
                form=form,
            )
            written += files.written
            unchanged += files.unchanged
    return Written(tuple(written), tuple(unchanged))
