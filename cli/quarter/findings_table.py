"""Findings as a terminal shows them: one line a cause, the gravest and widest first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

STYLES = {"archivo": "bold red", "renglon": "red", "aviso": "yellow", "nota": "dim"}
MOST_CELLS = 4  # named in a line; of more, how many others there are


def findings_table(findings: Iterable[dict[str, Any]]) -> Any:
    """A rich table of findings as `poa check --json` gives them; those of one rule and field share a line."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title_justify="left", expand=True, show_lines=False, box=None, padding=(0, 1))
    for heading in ("severity", "rule"):
        table.add_column(heading, no_wrap=True)
    table.add_column("times", no_wrap=True, justify="right")
    table.add_column("cells", ratio=2)
    table.add_column("message", ratio=5)
    for group in causes(findings):
        first, style = group[0], STYLES[group[0]["severity"]]
        # Text, not markup: what a unit wrote in brackets is no style of ours.
        parts = (first["severity"], first["rule"], str(len(group)), _cells(group), _message(group))
        table.add_row(*(Text(part, style=style if i < 2 else "") for i, part in enumerate(parts)))
    return table


def causes(findings: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Findings of one severity, rule and field together: by severity, then those over most cells."""

    def cause(finding: dict[str, Any]) -> tuple[int, str, str]:
        return list(STYLES).index(finding["severity"]), finding["rule"], finding["field"] or ""

    groups = [list(group) for _, group in groupby(sorted(findings, key=cause), cause)]
    return sorted(groups, key=lambda group: (cause(group[0])[0], -len(group), group[0]["rule"]))


def _cells(group: list[dict[str, Any]]) -> str:
    named = [f"{one['sheet']}!{one['cell']}" for one in group if one["cell"]]
    more = len(named) - MOST_CELLS
    return ", ".join(named[:MOST_CELLS]) + (f" and {more} more" if more > 0 else "")


def _message(group: list[dict[str, Any]]) -> str:
    """The first message, with the UR and activity that it is about where it speaks for several."""
    first = group[0]
    about = "/".join(str(part) for part in (first["unit_code"], first["activity_no"]) if part is not None)
    said: str = first["message"]
    alike = len({one["message"] for one in group}) == 1
    return said if alike else f"{about}: {said}" if about else said
