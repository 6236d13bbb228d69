"""Control totals of a run: nothing is published that does not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import Connection, FromClause, Table, func, select

from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from warehouse.database.engine import WarehouseError
from warehouse.schema import tables as t
from warehouse.submissions.stored import PLAIN

LISTED: Final = 5  # complaints in one message


class ControlError(WarehouseError):
    """A run's totals do not add up; the message says which. Nothing of the run is published."""


@dataclass(frozen=True)
class ControlTotals:
    """Workbooks and rows of one run; rows are those of the workbooks judged in it."""

    seen: int
    accepted: int
    observed: int
    rejected: int
    unchanged: int
    skipped: int
    rows_found: int
    rows_accepted: int
    rows_quarantined: int

    def check(self, stored_accepted: int, stored_quarantined: int) -> None:
        """Raises ControlError where a workbook or a row was lost between finding, judging and storing."""
        workbooks = self.accepted + self.observed + self.rejected + self.unchanged + self.skipped
        sums = (
            ("workbooks seen", self.seen, "accepted + observed + rejected + unchanged + skipped", workbooks),
            (
                "rows found",
                self.rows_found,
                "accepted + quarantined",
                self.rows_accepted + self.rows_quarantined,
            ),
            ("rows accepted", self.rows_accepted, "stored as activities", stored_accepted),
            ("rows quarantined", self.rows_quarantined, "stored in quarantine", stored_quarantined),
        )
        wrong = [f"{what} {total} is not {parts} {found}" for what, total, parts, found in sums if total != found]
        if wrong:
            raise ControlError(f"control totals do not add up, nothing was published: {'; '.join(wrong)}")


# Each table of what was judged, and the frame that its rows come from.
_FRAMES: Final[Mapping[Table, str]] = {
    t.judgement: "files",
    **{table: frame for frame, table in PLAIN.items()},
    t.activity: "activities",
    t.activity_quarter: "activities",
}


def stored_whole(connection: Connection, judged: Judged, judgements: pl.DataFrame) -> Mapping[str, int]:
    """How many rows the tables of ``judged``, by name, hold of ``judgements`` (file_id, judgement_id), which are new.

    Raises ControlError where they hold more or fewer of a workbook than were judged, or a row is of no workbook.
    """
    files = dict(judged.files.select(c.FILE_ID, c.FILE).iter_rows())
    new = dict(judgements.iter_rows())
    wrong, stored = list[str](), dict[str, int]()
    for table, frame in _FRAMES.items():
        wanted = dict(getattr(judged, frame).group_by(c.FILE_ID).len().iter_rows())
        held = _held(connection, table, list(new.values()))
        wrong += _complaints(table, wanted, held, files, new)
        stored[table.name] = sum(held.values())
    if wrong:
        told = "; ".join(wrong[:LISTED])
        raise ControlError(f"rows were lost on their way into the warehouse, nothing was published: {told}")
    return stored


def _held(connection: Connection, table: Table, judgements: Sequence[int]) -> dict[int, int]:
    """How many rows ``table`` holds of each of ``judgements`` of which it holds any."""
    rows: FromClause = table
    if table is t.judgement:
        of = table.c.id
    elif table is t.activity_quarter:
        rows, of = table.join(t.activity), t.activity.c.judgement_id
    else:
        of = table.c.judgement_id
    counted = select(of, func.count()).select_from(rows).where(of.in_(judgements)).group_by(of)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _complaints(
    table: Table, wanted: Mapping[int, int], held: Mapping[int, int], files: Mapping[int, str], new: Mapping[int, int]
) -> Iterator[str]:
    each = len(c.QUARTERS) if table is t.activity_quarter else 1
    stray = sum(rows for file_id, rows in wanted.items() if file_id not in files)
    if stray:
        yield f"{table.name}: {stray} judged of no workbook of the batch"
    for file_id, judgement in new.items():
        rows, there = wanted.get(file_id, 0) * each, held.get(judgement, 0)
        if rows != there:
            yield f"{files[file_id]}: {table.name}: {there} of {rows} rows stored"
