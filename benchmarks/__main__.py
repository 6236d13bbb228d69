"""`python -m benchmarks`: measure, print, and with ``--write`` keep the figures in docs/rendimiento.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.contestants import SCRIPT, contestants
from benchmarks.inputs import Inputs, inputs
from benchmarks.machine import machine
from benchmarks.rounds import rounds
from benchmarks.rule_book import rule_book
from benchmarks.stages import stages
from benchmarks.tables import Table, by_stage, contest, reporting, rules, targets
from benchmarks.totals import DisagreementError
from benchmarks.unit_reports import BARE, unit_reports
from benchmarks.views import public_views, view_times

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rendimiento.md"
EXPLAINED = """\
<!-- written by `python -m benchmarks --write`; not to be edited by hand -->
# Performance

How long it takes to turn an inbox of workbooks into a warehouse, beside two others that get the same workbooks:

- **floor**: one process of python-calamine decodes every cell of every sheet into Python values, and does nothing else.
  Nobody who reads the workbooks can be faster by that decoder.
- **pandas + openpyxl script** (`benchmarks/pandas_script.py`): what a careful analyst would write. It reads the
  workbooks and loads them into SQLite, checks nothing, and knows one layout only. It may get fewer workbooks; its time
  is then taken per workbook.
- **ours**: `poa consolidate` without Prefect: listing and archiving the files, reading, locating, typing, all rules,
  verdict, load into a fresh SQLite warehouse, publication. Inline is one process; workers are started and warm.

The workbooks are written by the form writer, clean, of the founding workbook's size: 2 units, 14 activities, 4 sheets.
Contestants take turns, a round at a time, and ratios are taken within a round, so that whatever else the machine does
befalls them alike; the first round is not counted. After each round the activities in all databases are added up: where
two disagree, there are no figures at all.

*By stage* is ours in one process with a clock at every step of `flows/path.py` and of the load. *Rules alone* judges a
batch that is typed already (the workbooks over again, 5 % of the rows spoilt by turns: sums, holes, words for numbers,
negatives, unknown units, other axes) beside one polars pass that only counts nulls and sums numbers.

*Reports of changed units*: each workbook is judged for the quarter after its own, so that all its activities lack
something; its page is rendered, the workbook itself annotated, checked and written, beside openpyxl that only loads and
saves the same file.

*Public views* are asked for the current version of one quarter, until the last row arrived, in a warehouse of six years
filled by bulk inserts (`benchmarks/filled.py`), two versions a quarter. CPU is processors' work, that of PostgreSQL's
process included.

`make bench` prints these tables for 200 workbooks; `.venv/bin/python -m benchmarks --workbooks 1000 --write` writes
this page. `--runs` sets the rounds, `--script-workbooks` how many workbooks the script gets.
"""
console = Console(width=None if sys.stdout.isatty() else 110)


def main() -> int:
    """1 where contestants disagree."""
    asked = _arguments()
    subset = min(asked.script_workbooks, asked.workbooks)
    with console.status("writing the workbooks"):
        given = inputs(asked.workbooks)
    try:
        tables, summary = _measured(given, asked.runs, subset)
    except DisagreementError as error:
        console.print(f"[bold red]contestants disagree:[/] {error}")
        return 1
    console.print(summary)
    for table in tables:
        console.print(table.rich())
    if asked.write:
        DOCUMENT.write_text(_document(tables, summary), encoding="utf-8")
    return 0


def _measured(given: Inputs, runs: int, subset: int) -> tuple[list[Table], str]:
    with console.status("starting workers") as status, contestants(given, subset) as field:
        times, agreed = rounds(field, runs, status.update)
    with console.status("our stages"):
        of_stages = stages(given, runs)
    with console.status("the rule book"):
        book = rule_book(given, runs)
    with console.status("the units' reports"):
        reports = unit_reports(given, runs, subset)
    with console.status("the public views"):
        asked = public_views(runs)
    n = len(given.files)
    notes = dict.fromkeys((SCRIPT, BARE), f" ({subset} of {n} workbooks)") if subset < n else {}
    summary = (
        f"{n} workbooks, {runs} rounds, on {machine()}.\n"
        f"All databases agree on the activities of {subset} workbooks: {agreed.rows:,} rows, "
        f"annual target {agreed.annual_target:,.0f}, planned {agreed.planned:,.0f}, achieved {agreed.achieved:,.0f}, "
        f"assigned {agreed.assigned_amount:,.0f}."
    )
    tables = [contest(times, notes), by_stage(of_stages), rules(book), reporting(reports, notes), view_times(asked)]
    return [targets(times, of_stages, book, reports), *tables], summary


def _document(tables: list[Table], summary: str) -> str:
    parts = [EXPLAINED, f"{summary}\n"]
    return "\n".join([*parts, *(table.markdown() for table in tables)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--workbooks", type=int, default=200, help="how many workbooks (default %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="rounds, each contestant once (default %(default)s)")
    parser.add_argument(
        "--script-workbooks",
        type=int,
        default=40,
        help="workbooks given to the pandas script, scaled per workbook (default %(default)s)",
    )
    parser.add_argument("--write", action="store_true", help="write docs/rendimiento.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
