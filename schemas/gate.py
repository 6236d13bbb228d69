"""The last gate before the warehouse: pandera schemas of the accepted frames, built from the form and the contracts.

What fails here is a fault of ours, not of the unit: the rules should have told it and set the row aside.
"""

from __future__ import annotations

from functools import lru_cache

import pandera.polars as pa

from config.form import Form
from schemas import columns as c
from schemas.frames import CONTRACTS, Contract, Judged

NOT_NEGATIVE = frozenset({"count", "amount"})


class GateError(Exception):
    """An accepted frame breaks its schema; the message names frame, column and check."""


def passed(judged: Judged, form: Form) -> Judged:
    """``judged`` unchanged, if every frame keeps its schema; raises GateError naming what does not."""
    for name, schema in gate(form).items():
        try:
            schema.validate(getattr(judged, name), lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases.select("column", "check", "failure_case").unique(maintain_order=True)
            told = "; ".join(f"{column}: {check} ({case})" for column, check, case in cases.head(5).iter_rows())
            raise GateError(f"{name} may not enter the warehouse: {told}") from errors
    return judged


@lru_cache
def gate(form: Form) -> dict[str, pa.DataFrameSchema]:
    """A schema per frame of Judged; activities get what the form asks of each field."""
    return {name: _schema(name, contract, form) for name, contract in CONTRACTS.items()}


def _schema(name: str, contract: Contract, form: Form) -> pa.DataFrameSchema:
    columns = {column: pa.Column(dtype, nullable=column != c.FILE_ID) for column, dtype in contract.items()}
    if name == "activities":
        columns |= {field.name: _activity_column(field.name, form) for field in form.activity if field.name in contract}
        columns[c.READING] = pa.Column(contract[c.READING])
    if name == "answers":
        columns |= {column: pa.Column(contract[column]) for column in (c.RULE, c.ANSWER)}
    unique = [c.FILE_ID, c.UNIT_CODE, c.ACTIVITY_NO] if name == "activities" else None
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=unique)


def _activity_column(name: str, form: Form) -> pa.Column:
    field = form.of("activity", name)
    dtype = CONTRACTS["activities"][name]
    checks = [pa.Check.ge(0)] if field.kind in NOT_NEGATIVE else []
    return pa.Column(dtype, checks, nullable=field.required != "required")
