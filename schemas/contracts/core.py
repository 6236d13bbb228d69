"""The core fields of a form: those that have columns of their own in frames and warehouse, whatever the year's form.

It imports no polars: what a form may hold is asked before there are frames.
"""

from __future__ import annotations

from typing import Final

from config.files import ConfigError
from config.form import Block, Field, Form
from schemas.contracts import columns as c

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
_NAMES = frozenset(value for value in vars(c).values() if isinstance(value, str))


def extra_fields(form: Form, block: Block) -> list[Field]:
    """The fields of ``block`` that are not core: their values are kept one by one."""
    return [field for field in form.field if field.block == block and field.name not in CORE[block]]


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
