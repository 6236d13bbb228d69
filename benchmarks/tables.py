"""The figures as tables: for the terminal, and as Markdown for docs/rendimiento.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table as RichTable

from benchmarks.contestants import FLOOR, SCRIPT, TWO_WORKERS
from benchmarks.rounds import Spread, Times, ratios, spread
from benchmarks.stages import WHOLE

LEAST_OVER_SCRIPT, MOST_OVER_FLOOR = 20.0, 4.0  # design targets: times faster, times as long


@dataclass(frozen=True)
class Table:
    """Title, heads and cells; the first column is text, the others are figures."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

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
        (name + notes.get(name, ""), *_figures(spread(values), ".2f"), _times(ratios(times, name, FLOOR)))
        for name, values in times.items()
    ]
    return Table("Milliseconds per workbook", ("", "median", "min", "max", "× floor (min–max)"), rows)


def targets(times: Times) -> Table:
    """The two ratios that the design asks of ours with two workers."""
    faster, longer = ratios(times, SCRIPT, TWO_WORKERS), ratios(times, TWO_WORKERS, FLOOR)
    return Table(
        "Targets, two workers warm (median of the rounds' own ratios)",
        ("", "ratio (min–max)", "target", ""),
        [
            (
                "times faster than the pandas script",
                _times(faster),
                f"≥ {LEAST_OVER_SCRIPT:g}",
                _met(faster.median >= LEAST_OVER_SCRIPT),
            ),
            (
                "times as long as the floor",
                _times(longer),
                f"≤ {MOST_OVER_FLOOR:g}",
                _met(longer.median <= MOST_OVER_FLOOR),
            ),
        ],
    )


def by_stage(times: Times) -> Table:
    """Where our time goes in one process."""
    whole = spread(times[WHOLE]).median
    rows = [
        (
            name,
            *_figures(spread(values), ".3f"),
            _times(ratios(times, name, FLOOR)),
            f"{spread(values).median / whole:.0%}",
        )
        for name, values in times.items()
    ]
    heads = ("", "median", "min", "max", "× floor (min–max)", "share")
    return Table("Ours by stage, one process, milliseconds per workbook", heads, rows)


def _figures(found: Spread, form: str) -> tuple[str, str, str]:
    return format(found.median, form), format(found.least, form), format(found.most, form)


def _times(ratio: Spread) -> str:
    return f"{ratio.median:.2f} ({ratio.least:.2f}–{ratio.most:.2f})"


def _met(met: bool) -> str:
    return "target met" if met else "target not met"
