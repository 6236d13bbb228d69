"""`python -m benchmarks.page`: what a reader of the secretariat's page waits for, with 200 URs of 15 activities.

Each time is taken in the page, from the event until the browser has painted what it changed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.filled import ACTIVITIES, UNITS, fill
from benchmarks.machine import machine
from benchmarks.rounds import Spread, spread
from benchmarks.tables import Table
from flows.outputs.secretariat import report_of
from reports.secretariat.page import render_secretariat
from warehouse.connect import open_warehouse

CHROMIUM: Final = "/usr/bin/chromium"
LIMIT: Final = 100.0  # milliseconds
YEAR, QUARTER = 2024, 3
_CHOOSE: Final = "const f = document.getElementById('{}'); {}; f.dispatchEvent(new Event('input', {{bubbles: true}}))"
_CLICK: Final = "document.querySelector('{}').click()"
# What a reader does; `i` counts the times.
INTERACTIONS: Final = {
    "search": _CHOOSE.format("filtro-texto", "f.value = ['', 'u', 'unidad 1', 'actividad 7', '250'][i % 5]"),
    "filter by light": _CHOOSE.format("filtro-luz", "f.selectedIndex = i % 6"),
    "filter by UR": _CHOOSE.format("filtro-ur", "f.selectedIndex = i % 7"),
    "remove filters": _CLICK.format("#filtros button"),
    "sort the units": _CLICK.format("#unidades th:nth-child(4) .sort"),
    "sort the activities": _CLICK.format("#resultados th:nth-child(9) .sort"),
    "unfold a unit": _CLICK.format("#unidades button.open"),
}
TIMED: Final = """async (i) => {{
  const begun = performance.now();
  {}
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return performance.now() - begun;
}}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """1 where an interaction takes longer than a reader notices."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="times of each interaction (default %(default)s)")
    runs = parser.parse_args(arguments).runs
    console = Console(width=None if sys.stdout.isatty() else 110)
    with tempfile.TemporaryDirectory(prefix="poa-page-") as folder:
        page = Path(folder) / "informe.html"
        with console.status("making the page"):
            _write(page, f"sqlite:///{folder}/poa.db")
        console.print(f"{UNITS} URs × {ACTIVITIES} activities, {page.stat().st_size / 1e6:.1f} MB, on {machine()}.")
        found = _timed(page, runs)
    rows = [
        (name, *(f"{each:.0f}" for each in (times.median, times.least, times.most)), _met(times))
        for name, times in found.items()
    ]
    console.print(Table("Milliseconds in the page", ("", "median", "min", "max", f"≤ {LIMIT:g}"), rows).rich())
    return int(any(times.median > LIMIT for times in found.values()))


def _write(page: Path, url: str) -> None:
    with open_warehouse(url) as warehouse:
        fill(warehouse, (YEAR,))
        page.write_text(render_secretariat(report_of(warehouse, YEAR, QUARTER)), encoding="utf-8")


def _timed(path: Path, runs: int) -> dict[str, Spread]:
    """Milliseconds of each interaction; the first time does not count, nor the charts that follow a little later."""
    from playwright.sync_api import sync_playwright

    found: dict[str, Spread] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready]")
        for name, act in INTERACTIONS.items():
            times = []
            for i in range(runs + 1):
                times.append(page.evaluate(TIMED.format(act), i))
                page.wait_for_timeout(250)  # as a reader would
            found[name] = spread(times[1:])
        browser.close()
    return found


def _met(times: Spread) -> str:
    return "target met" if times.median <= LIMIT else "target not met"


if __name__ == "__main__":
    sys.exit(main())
