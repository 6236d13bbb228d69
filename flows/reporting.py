"""The units' quality reports out of a published snapshot."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from config.calendar import load_calendar
from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from reports.package import Written, write_reports
from schemas import columns as c
from schemas.rulebook import CARDS
from warehouse.connect import open_warehouse
from warehouse.queries import judged, spoken_for, versions


def write_unit_reports(year: int, quarter: int, out: Path, settings: Settings) -> Written:
    """Every workbook's reports, written where their content changed; raises UsageError without a snapshot."""
    form = load_form(year, settings.config_dir)
    zone = load_calendar(settings.config_dir).zone
    written: list[Path] = []
    unchanged: list[Path] = []
    with open_warehouse(settings.warehouse) as warehouse:
        if versions(warehouse).filter(year=year, quarter=quarter).is_empty():
            raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
        senders: Counter[str] = Counter()
        for submission in spoken_for(warehouse, year, quarter).iter_rows(named=True):
            sender = submission[c.SENDER]
            senders[sender] += 1
            received = submission["received_at"].astimezone(zone)
            files = write_reports(
                judged(warehouse, submission["judgement_id"]),
                out,
                year=year,
                quarter=quarter,
                received=received.strftime("%d/%m/%Y"),
                remedies=CARDS,
                form=form,
                stem=_own_stem(sender, year, quarter, submission[c.SHA256]) if senders[sender] > 1 else None,
            )
            written += files.written
            unchanged += files.unchanged
    return Written(tuple(written), tuple(unchanged))


def _own_stem(sender: str | None, year: int, quarter: int, sha256: str) -> str | None:
    """A name of its own for a further workbook of the same UR, so that no report takes another's place."""
    return f"UR{sender}_{year}T{quarter}_{sha256[:8]}" if sender else None
