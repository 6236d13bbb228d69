"""The units' quality reports out of a published snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from config.calendar import load_calendar
from config.errors import UsageError
from config.form import load_form
from config.policy import Policy, load_policy
from config.settings import Settings
from flows.execution.rendering import Rendered, Rendering, rendered
from flows.outputs.originals import original
from flows.provenance import digest, report_program
from reports.manifest import manifest
from reports.unit.package import Written, write_reports
from reports.unit.since import Previous
from schemas.contracts import columns as c
from schemas.contracts.frames import UNITS, Judged, conform
from schemas.contracts.history_inputs import alone
from schemas.rules.rulebook import CARDS
from schemas.verdict.revision import known_since, revised
from warehouse.connect import open_warehouse
from warehouse.queries.published import AsPublished, as_published, fingerprints_of_reports, reported_workbooks, versions

# How many workbooks are done more, and of how many.
Progress = Callable[[tuple[int, int]], None]


def write_unit_reports(
    year: int, quarter: int, out: Path, settings: Settings, on_progress: Progress = lambda _: None
) -> Written:
    """Every workbook's reports, rendered where what they are made from changed or a file is not as it was written.

    Files of workbooks that are reported on no more are taken away once all others are made. ``on_progress`` is told of
    each workbook, rendered or not, out of how many. Raises UsageError without a snapshot.
    """
    wanted = _wanted(year, quarter, settings)
    known = manifest(out, year, quarter)
    standing = {one: known.stands(_name(one), one.key) for one in wanted}
    unchanged = [path for paths in standing.values() for path in paths or ()]
    missing = [one for one, paths in standing.items() if paths is None]
    on_progress((len(wanted) - len(missing), len(wanted)))
    written: list[Path] = []
    failed: list[str] = []
    for came in rendered(partial(render, year, quarter, out, settings), missing, settings):
        written += came.written
        unchanged += came.unchanged
        if came.failure is None:
            known.made(_name(came.of), came.of.key, (*came.written, *came.unchanged))
        else:
            failed.append(f"judgement {came.of.judgement_id} (UR {came.of.sender}): {came.failure}")
        on_progress((1, len(wanted)))
    removed = () if failed else known.forget([_name(one) for one in wanted])
    if missing or removed:
        known.write()
    absent = sum(original(settings, one.sha256) is None for one in wanted)
    return Written(tuple(written), tuple(unchanged), tuple(failed), removed, absent)


def render(year: int, quarter: int, out: Path, settings: Settings, one: Rendering) -> Rendered:
    """One workbook's reports."""
    calendar = load_calendar(settings.config_dir)
    with open_warehouse(settings.warehouse) as warehouse:
        published = as_published(warehouse, one.judgement_id)
    files = write_reports(
        judged_in_version(published, load_policy(settings.config_dir), calendar.of(year, quarter).closes),
        out,
        year=year,
        quarter=quarter,
        received=one.received,
        remedies=CARDS,
        form=load_form(year, settings.config_dir),
        source=original(settings, one.sha256),
        previous=previous(published, calendar.zone),
        light=published.light,
        stem=one.stem,
    )
    return Rendered(one, files.written, files.unchanged)


def _wanted(year: int, quarter: int, settings: Settings) -> list[Rendering]:
    """The workbooks that the quarter's current version reports on, each with a hash of all that decides them."""
    zone = load_calendar(settings.config_dir).zone
    with open_warehouse(settings.warehouse) as warehouse:
        if versions(warehouse).filter(year=year, quarter=quarter).is_empty():
            raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
        sent = reported_workbooks(warehouse, year, quarter)
        keys = fingerprints_of_reports(warehouse, year, quarter, sent["judgement_id"].to_list())
    made_by = report_program(year, settings)
    senders: Counter[str] = Counter()
    wanted: list[Rendering] = []
    for row in sent.iter_rows(named=True):
        sender, sha256, key = row[c.SENDER], row[c.SHA256], keys[row["judgement_id"]]
        senders[sender] += 1
        stem = _own_stem(sender, year, quarter, sha256) if senders[sender] > 1 else None
        received = row["received_at"].astimezone(zone).date().isoformat()
        at_hand = original(settings, sha256) is not None
        whole = digest({}, "|".join((made_by, key, str(at_hand))))
        wanted.append(Rendering(row["judgement_id"], sender, sha256, received, stem, whole))
    return wanted


def _name(one: Rendering) -> str:
    return one.stem or f"{one.sender or ''} {one.sha256}"


def judged_in_version(published: AsPublished, policy: Policy, closes: date) -> Judged:
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


def previous(published: AsPublished, zone: ZoneInfo) -> Previous | None:
    """The unit's workbook before, with the day of receipt on the office's clocks; None for one that was not read."""
    if published.before is None or published.judged.units.is_empty():
        return None
    before, findings = published.before
    return Previous(findings, before.quarter, before.received_at.astimezone(zone).date().isoformat())


def _own_stem(sender: str | None, year: int, quarter: int, sha256: str) -> str | None:
    """A name of its own for a further workbook of the same UR, so that no report takes another's place."""
    return f"UR{sender}_{year}T{quarter}_{sha256[:8]}" if sender else None
