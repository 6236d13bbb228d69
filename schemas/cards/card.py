"""A rule card: what a rule is called, what it checks, what it tells the unit and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History

Scope = Literal["row", "workbook", "history"]

NOTE = "note"  # what a message adds in some of the breaches

# What a workbook check returns: one row per breach. Columns it leaves out are null; `row_id` ties a breach to an
# activity row. `value`, `expected` are text, `difference` is a number in the field's own unit; `origin` says, for the
# message, where the expected comes from.
BREACHES: dict[str, type[pl.DataType]] = {
    c.FILE_ID: pl.Int64,
    c.VARIANT: pl.String,
    c.ROW_ID: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.SHEET: pl.String,
    c.ROW: pl.Int64,
    c.COL: pl.Int64,
    c.FIELD: pl.String,
    c.VALUE: pl.String,
    c.EXPECTED: pl.String,
    c.DIFFERENCE: pl.Float64,
    NOTE: pl.String,
    c.ORIGIN: pl.String,
}

NO_TEXT, NO_NUMBER = pl.lit(None, pl.String), pl.lit(None, pl.Float64)

WorkbookCheck: TypeAlias = Callable[[Evidence, Context], pl.DataFrame]
HistoryCheck: TypeAlias = Callable[[Judged, History, Context], pl.DataFrame]


@dataclass(frozen=True)
class RowCheck:
    """One condition on an activity row, about one of its fields.

    ``breach`` is true where the row breaks the rule; null counts as held, for a value that is not there is told by
    R01 or R02 alone. ``found`` and ``expected`` are texts, ``difference`` a number; ``note`` is what the message adds.
    ``suspect`` is quick to see and true of every row that may break the rule: a batch without such a row is not asked.
    """

    field: str
    breach: pl.Expr
    found: pl.Expr
    expected: pl.Expr = NO_TEXT
    difference: pl.Expr = NO_NUMBER
    variant: str = ""
    note: pl.Expr = NO_TEXT
    suspect: pl.Expr | None = None


RowChecks: TypeAlias = Callable[[Context], list[RowCheck]]


@dataclass(frozen=True)
class Card:
    """One rule. ``why`` says what is lost where it is broken; ``fields`` are printed field numbers; ``messages`` has a
    Spanish template per variant ("" where there is one only), with {found}, {expected}, {unit}, {origin}, {note} and
    {field} (printed label); ``example`` shows a breach.

    ``row_checks`` judge activity rows one by one, ``check`` looks at whole workbooks, ``history_check`` at a quarter's
    workbooks and the quarters before; a rule may have several, and ``scope`` is the widest. File rules that the reader
    itself decides (A01-A03) have none, and a message per reason instead. ``variants`` are those whose severity policy
    sets apart; a message's key may be finer than that. ``needs_past``: its history check tells nothing where there is
    no quarter before.
    """

    code: str
    title: str
    why: str
    fields: tuple[int, ...]
    scope: Scope
    messages: Mapping[str, str]
    remedy: str
    example: str
    variants: tuple[str, ...] = ("",)
    row_checks: RowChecks | None = None
    check: WorkbookCheck | None = None
    history_check: HistoryCheck | None = None
    needs_past: bool = False

    @property
    def policy_keys(self) -> tuple[str, ...]:
        """Keys of policy.toml's [severity] that this card needs."""
        return tuple(f"{self.code}.{variant}" if variant else self.code for variant in self.variants)
