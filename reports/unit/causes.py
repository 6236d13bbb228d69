"""Findings grouped by cause (one rule, one field), and the causes whose correction is worth most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from reports import wording
from reports.unit.findings import Finding, reading_order
from reports.unit.rules import RuleText, rule_title


@dataclass(frozen=True)
class Cause:
    """All findings of one rule on one field, with what correcting them adds to the quality index (points)."""

    rule: str
    severity: str
    title: str
    field: str | None
    remedy: str
    points: float
    findings: tuple[Finding, ...]

    @property
    def anchor(self) -> str:
        """An id for links within a page, of letters, digits and hyphens."""
        return f"causa-{wording.slug(f'{self.severity} {self.rule} {self.field or str()}').lower()}"

    @property
    def rank(self) -> int:
        """0 for the gravest severity."""
        return wording.severity_rank(self.severity)

    @property
    def cells(self) -> int:
        """Distinct cells to correct; 0 where the cause is about the whole workbook."""
        return len({(finding.sheet, finding.cell) for finding in self.findings if finding.cell})

    @property
    def message(self) -> str | None:
        """The one message that several findings share; None where each has its own."""
        messages = {finding.message for finding in self.findings}
        return messages.pop() if len(messages) == 1 and len(self.findings) > 1 else None

    @property
    def extent(self) -> str:
        """How far the rule is broken: "No se cumple en 4 celdas."."""
        return f"No se cumple en {wording.counted(self.cells, 'celda', 'celdas')}." if self.cells else "No se cumple."

    @property
    def effort(self) -> str:
        """What correcting it takes and adds: "Corregir estas 3 celdas suma 4.2 puntos"."""
        if self.cells == 0:
            what = "Atender esta observación" if len(self.findings) == 1 else "Atender estas observaciones"
        elif self.cells == 1:
            what = "Corregir esta celda"
        else:
            what = f"Corregir estas {wording.counted(self.cells, 'celda', 'celdas')}"
        return f"{what} suma {wording.points(self.points)}"


def causes(findings: Iterable[Finding], remedies: Mapping[str, RuleText]) -> tuple[Cause, ...]:
    """Findings grouped by severity, rule and field: gravest first, then those worth most points."""

    def key(finding: Finding) -> tuple[str, str, str]:
        return finding.severity, finding.rule, finding.field or ""

    groups = [tuple(group) for _, group in groupby(sorted(findings, key=key), key)]
    return tuple(sorted((_cause(group, remedies) for group in groups), key=_importance))


def corrections(found: Iterable[Cause], most: int = 3) -> tuple[Cause, ...]:
    """The ``most`` causes whose correction adds most points, best first; none that adds nothing."""
    worth = [cause for cause in found if cause.points > 0]
    return tuple(sorted(worth, key=lambda cause: (-cause.points, *_importance(cause)))[:most])


def _cause(group: tuple[Finding, ...], remedies: Mapping[str, RuleText]) -> Cause:
    first = group[0]
    return Cause(
        rule=first.rule,
        severity=first.severity,
        title=rule_title(first.rule, remedies),
        field=first.field,
        remedy=first.remedy,
        points=math.fsum(finding.points for finding in group),
        findings=tuple(sorted(group, key=reading_order)),
    )


def _importance(cause: Cause) -> tuple[int, float, str, str]:
    return cause.rank, -cause.points, cause.rule, cause.field or ""
