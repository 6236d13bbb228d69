"""The units' quality reports out of a published snapshot."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from config.calendar import load_calendar
from config.errors import UsageError
from config.form import load_form
from config.policy import Policy, load_policy
from config.settings import Settings
from flows.context import limits_of
from reports.package import Written, write_reports
from reports.since import Previous
from schemas import columns as c
from schemas.frames import UNITS, Judged, conform
from schemas.history import alone
from schemas.revision import known_since, revised
from schemas.rulebook import CARDS
from warehouse.archive import Archive
from warehouse.connect import open_warehouse
from warehouse.engine import WarehouseError
from warehouse.queries import AsPublished, as_published, spoken_for, versions
from workbooks.received import Received


def write_unit_reports(year: int, quarter: int, out: Path, settings: Settings) -> Written:
    """Every workbook's reports, written where their content changed; raises UsageError without a snapshot."""
    form = load_form(year, settings.config_dir)
    policy = load_policy(settings.config_dir)
    calendar = load_calendar(settings.config_dir)
    closes = calendar.of(year, quarter).closes
    written: list[Path] = []
    unchanged: list[Path] = []
    with open_warehouse(settings.warehouse) as warehouse:
        if versions(warehouse).filter(year=year, quarter=quarter).is_empty():
            raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
        senders: Counter[str] = Counter()
        for submission in spoken_for(warehouse, year, quarter).iter_rows(named=True):
            sender = submission[c.SENDER]
            senders[sender] += 1
            received = submission["received_at"].astimezone(calendar.zone)
            published = as_published(warehouse, submission["judgement_id"])
            files = write_reports(
                as_told(published, policy, closes),
                out,
                year=year,
                quarter=quarter,
                received=received.date().isoformat(),
                remedies=CARDS,
                form=form,
                source=_received(settings, submission[c.SHA256]),
                previous=previous(published, calendar.zone),
                light=published.light,
                stem=_own_stem(sender, year, quarter, submission[c.SHA256]) if senders[sender] > 1 else None,
            )
            written += files.written
            unchanged += files.unchanged
    return Written(tuple(written), tuple(unchanged))


def as_told(published: AsPublished, policy: Policy, closes: date) -> Judged:
    """The workbook as its version has it: history's findings among its own, what is waived flagged, and since when each
    is known; the verdict and quality of its URs are the version's.
    """
    judged, told = published.judged, published.told
    if told.is_empty() and not judged.findings[c.WAIVED].any():
        return replace(judged, findings=known_since(judged.findings, published.known))
    now = revised(judged, told, replace(alone(judged, closes), known=published.known), policy)
    kept = now.files.with_columns(
        pl.when(pl.col(c.ASKED).is_null()).then(judged.files[c.QUALITY]).otherwise(c.QUALITY).alias(c.QUALITY)
    )
    said = published.units.rename({"status": c.VERDICT})
    units = now.units.join(said, on=c.UNIT_CODE, how="left", suffix="_said", maintain_order="left").with_columns(
        pl.coalesce(f"{name}_said", name).alias(name) for name in (c.VERDICT, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED)
    )
    return replace(now, files=kept, units=conform(units, UNITS))


def _received(settings: Settings, sha256: str) -> Received | None:
    """The workbook as received; a report can be made without it, and `poa verify` tells what the archive lacks."""
    try:
        return Received(Archive(settings.archive).path(sha256), limits_of(settings))
    except WarehouseError:
        return None


def previous(published: AsPublished, zone: ZoneInfo) -> Previous | None:
    """The unit's workbook before, with the day of receipt on the office's clocks; None for one that was not read."""
    if published.before is None or published.judged.units.is_empty():
        return None
    before, findings = published.before
    return Previous(findings, before.quarter, before.received_at.astimezone(zone).date().isoformat())


def _own_stem(sender: str | None, year: int, quarter: int, sha256: str) -> str | None:
    """A name of its own for a further workbook of the same UR, so that no report takes another's place."""
    return f"UR{sender}_{year}T{quarter}_{sha256[:8]}" if sender else None
