"""The demo's inboxes: what the sample units sent in the second and third quarter of 2024."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.form import load_form
from workbooks.sample import sample_inbox

YEAR = 2024
QUARTERS = (2, 3)


@dataclass(frozen=True)
class SampleQuarter:
    """One quarter's inbox as written."""

    quarter: int
    folder: Path


def write_inboxes(out: Path) -> list[SampleQuarter]:
    """Write both inboxes under ``out``; the shipped form and catalogues, whatever the office's own are."""
    form, catalog, calendar = load_form(YEAR), load_catalog(), load_calendar()
    quarters = []
    for quarter in QUARTERS:
        folder = out / "inbox" / f"{YEAR}T{quarter}"
        sample_inbox(folder, form, catalog, calendar, quarter=quarter)
        quarters.append(SampleQuarter(quarter, folder))
    return quarters
