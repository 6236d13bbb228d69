"""The judged example as reports, and one browser for the whole session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import judged_example as example
import pytest
from playwright.sync_api import Browser, sync_playwright

from config.form import Form, load_form
from reports.unit.report import UnitReport, unit_report
from schemas.contracts.frames import Judged

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form(2024)


@pytest.fixture(scope="session")
def report_of(form: Form) -> Callable[..., UnitReport]:
    def build(judged: Judged, **more: Any) -> UnitReport:
        return unit_report(
            judged,
            **{
                "year": 2024,
                "quarter": 3,
                "received": "2024-10-14",
                "remedies": example.REMEDIES,
                "form": form,
                **more,
            },
        )

    return build


@pytest.fixture
def report(report_of: Callable[..., UnitReport]) -> UnitReport:
    return report_of(example.observed())


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not for the session: while it is open an event loop runs, which Prefect's clients take for their caller's."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed: pages cannot be opened")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()
