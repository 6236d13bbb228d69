"""The last gate before the warehouse: pandera schemas of the accepted frames, built from the form and the contracts.

What fails here is a fault of ours, not of the unit: the rules should have told it and set the row aside. One look at a
frame tells whether it keeps all that is asked; pandera is left to find and name what does not, for it takes seconds to
import, and half a millisecond a column even where there are no rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from config.form import Form
from schemas import columns as c
from schemas.frames import CONTRACTS, Contract, Judged

if TYPE_CHECKING:
    import pandera.polars as pa

NOT_NEGATIVE = frozenset({"count", "amount"})


class GateError(Exception):
    """An accepted frame breaks its schema; the message names frame, column and check."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a column."""

    dtype: type[pl.DataType]
    nullable: bool = True
    not_negative: bool = False


@dataclass(frozen=True)
class Gate:
    """What is asked of a frame: its columns in their order, and those that tell its rows apart, where any do."""

    columns: Mapping[str, Asked]
    unique: tuple[str, ...] = ()


def passed(judged: Judged, form: Form) -> Judged:
    """``judged`` unchanged, if every frame keeps its schema; raises GateError naming what does not."""
    for name, gate in gates(form).items():
        frame = getattr(judged, name)
        if not kept(frame, gate) and (told := complaints(frame, gate)):
            raise GateError(f"{name} may not enter the warehouse: {told}")
    return judged


def kept(frame: pl.DataFrame, gate: Gate) -> bool:
    """Whether ``frame`` keeps all that ``gate`` asks."""
    if frame.schema != pl.Schema({name: asked.dtype for name, asked in gate.columns.items()}):
        return False
    looks = [look for name, asked in gate.columns.items() for look in _looks(pl.col(name), asked)]
    once = [pl.struct(gate.unique).is_unique().all()] if gate.unique else []
    return bool(frame.select(pl.all_horizontal(*looks, *once).alias("kept")).item())


def complaints(frame: pl.DataFrame, gate: Gate) -> str:
    """What pandera finds in ``frame`` that ``gate`` does not let through, "" where there is nothing."""
    from pandera.errors import SchemaErrors

    try:
        schema(gate).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "check", "failure_case").unique(maintain_order=True)
        return "; ".join(f"{column}: {check} ({case})" for column, check, case in cases.head(5).iter_rows())
    return ""


def schema(gate: Gate) -> pa.DataFrameSchema:
    """The gate as a pandera schema."""
    import pandera.polars as pa

    columns = {
        name: pa.Column(asked.dtype, pa.Check.ge(0) if asked.not_negative else None, nullable=asked.nullable)
        for name, asked in gate.columns.items()
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(gate.unique) or None)


@lru_cache
def gates(form: Form) -> dict[str, Gate]:
    """The gate of each frame of Judged; activities get what the form asks of each field."""
    return {name: _gate(name, contract, form) for name, contract in CONTRACTS.items()}


def _gate(name: str, contract: Contract, form: Form) -> Gate:
    columns = {column: Asked(dtype, nullable=column != c.FILE_ID) for column, dtype in contract.items()}
    if name == "activities":
        columns |= {field.name: _activity_column(field.name, form) for field in form.activity if field.name in contract}
        columns[c.READING] = Asked(contract[c.READING], nullable=False)
    if name == "answers":
        columns |= {column: Asked(contract[column], nullable=False) for column in (c.RULE, c.ANSWER)}
    return Gate(columns, (c.FILE_ID, c.UNIT_CODE, c.ACTIVITY_NO) if name == "activities" else ())


def _activity_column(name: str, form: Form) -> Asked:
    field = form.of("activity", name)
    return Asked(CONTRACTS["activities"][name], field.required != "required", field.kind in NOT_NEGATIVE)


def _looks(value: pl.Expr, asked: Asked) -> list[pl.Expr]:
    """Conditions on a whole column; as in pandera, NaN counts as nothing."""
    looks = [] if asked.nullable else [value.is_not_null().all()]
    if asked.dtype.is_float() and (asked.not_negative or not asked.nullable):
        looks.append(value.is_not_nan().all())
    return [*looks, (value >= 0).all()] if asked.not_negative else looks
