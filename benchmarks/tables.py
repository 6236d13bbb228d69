"""The figures as tables: for the terminal, and as Markdown for docs/rendimiento.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.table import Table as RichTable

from benchmarks.contestants import FLOOR, ONE, PREFECT, PREFECT_ONE, SCRIPT, TWO_WORKERS
from benchmarks.rounds import Spread, Times, ratios, spread
from benchmarks.rule_book import BARE, JUDGED, RuleBook
from benchmarks.stages import TYPING, WHOLE
from benchmarks.unit_reports import BARE as BARE_SAVE
from benchmarks.unit_reports import REPORTED

# Design targets: times faster; times as long; seconds.
LEAST_OVER_SCRIPT, MOST_OVER_FLOOR, MOST_TYPING, MOST_JUDGING, MOST_REPORTING = 20.0, 4.0, 3.0, 2.0, 0.4
MOST_THROUGH_PREFECT = 1.15
# Of these a figure is a whole run, not a workbook's share.
WHOLE_RUNS = (ONE, PREFECT_ONE)


Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Title, heads and cells; the first column is text, the others are figures."""

    title: str
    heads: Row
    rows: Sequence[Row]

    def rich(self) -> RichTable:
        """For the terminal."""
        table = RichTable(title=self.title, title_justify="left")
        for number, head in enumerate(self.heads):
            table.add_column(head, justify="right" if number else "left", no_wrap=True)
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """For a document."""
        rule = ("---", *("---:" for _ in self.heads[1:]))
        lines = [" | ".join(row) for row in (self.heads, rule, *self.rows)]
        return f"## {self.title}\n\n" + "\n".join(f"| {line} |" for line in lines) + "\n"


def contest(times: Times, notes: dict[str, str]) -> Table:
    """Milliseconds per workbook of each contestant, and each against the floor; ``notes`` go beside names."""
    rows = [
        (name + notes.get(name, ""), *figures(spread(values), ".2f"), times_as(ratios(times, name, FLOOR)))
        for name, values in times.items()
        if name not in WHOLE_RUNS
    ]
    return Table("Milliseconds per workbook", ("", "median", "min", "max", "× floor (min–max)"), rows)


def fixed(times: Times) -> Table:
    """What a run costs that has next to nothing to do."""
    rows = [(name, *figures(spread(times[name]), ".0f")) for name in WHOLE_RUNS]
    return Table("A run over one workbook, milliseconds", ("", "median", "min", "max"), rows)


def contest_targets(times: Times, workbooks: int) -> list[Row]:
    """Of two workers, against others and through Prefect, what that costs at all taken off."""
    beyond = [
        (through * workbooks - prefect) / (direct * workbooks - plain)
        for through, prefect, direct, plain in zip(
            times[PREFECT], times[PREFECT_ONE], times[TWO_WORKERS], times[ONE], strict=True
        )
    ]
    faster, longer = ratios(times, SCRIPT, TWO_WORKERS), ratios(times, TWO_WORKERS, FLOOR)
    return [
        target("2 workers: times faster than the pandas + openpyxl script", faster, least=LEAST_OVER_SCRIPT),
        target("2 workers: times as long as the floor", longer, most=MOST_OVER_FLOOR),
        target("a workbook more through Prefect: × directly", spread(beyond), most=MOST_THROUGH_PREFECT),
    ]


def part_targets(of_stages: Times, book: RuleBook, reports: Times) -> list[Row]:
    """Of one process up to typed rows, of the rules and of reports."""
    typed = ratios({**of_stages, "typing": _sums(of_stages, TYPING)}, "typing", FLOOR)
    judged = spread(milliseconds / 1000 for milliseconds in book.times[JUDGED])
    reported = ratios(reports, REPORTED, BARE_SAVE)
    return [
        target("read, locate, type, 1 process: × floor", typed, most=MOST_TYPING),
        target(f"all rules, {book.rows:,} activities: seconds", judged, most=MOST_JUDGING),
        target("units' reports: × openpyxl load + save", reported, most=MOST_REPORTING),
    ]


def targets(rows: Sequence[Row]) -> Table:
    """What the design asks, and what was measured."""
    return Table("Targets (medians, with least and most of the rounds)", ("", "measured", "target", ""), rows)


def _sums(times: Times, names: Sequence[str]) -> list[float]:
    return [sum(parts) for parts in zip(*(times[name] for name in names), strict=True)]


def target(name: str, found: Spread, *, least: float = 0.0, most: float = math.inf) -> Row:
    """A row of targets()."""
    wanted = f"≥ {least:g}" if least else f"≤ {most:g}"
    return name, times_as(found), wanted, _met(least <= found.median <= most)


def rules(book: RuleBook) -> Table:
    """The rule book alone, over a batch that is typed already."""
    rows = [
        (name, *figures(spread(values), ".1f"), times_as(ratios(book.times, name, BARE)))
        for name, values in book.times.items()
    ]
    title = f"Rules alone: {book.rows:,} activities, {book.defective:,} spoilt, {book.told:,} findings, milliseconds"
    return Table(title, ("", "median", "min", "max", "× bare pass (min–max)"), rows)


def reporting(times: Times, notes: dict[str, str]) -> Table:
    """The units' reports beside a bare load and save of the same workbooks."""
    rows = [
        (name + notes.get(name, ""), *figures(spread(values), ".1f"), times_as(ratios(times, name, BARE_SAVE)))
        for name, values in times.items()
    ]
    heads = ("", "median", "min", "max", "× load and save (min–max)")
    return Table("Reports of changed units, one process, milliseconds per workbook", heads, rows)


def by_stage(times: Times) -> Table:
    """Where our time goes in one process."""
    whole = spread(times[WHOLE]).median
    rows = [
        (
            name,
            *figures(spread(values), ".3f"),
            times_as(ratios(times, name, FLOOR)),
            f"{spread(values).median / whole:.0%}",
        )
        for name, values in times.items()
    ]
    heads = ("", "median", "min", "max", "× floor (min–max)", "share")
    return Table("Ours by stage, one process, milliseconds per workbook", heads, rows)


def figures(found: Spread, form: str) -> tuple[str, str, str]:
    """Median, least and most."""
    return format(found.median, form), format(found.least, form), format(found.most, form)


def times_as(ratio: Spread) -> str:
    """A ratio with its range."""
    return f"{ratio.median:.2f} ({ratio.least:.2f}–{ratio.most:.2f})"


def _met(met: bool) -> str:
    return "target met" if met else "target not met"
