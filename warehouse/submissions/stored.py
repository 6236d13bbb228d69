"""Stored judgements back as the frames that they were stored from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, Table, select

from schemas.contracts import columns as c
from schemas.contracts import frames as f
from warehouse.database.bulk import read_frame
from warehouse.database.engine import WarehouseError
from warehouse.schema import tables as t

# Judgements read at once: what a frame of them takes in memory does not grow with the quarter.
AT_ONCE: Final = 500

# The frames of a judgement whose rows are each one row of a table.
PLAIN: Final[Mapping[str, Table]] = {
    "units": t.judgement_unit,
    "header": t.header_value,
    "budget": t.budget_line,
    "pages": t.form_page,
    "quarantined": t.quarantined_row,
    "extra": t.extra_value,
    "answers": t.answer,
    "findings": t.finding,
}


def read_judgement(connection: Connection, judgement_id: int) -> f.Judged:
    """The judgement's frames with file_id 0, conforming to the contracts; achieved that was not due is null.

    Its workbook lies in the archive under its hash, so ``path`` is null. Raises WarehouseError where it is
    unknown.
    """
    judged = read_judgements(connection, [judgement_id])
    if judged.files.is_empty():
        raise WarehouseError(f"the warehouse holds no judgement {judgement_id}")
    first = pl.lit(0, pl.Int64).alias(c.FILE_ID)
    frames: dict[str, pl.DataFrame] = vars(judged)
    return f.Judged(**{name: frame.with_columns(first) for name, frame in frames.items()})


def read_judgements(connection: Connection, judgements: Sequence[int], *, facts: bool = True) -> f.Judged:
    """The same of many, file_id being the judgement's key; without ``facts`` only files, units and budget have rows."""
    parts = PLAIN if facts else {name: PLAIN[name] for name in ("units", "budget")}
    frames = {name: f.empty(contract) for name, contract in f.CONTRACTS.items()}
    frames["files"] = _frame(connection, _files(judgements), f.FILES).with_columns(pl.col(c.SENDER).replace("", None))
    for name, table in parts.items():
        frames[name] = _frame(connection, _rows(table, judgements, f.CONTRACTS[name]), f.CONTRACTS[name])
    frames["units"] = frames["units"].with_columns(pl.lit(0, pl.Int64).alias(c.FINDINGS_WAIVED))
    if facts:
        frames["activities"] = _frame(connection, activities(judgements), f.ACTIVITIES)
    return f.Judged(**frames)


def read_for_quality(connection: Connection, judged: f.Judged, judgements: Sequence[int]) -> tuple[f.Judged, pl.Series]:
    """Files and units of ``judged`` and the findings of ``judgements``, some of it; and the findings' keys.

    The findings are the judgements' own, of each what verdict and quality need: not their words.
    """
    needed = (c.RULE, c.SEVERITY, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.ROW, c.COL, c.FIELD, c.VALUE, c.WAIVED)
    own = select(t.finding.c.id, t.finding.c.judgement_id.label(c.FILE_ID), *(t.finding.c[name] for name in needed))
    own = own.where(t.finding.c.judgement_id.in_(judgements), t.finding.c.snapshot_id.is_(None))
    types = {"id": pl.Int64, c.FILE_ID: pl.Int64} | {name: f.FINDINGS[name] for name in needed}
    found = read_frame(connection, own.order_by(t.finding.c.id), types)
    nothing = {name: f.empty(contract) for name, contract in f.CONTRACTS.items()}
    theirs = pl.col(c.FILE_ID).is_in(list(judgements))
    kept = {"files": judged.files.filter(theirs), "units": judged.units.filter(theirs)}
    return f.Judged(**{**nothing, **kept, "findings": f.conform(found, f.FINDINGS)}), found.get_column("id")


def portions(judgements: Sequence[int], size: int = AT_ONCE) -> Iterator[Sequence[int]]:
    """The judgements' keys, so many at a time."""
    return (judgements[start : start + size] for start in range(0, len(judgements), size))


def activities(judgements: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """ACTIVITIES of the judgements."""
    rows = _rows(t.activity, judgements, f.ACTIVITIES)
    for number in c.QUARTERS:
        quarter = t.activity_quarter.alias(f"q{number}")
        planned = quarter.c.planned.label(c.PLANNED[number - 1])
        achieved = quarter.c.achieved.label(c.ACHIEVED[number - 1])
        rows = rows.add_columns(planned, achieved).join(
            quarter, (quarter.c.activity_id == t.activity.c.id) & (quarter.c.quarter == number)
        )
    return rows


def _frame(connection: Connection, statement: Select[*tuple[Any, ...]], contract: f.Contract) -> pl.DataFrame:
    schema = {col.name: contract[col.name] for col in statement.selected_columns}
    return f.conform(read_frame(connection, statement, schema), contract)


def _files(judgements: Sequence[int]) -> Select[*tuple[Any, ...]]:
    of_submission = [t.submission.c[name] for name in (c.FILE, c.SHA256, c.BYTES)]
    said = (c.SENDER, c.FORM, c.FISCAL_YEAR, c.VERDICT, c.QUALITY, c.ASKED, *t.ROWS)
    rows = select(t.judgement.c.id.label(c.FILE_ID), *of_submission, *(t.judgement.c[name] for name in said))
    return rows.join_from(t.judgement, t.submission).where(t.judgement.c.id.in_(judgements)).order_by(t.judgement.c.id)


def _rows(table: Table, judgements: Sequence[int], contract: f.Contract) -> Select[*tuple[Any, ...]]:
    content = [col for col in table.c if col.name in contract and not col.primary_key]
    rows = select(table.c.judgement_id.label(c.FILE_ID), *content).where(table.c.judgement_id.in_(judgements))
    if table is t.finding:
        rows = rows.where(t.finding.c.snapshot_id.is_(None))
    return rows.order_by(table.c.id)


assert {*PLAIN, "files", "activities"} == {field.name for field in fields(f.Judged)}
