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
from benchmarks.stages import stages
from benchmarks.tables import Table, by_stage, contest, targets
from benchmarks.totals import DisagreementError

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rendimiento.md"
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
    n = len(given.files)
    notes = {SCRIPT: f" ({subset} of {n} workbooks)"} if subset < n else {}
    summary = (
        f"{n} workbooks, {runs} rounds, on {machine()}.\n"
        f"All databases agree on the activities of {subset} workbooks: {agreed.rows:,} rows, "
        f"annual target {agreed.annual_target:,.0f}, planned {agreed.planned:,.0f}, achieved {agreed.achieved:,.0f}, "
        f"assigned {agreed.assigned_amount:,.0f}."
    )
    return [contest(times, notes), targets(times), by_stage(of_stages)], summary


def _document(tables: list[Table], summary: str) -> str:
    parts = ["# Performance\n", "Written by `python -m benchmarks --write`.\n", f"{summary}\n"]
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
