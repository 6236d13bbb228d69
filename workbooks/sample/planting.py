"""Which defects go into which workbook, and the planting of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from schemas.contracts import columns as c
from workbooks.form.content import WorkbookContent
from workbooks.sample.defects import Case, Defect, number
from workbooks.sample.header_defects import BUDGET_DEFECTS, HEADER_DEFECTS, WHOLE_DEFECTS, spent_ahead
from workbooks.sample.row_defects import ROW_DEFECTS, future_result

Named = tuple[str, Defect]
OF_A_QUARTER_AHEAD = (future_result, spent_ahead)


@dataclass(frozen=True)
class Planted:
    """A defect in a unit's workbook: the rule that finds it, and the activity and field where that is one."""

    unit_code: str
    file: str
    rule: str
    activity_no: int | None = None
    field: str | None = None


def deal(workbooks: int, quarter: int, rng: Random) -> list[tuple[Named, ...]]:
    """The defects of each of ``workbooks`` spoilt workbooks, those about the whole form alone in theirs.

    The other workbooks share one of each defect: budget and header defects apart from their like, which would
    bring each other down.
    """
    whole = [(named,) for named in WHOLE_DEFECTS]
    mixed: list[list[Named]] = [[] for _ in range(workbooks - len(whole))]
    for place, named in enumerate(_apt(ROW_DEFECTS, quarter)):
        mixed[place % len(mixed)].append(named)
    for place, named in enumerate(_apt((*BUDGET_DEFECTS, *HEADER_DEFECTS), quarter)):
        mixed[place % len(mixed)].append(named)
    dealt = [*whole, *(tuple(hand) for hand in mixed)]
    rng.shuffle(dealt)
    return dealt


def _apt(defects: Sequence[Named], quarter: int) -> list[Named]:
    return [named for named in defects if quarter < 4 or named[1] not in OF_A_QUARTER_AHEAD]


def plant(
    case: Case, defects: Sequence[Named], unit_code: str, file: str, rng: Random
) -> tuple[WorkbookContent, list[Planted]]:
    """The content with all the defects, each in activities of its own, and what was planted."""
    planted: list[Planted] = []
    case = replace(case, rows=_reported_first(case, rng))
    for rule, defect in defects:
        spoilt = defect(case)
        rows = tuple(row for row in case.rows if row not in spoilt.took)
        case = replace(case, content=spoilt.content, rows=rows)
        planted.append(Planted(unit_code, file, rule, spoilt.activity_no, spoilt.field))
    return case.content, planted


def _reported_first(case: Case, rng: Random) -> tuple[int, ...]:
    """Positions of the activities in any order, but those with something planned in the quarter first."""
    planned = [number(row[c.PLANNED[case.quarter - 1]]) for row in case.content.activities]
    shuffled = rng.sample(range(len(planned)), len(planned))
    return tuple(sorted(shuffled, key=lambda position: planned[position] == 0))
