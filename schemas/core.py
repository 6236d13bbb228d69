"""The core fields of a form: those that have columns of their own in frames and warehouse, whatever the year's form."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.files import ConfigError
from config.form import Block, Field, Form
from schemas import columns as c
from schemas.frames import ACTIVITIES, BUDGET, Contract

CORE: Final[dict[Block, tuple[str, ...]]] = {
    "header": c.HEADER_FIELDS,
    "budget": (c.ASSIGNED_AMOUNT, *c.EXERCISED, c.REPORTED_PROGRESS, c.COMMENTS),
    "activity": (
        *(c.UNIT_CODE, c.ACTIVITY_NO, c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT),
        *(c.MEASURE_UNIT, c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS),
        *(c.PURPOSE, c.JUSTIFICATION),
    ),
}
# What no form goes without: they say whose a row is.
KEYS: Final = (c.UNIT_CODE, c.ACTIVITY_NO)
WIDE: Final[dict[str, Contract]] = {"budget": BUDGET, "activity": ACTIVITIES}
_NAMES = frozenset(value for value in vars(c).values() if isinstance(value, str))


def extra_fields(form: Form, block: Block) -> list[Field]:
    """The fields of ``block`` that are not core: their values are kept one by one."""
    return [field for field in form.field if field.block == block and field.name not in CORE[block]]


def lacking(form: Form, block: Block) -> list[pl.Expr]:
    """Empty columns, as wide rows have them, of the core fields that the form does not ask for in ``block``."""
    absent = [name for name in CORE[block] if not form.has(block, name)]
    return [column for name in absent for column in _empty(name, WIDE[block][name])]


def usable(form: Form) -> Form:
    """``form``, if rows of it can be told apart; raises ConfigError naming a field that it lacks or may not have."""
    missing = [name for name in KEYS if not form.has("activity", name)]
    if missing:
        raise ConfigError(f"form {form.code} has no field {', '.join(missing)} in block activity: add it")
    taken = [f.name for block in CORE for f in extra_fields(form, block) if f.name in _NAMES or "__" in f.name]
    if taken:
        raise ConfigError(
            f"form {form.code}: the program has a use of its own for {', '.join(taken)}: rename the field"
        )
    return form


def _empty(name: str, dtype: type[pl.DataType]) -> list[pl.Expr]:
    written = pl.lit(None, pl.String).alias(c.written(name))
    if dtype == pl.String:
        return [pl.lit(None, pl.String).alias(name), written]
    return [pl.lit(None, pl.Float64).alias(name), pl.lit(None, pl.Float64).alias(c.half(name)), written]
