"""A stored judgement back as the frames that it was stored from."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, Table, select

from schemas import columns as c
from schemas import frames as f
from warehouse import tables as t
from warehouse.engine import WarehouseError


def read(connection: Connection, judgement_id: int) -> f.Judged:
    """The judgement's frames with file_id 0, conforming to the contracts; achieved that was not due is null.

    Its workbook lies in the archive under its hash, so ``path`` is null. Raises WarehouseError where it is
    unknown.
    """
    files = _frame(connection, _file(judgement_id), f.FILES).with_columns(pl.col(c.SENDER).replace("", None))
    if files.is_empty():
        raise WarehouseError(f"the warehouse holds no judgement {judgement_id}")

    def of(table: Table, contract: f.Contract) -> pl.DataFrame:
        return _frame(connection, _rows(table, judgement_id), contract)

    return f.Judged(
        files=files,
        units=of(t.judgement_unit, f.UNITS),
        header=of(t.header_value, f.HEADER),
        budget=of(t.budget_line, f.BUDGET),
        activities=_frame(connection, _activities(judgement_id), f.ACTIVITIES),
        pages=of(t.form_page, f.PAGES),
        quarantined=of(t.quarantined_row, f.QUARANTINED),
        findings=of(t.finding, f.FINDINGS),
    )


def _frame(connection: Connection, statement: Select[*tuple[Any, ...]], contract: f.Contract) -> pl.DataFrame:
    result = connection.execute(statement)
    schema = {col.name: contract[col.name] for col in statement.selected_columns}
    frame = pl.DataFrame([tuple(row) for row in result], schema=schema, orient="row")
    return f.conform(frame.with_columns(pl.lit(0).alias(c.FILE_ID)), contract)


def _file(judgement_id: int) -> Select[*tuple[Any, ...]]:
    of_submission = [t.submission.c[name] for name in (c.FILE, c.SHA256, c.BYTES)]
    said = (c.SENDER, c.FORM, c.FISCAL_YEAR, c.VERDICT, c.QUALITY, *t.ROWS)
    rows = select(*of_submission, *(t.judgement.c[name] for name in said))
    return rows.join_from(t.judgement, t.submission).where(t.judgement.c.id == judgement_id)


def _rows(table: Table, judgement_id: int) -> Select[*tuple[Any, ...]]:
    content = [col for col in table.c if not col.primary_key and not col.foreign_keys]
    return select(*content).where(table.c.judgement_id == judgement_id).order_by(table.c.id)


def _activities(judgement_id: int) -> Select[*tuple[Any, ...]]:
    rows = _rows(t.activity, judgement_id)
    for number in c.QUARTERS:
        quarter = t.activity_quarter.alias(f"q{number}")
        planned = quarter.c.planned.label(c.PLANNED[number - 1])
        achieved = quarter.c.achieved.label(c.ACHIEVED[number - 1])
        rows = rows.add_columns(planned, achieved).join(
            quarter, (quarter.c.activity_id == t.activity.c.id) & (quarter.c.quarter == number)
        )
    return rows
