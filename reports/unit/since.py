"""What became of a workbook since the one that its unit sent before: corrected, new, said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from reports import wording
from reports.unit.causes import Cause
from reports.unit.findings import Finding, Key, about
from schemas.contracts import columns as c


@dataclass(frozen=True)
class Previous:
    """The workbook before: its findings (FINDINGS), its quarter (1-4) and the day of its receipt (ISO), if known."""

    findings: pl.DataFrame
    quarter: int | None = None
    received: str | None = None


@dataclass(frozen=True)
class Since:
    """``corrected`` findings are gone; ``fresh`` and ``lasting`` are causes of open ones, with how many of each.

    ``before`` names the workbook before in words, such as "recibida el 5 de julio de 2024 (segundo trimestre)".
    """

    before: str
    corrected: tuple[Finding, ...]
    fresh: tuple[tuple[Cause, int], ...]
    lasting: tuple[tuple[Cause, int], ...]

    @property
    def new(self) -> int:
        """New findings."""
        return sum(count for _, count in self.fresh)

    @property
    def known(self) -> int:
        """Findings that were said before."""
        return sum(count for _, count in self.lasting)


def said_before(previous: Previous | None) -> set[Key] | None:
    """What the findings of the workbook before are about; None where there is none."""
    return None if previous is None else {about(row) for row in previous.findings.iter_rows(named=True)}


def gone(findings: pl.DataFrame, previous: Previous) -> pl.DataFrame:
    """The findings of ``previous`` that ``findings`` lacks; of several alike, first those of cells not told now."""
    now = Counter(about(row) for row in findings.iter_rows(named=True))
    cells = {(*about(row), row[c.SHEET], row[c.CELL]) for row in findings.iter_rows(named=True)}

    def stands(row: dict[str, Any]) -> bool:
        return (*about(row), row[c.SHEET], row[c.CELL]) in cells

    lost: list[int] = []
    rows = sorted(enumerate(previous.findings.iter_rows(named=True)), key=lambda pair: not stands(pair[1]))
    for position, row in rows:
        if now[about(row)]:
            now[about(row)] -= 1
        else:
            lost.append(position)
    return previous.findings[sorted(lost)]


def since(previous: Previous, corrected: Iterable[Finding], found: Iterable[Cause], quarter: int) -> Since:
    """``found``: the causes of now, whose findings know whether they were said before."""
    causes = list(found)
    fresh = [(cause, sum(finding.known is False for finding in cause.findings)) for cause in causes]
    lasting = [(cause, sum(finding.known is True for finding in cause.findings)) for cause in causes]
    return Since(
        _named(previous, quarter),
        tuple(corrected),
        tuple(pair for pair in fresh if pair[1]),
        tuple(pair for pair in lasting if pair[1]),
    )


def _named(previous: Previous, quarter: int) -> str:
    day = f"recibida el {wording.day_phrase(previous.received)}" if previous.received else ""
    other = previous.quarter is not None and previous.quarter != quarter
    of = f"del {wording.QUARTER_WORDS[previous.quarter]} trimestre" if other and previous.quarter else ""
    return ", ".join(filter(None, (of, day)))
