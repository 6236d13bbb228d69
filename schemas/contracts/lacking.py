"""The columns of wide rows for which the year's form has no field."""

from __future__ import annotations

from typing import Final

import polars as pl

from config.form import Block, Form
from schemas.contracts import columns as c
from schemas.contracts.core import CORE
from schemas.contracts.frames import ACTIVITIES, BUDGET, Contract

WIDE: Final[dict[str, Contract]] = {"budget": BUDGET, "activity": ACTIVITIES}


def absent_fields(form: Form, block: Block) -> list[pl.Expr]:
    """Empty columns, as wide rows have them, of the core fields that the form does not ask for in ``block``."""
    absent = [name for name in CORE[block] if not form.has(block, name)]
    return [column for name in absent for column in _empty(name, WIDE[block][name])]


def _empty(name: str, dtype: type[pl.DataType]) -> list[pl.Expr]:
    written = pl.lit(None, pl.String).alias(c.written(name))
    if dtype == pl.String:
        return [pl.lit(None, pl.String).alias(name), written]
    return [pl.lit(None, pl.Float64).alias(name), pl.lit(None, pl.Float64).alias(c.half(name)), written]
