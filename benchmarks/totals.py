"""What a contestant's database holds, to see that all contestants did the same work."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

SUMS = "sum({0}annual_target), sum({1}planned), sum({1}achieved), sum({0}assigned_amount)"
OURS = f"""
    with quarters as (
        select activity_id, sum(planned) as planned, sum(achieved) as achieved
        from activity_quarter group by activity_id
    )
    select count(*), {SUMS.format("a.", "q.")}
    from activity a join quarters q on q.activity_id = a.id
    join judgement j on j.id = a.judgement_id join submission s on s.id = j.submission_id
    where s.file in (select value from json_each(?))
"""
TABLE = f"""
    with quarters as (
        select *,
            coalesce(planned_q1, 0) + coalesce(planned_q2, 0) + coalesce(planned_q3, 0) + coalesce(planned_q4, 0)
                as planned,
            coalesce(achieved_q1, 0) + coalesce(achieved_q2, 0) + coalesce(achieved_q3, 0) + coalesce(achieved_q4, 0)
                as achieved
        from activity
    )
    select count(*), {SUMS.format("", "")} from quarters where file in (select value from json_each(?))
"""


class DisagreementError(Exception):
    """Two contestants loaded different data: their times cannot be compared."""


@dataclass(frozen=True)
class Totals:
    """Activities loaded, and the sums of their columns: targets and results in their own units, amounts in pesos."""

    rows: int
    annual_target: float
    planned: float
    achieved: float
    assigned_amount: float


def totals(database: Path, query: str, files: Iterable[Path]) -> Totals:
    """Totals of the activities that come from ``files``; ``query`` is OURS or TABLE."""
    names = "[" + ", ".join(f'"{file.name}"' for file in files) + "]"
    with closing(sqlite3.connect(database)) as connection:
        rows, *sums = connection.execute(query, (names,)).fetchone()
    return Totals(rows, *(total or 0.0 for total in sums))


def must_agree(found: Mapping[str, Totals]) -> Totals:
    """The totals that all contestants have in common; raises DisagreementError naming what differs."""
    (first, expected), *others = found.items()
    if expected.rows == 0:
        raise DisagreementError(f"{first} loaded no activity")
    for name, other in others:
        for field, left, right in zip(fields(Totals), astuple(expected), astuple(other), strict=True):
            if not math.isclose(left, right, rel_tol=1e-9):
                raise DisagreementError(f"{field.name}: {first} has {left:,}, {name} has {right:,}")
    return expected
