"""The unit's quality report as one HTML page that stands by itself: no script, no network, no clock."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports import wording
from reports.unit.compliance import LONGEST
from reports.unit.report import UnitReport

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LONGEST_TEXT = 240
MOST_CORRECTED = 30  # findings that are gone, listed one by one


def render_unit_report(report: UnitReport) -> str:
    """The page; the same report gives the same bytes."""
    return environment().get_template("unit_report.html").render(r=report)


@cache
def environment() -> Environment:
    """The templates of pages: all that they show is escaped, nothing is undefined."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    made.globals.update(w=wording, LONGEST=LONGEST, MOST=MOST_CORRECTED)
    made.filters.update(
        text=_text,
        figure=wording.figure,
        percent=wording.percent,
        index=wording.index,
        points=wording.points,
    )
    return made


def _text(value: str | None, limit: int = LONGEST_TEXT) -> str:
    """What a unit wrote, as a page can hold it: nothing hidden, nothing endless."""
    unbroken = (value or "").replace(" %", f"{wording.NBSP}%")
    return wording.clipped(wording.visible(unbroken), limit)
