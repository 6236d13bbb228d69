"""`python -m benchmarks`: measure, print, and with ``--write`` keep the figures in docs/rendimiento.md."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from benchmarks import document
from benchmarks.contestants import OTHERS, contestants
from benchmarks.growth import grown, growth, growth_targets
from benchmarks.inputs import Inputs, inputs
from benchmarks.machine import machine
from benchmarks.rounds import rounds
from benchmarks.rule_book import rule_book
from benchmarks.stages import stages
from benchmarks.start_up import imported, start_targets, start_up, started
from benchmarks.tables import Table, by_stage, contest, contest_targets, fixed, part_targets, reporting, rules, targets
from benchmarks.totals import DisagreementError
from benchmarks.unit_reports import BARE, unit_reports
from benchmarks.views import public_views, view_times

# Of so many workbooks units' reports are made: as many as a large state has units.
REPORTS = 200
console = Console(width=None if sys.stdout.isatty() else 110)


def main() -> int:
    """1 where contestants disagree."""
    asked = _arguments()
    with console.status("writing the workbooks"):
        given = inputs(asked.workbooks)
    try:
        tables, summary = _measured(given, asked)
    except DisagreementError as error:
        console.print(f"[bold red]contestants disagree:[/] {error}")
        return 1
    console.print(summary)
    for table in tables:
        console.print(table.rich())
    if asked.write:
        document.write(summary, tables)
    return 0


def _measured(given: Inputs, asked: argparse.Namespace) -> tuple[list[Table], str]:
    few, runs, n = min(asked.few, asked.workbooks), asked.runs, asked.workbooks
    with console.status("starting workers") as status:
        with contestants(given, few, inputs(1)) as field:
            times, agreed = rounds(field, runs, status.update)
        status.update("our stages")
        of_stages = stages(given, runs)
        status.update("the rule book")
        book = rule_book(given, runs)
        status.update("the units' reports")
        reports = unit_reports(inputs(min(n, REPORTS)), runs, min(few, REPORTS))
        status.update("start-up")
        starting = start_up(given, runs)
        status.update("the public views")
        asked_of_views = public_views(runs)
        size = growth(on_run=status.update) if asked.growth else {}
    notes = dict.fromkeys(OTHERS, f" ({few} of {n} workbooks)") if few < n else {}
    notes[BARE] = f" ({min(few, REPORTS)} of {min(n, REPORTS)} workbooks)"
    summary = (
        f"{n} workbooks, {runs} rounds, on {machine()}.\n"
        f"All databases agree on the activities of {few} workbooks: {agreed.rows:,} rows, "
        f"annual target {agreed.annual_target:,.0f}, planned {agreed.planned:,.0f}, achieved {agreed.achieved:,.0f}, "
        f"assigned {agreed.assigned_amount:,.0f}."
    )
    wanted = [*contest_targets(times, n), *part_targets(of_stages, book, reports), *start_targets(starting)]
    wanted += growth_targets(size) if size else []
    of_size = [grown(size)] if size else []
    tables = [targets(wanted), contest(times, notes), fixed(times), *of_size, by_stage(of_stages), rules(book)]
    return [
        *tables,
        reporting(reports, notes),
        view_times(asked_of_views),
        started(starting),
        imported(starting),
    ], summary


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--workbooks", type=int, default=200, help="how many workbooks (default %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="rounds, each contestant once (default %(default)s)")
    few = "workbooks given to the scripts of others, scaled per workbook (default %(default)s)"
    parser.add_argument("--few", type=int, default=40, help=few)
    parser.add_argument("--growth", action="store_true", help="runs of 100, 1,000 and 10,000 workbooks too")
    parser.add_argument("--write", action="store_true", help="write docs/rendimiento.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
