"""The last gate before the warehouse: pandera schemas of the accepted frames, built from the form and the contracts.

What fails here is a fault of ours, not of the unit: the rules should have told it and set the row aside. Whoever judges
takes one look at each frame, and asks pandera only where that finds something, for pandera takes seconds to import;
whoever stores has every frame passed by pandera, wherever it was judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.frames import CONTRACTS, Contract, Judged

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

    @cached_property
    def of_values(self) -> pa.DataFrameSchema:
        """What is asked of values, as a pandera schema that lets through what the whole one does, for less: one check
        for all columns. It cannot name the one at fault.
        """
        import pandera.polars as pa

        wanted = [name for name, asked in self.columns.items() if not asked.nullable]
        bounded = [pl.col(name) >= 0 for name, asked in self.columns.items() if asked.not_negative]
        check = pa.Check(lambda data: data.lazyframe.select(pl.all_horizontal(bounded).fill_null(value=True)))
        columns = {name: pa.Column(self.columns[name].dtype, nullable=False) for name in wanted}
        return pa.DataFrameSchema(columns, checks=[check] if bounded else None, unique=list(self.unique) or None)

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The gate as a pandera schema."""
        import pandera.polars as pa

        columns = {
            name: pa.Column(asked.dtype, pa.Check.ge(0) if asked.not_negative else None, nullable=asked.nullable)
            for name, asked in self.columns.items()
        }
        return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(self.unique) or None)


def passed(judged: Judged, form: Form) -> Judged:
    """``judged`` unchanged, if every frame keeps its schema; raises GateError naming what does not."""
    for name, gate in gates(form).items():
        frame = getattr(judged, name)
        if not kept(frame, gate):
            _refuse(name, complaints(frame, gate))
    return judged


def validated(judged: Judged, form: Form) -> Judged:
    """``judged`` unchanged, if pandera lets all its frames into the warehouse; raises GateError as `passed` does."""
    for name, gate in gates(form).items():
        frame = getattr(judged, name)
        # Types and order cost pandera as much as values do, and are seen at once: it is asked where they are others.
        if not typed(frame, gate) or not (frame.is_empty() or _lets_through(frame, gate)):
            _refuse(name, complaints(frame, gate))
    return judged


def _lets_through(frame: pl.DataFrame, gate: Gate) -> bool:
    from pandera.errors import SchemaErrors

    try:
        gate.of_values.validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


def _refuse(name: str, told: str) -> None:
    if told:
        raise GateError(f"{name} may not enter the warehouse: {told}")


def typed(frame: pl.DataFrame, gate: Gate) -> bool:
    """Whether ``frame`` has the columns of ``gate`` in their order, of their types."""
    return frame.schema == pl.Schema({name: asked.dtype for name, asked in gate.columns.items()})


def kept(frame: pl.DataFrame, gate: Gate) -> bool:
    """Whether ``frame`` keeps all that ``gate`` asks."""
    if not typed(frame, gate):
        return False
    looks = [look for name, asked in gate.columns.items() for look in _looks(pl.col(name), asked)]
    once = [pl.struct(gate.unique).is_unique().all()] if gate.unique else []
    return bool(frame.select(pl.all_horizontal(*looks, *once).alias("kept")).item())


def complaints(frame: pl.DataFrame, gate: Gate) -> str:
    """What pandera finds in ``frame`` that ``gate`` does not let through, by name; "" where there is nothing."""
    from pandera.errors import SchemaErrors

    try:
        gate.schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "check", "failure_case").unique(maintain_order=True)
        return "; ".join(f"{column}: {check} ({case})" for column, check, case in cases.head(5).iter_rows())
    return ""


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
