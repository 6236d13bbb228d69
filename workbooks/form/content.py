"""What a POA workbook says, apart from how it is printed: the argument of the form writer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import TypeAlias

from config.form import Level
from schemas.contracts import columns as c

ROWS_A_PAGE = 5
ROWS_BESIDE_SIGNATURES = 3  # the signature block takes the room of two activities

SHORT_NUMBER = re.compile("[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class Computed:
    """A cell that holds the form's own formula; ``value`` is the result stored with it."""

    value: float


CellValue: TypeAlias = int | float | str | date | Computed | None
HeaderValue: TypeAlias = str | date | tuple[str, str] | None  # a coded field is (code, name)
Row: TypeAlias = Mapping[str, CellValue]


@dataclass(frozen=True)
class BudgetLine:
    """A line of the budget block; ``values`` by the code names of the form's budget fields.

    ``name`` is the programme's or the unit's; a programme has no ``unit_code``.
    """

    level: Level
    name: str | None = None
    unit_code: str | None = None
    values: Row = field(default_factory=dict)

    @property
    def title(self) -> str | None:
        """What stands beside the line's label, such as ``06 UNIDAD DE ANALISIS``."""
        return " ".join(part for part in (self.unit_code, self.name) if part) or None


@dataclass(frozen=True)
class WorkbookContent:
    """A workbook's header, budget lines from the top, activities in print order and signatories.

    ``header`` and the activities go by the code names of the form's fields, ``signatories`` (role as printed)
    by those of its signatures. ``subtitle`` stands in for the form's own, as on a form of another year.
    """

    header: Mapping[str, HeaderValue]
    budget: tuple[BudgetLine, ...]
    activities: tuple[Row, ...]
    signatories: Mapping[str, str]
    subtitle: str | None = None


def a_quarter_before(content: WorkbookContent) -> WorkbookContent:
    """What the workbook said before the last quarter that it reports."""
    filled = [name for name in c.ACHIEVED if any(row.get(name) is not None for row in content.activities)]
    last = dict.fromkeys(filled[-1:])
    lines = (
        replace(line, values={**line.values, c.EXERCISED[max(len(filled) - 1, 0)]: None}) for line in content.budget
    )
    return replace(content, budget=tuple(lines), activities=tuple({**row, **last} for row in content.activities))


def pages(content: WorkbookContent) -> list[tuple[Row, ...]]:
    """The activities of each page, one page at least: up to five, of one UR; up to three on the last."""
    chunks = [chunk for rows in _by_unit(content) for chunk in _chunks(rows)]
    if not chunks:
        return [()]
    *full, last = chunks
    rest = last[ROWS_BESIDE_SIGNATURES:]
    return [*full, last[:ROWS_BESIDE_SIGNATURES], *([rest] if rest else [])]


def typed_code(code: str) -> CellValue:
    """A code as a person types it: a number, unless something of it would be lost."""
    return int(code) if SHORT_NUMBER.fullmatch(code) else code


def _by_unit(content: WorkbookContent) -> Iterator[tuple[Row, ...]]:
    """Runs of activities of one unit of the header; a row of any other unit stays where it was typed."""
    named = {line.unit_code for line in content.budget if line.unit_code}
    current: str | None = None
    keyed: list[tuple[str | None, Row]] = []
    for row in content.activities:
        code = str(row.get(c.UNIT_CODE)).zfill(2)
        current = code if code in named else current
        keyed.append((current, row))
    for _, run in groupby(keyed, key=lambda pair: pair[0]):
        yield tuple(row for _, row in run)


def _chunks(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    for start in range(0, len(rows), ROWS_A_PAGE):
        yield rows[start : start + ROWS_A_PAGE]
