"""What a workbook is held against beside itself: its receipt, the quarter's other workbooks, and earlier quarters.

History scope is judged on the whole quarter's set at once, after all batches, so that what is told does not depend on
how the work was split. warehouse/ fills these frames for a published set; `alone` makes them of a few workbooks that
no warehouse knows. ``file_id`` ties a row to a workbook of the set.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import ACTIVITIES, REJECTED, Contract, Judged, conform, empty

# One row per workbook of the set. `received_at` is the instant on the office's clocks, `on_time` stamped at first
# receipt; both null where nothing was received. `repeats` is the latest earlier quarter of the same fiscal year for
# which the same bytes were received. `known_as` is the file under which the same bytes were received before for this
# quarter (only `check --against` fills it: in a consolidation such a file is unchanged and not judged again).
RECEIPTS: Contract = {
    c.FILE_ID: pl.Int64,
    c.RECEIVED_AT: pl.Datetime,
    c.ON_TIME: pl.Boolean,
    c.REPEATS: pl.Int64,
    c.KNOWN_AS: pl.String,
}

# One row per (current workbook of the quarter, UR of which it has accepted rows). Of the workbooks of one sender only
# the latest that delivers the UR is current. `speaks`: the workbook counts for that UR.
DELIVERIES: Contract = {
    c.FILE_ID: pl.Int64,
    c.FILE: pl.String,
    c.SENDER: pl.String,
    c.UNIT_CODE: pl.String,
    c.LEVEL: pl.String,
    c.RECEIVED_AT: pl.Datetime,
    c.IS_CURRENT: pl.Boolean,
}

# One row per workbook that has a programme line and speaks for a UR: its programme, the programme's amount as stated
# there, the sum of its URs' amounts (null where one is missing), each with the half-width of its range in pesos.
PROGRAMMES: Contract = {
    c.FILE_ID: pl.Int64,
    c.FILE: pl.String,
    c.UNIT_NAME: pl.String,
    c.ASSIGNED_AMOUNT: pl.Float64,
    c.half(c.ASSIGNED_AMOUNT): pl.Float64,
    c.UNITS_SUM: pl.Float64,
    c.half(c.UNITS_SUM): pl.Float64,
}

# Earlier quarters of the same fiscal year, as their current versions have them. EARLIER has one row per (quarter, UR
# that delivered): the workbook that speaks for it, and the date written in it.
EARLIER: Contract = {
    c.QUARTER: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.FILE: pl.String,
    c.RECEIVED_AT: pl.Datetime,
    c.DRAWN_UP_ON: pl.String,
}
# Accepted activities of those workbooks. `achieved` of quarters not due then is null.
EARLIER_ACTIVITIES: Contract = {
    c.QUARTER: pl.Int64,
    **{
        name: ACTIVITIES[name]
        for name in (c.UNIT_CODE, c.ACTIVITY_NO, c.ASSIGNED_AMOUNT, c.MEASURE_UNIT, c.ANNUAL_TARGET, *c.PLANNED)
    },
    **{name: ACTIVITIES[name] for name in (*c.ACHIEVED, c.ACHIEVED_TOTAL, c.JUSTIFICATION)},
}
# Their quarantined rows; activity_no is null where it could not be read.
EARLIER_QUARANTINED: Contract = {c.QUARTER: pl.Int64, c.UNIT_CODE: pl.String, c.ACTIVITY_NO: pl.Int64}
# Their budget lines that name a UR.
EARLIER_BUDGET: Contract = {c.QUARTER: pl.Int64, c.UNIT_CODE: pl.String, c.ASSIGNED_AMOUNT: pl.Float64}
# Their findings that name a UR, but for nota.
EARLIER_FINDINGS: Contract = {
    c.QUARTER: pl.Int64,
    c.RULE: pl.String,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
}
# What the workbook before each of the set said: the same sender's former one of the quarter, else the one that speaks
# for its URs in the last earlier quarter. `quarter` and `received_at` are of the submission that first told it, and of
# the same for as long as every workbook in between told it too.
KNOWN: Contract = {
    c.FILE_ID: pl.Int64,
    c.RULE: pl.String,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
    c.QUARTER: pl.Int64,
    c.RECEIVED_AT: pl.Datetime,
}
# Changes that a waiver authorised in an earlier quarter (T02, T04): from then on the value, written as the finding
# wrote it, is the baseline. activity_no is null for a budget line.
AUTHORISED: Contract = {
    c.QUARTER: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
    c.VALUE: pl.String,
}


@dataclass(frozen=True)
class History:
    """The frames above, and the last day on which the quarter's workbooks are received in time."""

    closes: date
    receipts: pl.DataFrame
    deliveries: pl.DataFrame
    programmes: pl.DataFrame
    earlier: pl.DataFrame
    activities: pl.DataFrame
    quarantined: pl.DataFrame
    budget: pl.DataFrame
    findings: pl.DataFrame
    known: pl.DataFrame
    authorised: pl.DataFrame

    @property
    def has_past(self) -> bool:
        """Whether any workbook is known of a quarter before."""
        return any(len(frame) for frame in (self.earlier, self.activities, self.quarantined, self.budget))


HISTORY: dict[str, Contract] = {
    "receipts": RECEIPTS,
    "deliveries": DELIVERIES,
    "programmes": PROGRAMMES,
    "earlier": EARLIER,
    "activities": EARLIER_ACTIVITIES,
    "quarantined": EARLIER_QUARANTINED,
    "budget": EARLIER_BUDGET,
    "findings": EARLIER_FINDINGS,
    "known": KNOWN,
    "authorised": AUTHORISED,
}
assert list(HISTORY) == [field.name for field in fields(History)][1:]


def alone(judged: Judged, closes: date) -> History:
    """The history of workbooks of which no warehouse knows: each other, and nothing before them."""
    nothing = {name: empty(contract) for name, contract in HISTORY.items()}
    files = judged.files.select(c.FILE_ID, c.FILE, c.SENDER)
    nothing["receipts"] = conform(files, RECEIPTS)
    nothing["deliveries"] = _deliveries(judged.units, files)
    nothing["programmes"] = programmes(judged.budget, files)
    return History(closes=closes, **nothing)


def _deliveries(units: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """DELIVERIES of workbooks in the order in which they came."""
    delivered = units.filter(pl.col(c.VERDICT) != REJECTED)
    named = delivered.join(files, on=c.FILE_ID, how="left", maintain_order="left")
    return conform(one_of_each_sender(named).with_columns(is_current().alias(c.IS_CURRENT)), DELIVERIES)


def one_of_each_sender(delivered: pl.DataFrame, key: str = c.FILE_ID) -> pl.DataFrame:
    """Of each sender and UR one workbook: the last in which the UR is principal, else the last that delivers it. Of
    senders that are not known (null or "") each workbook stands for itself.

    ``delivered``: sender, unit_code, level and the workbook's ``key``, in the order of receipt, which is kept.
    """
    sender = pl.coalesce(pl.col(c.SENDER).replace("", None), pl.format("workbook {}", key)).alias("whose")
    return delivered.with_columns(sender).filter(_outranks(key, "whose", c.UNIT_CODE)).drop("whose")


def is_current(key: str = c.FILE_ID) -> pl.Expr:
    """Whether a workbook is the current submission of a UR: the last in which the UR is principal, else the last.

    Over rows of unit_code, level and the workbook's ``key``, in the order of receipt.
    """
    return _outranks(key, c.UNIT_CODE)


def _outranks(key: str, *others: str) -> pl.Expr:
    last = pl.col(key).sort_by(pl.col(c.LEVEL) == "principal", maintain_order=True).last()
    return pl.col(key) == last.over(*others)


def programmes(budget: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """PROGRAMMES out of BUDGET lines and their files (file_id, file)."""
    amount, width = pl.col(c.ASSIGNED_AMOUNT), pl.col(c.half(c.ASSIGNED_AMOUNT))
    programme = pl.col(c.LEVEL) == "programme"
    sums = (
        budget.filter(~programme)
        .group_by(c.FILE_ID)
        .agg(
            pl.when(amount.is_not_null().all()).then(amount.sum()).alias(c.UNITS_SUM),
            width.sum().alias(c.half(c.UNITS_SUM)),
        )
    )
    lines = budget.filter(programme).unique(c.FILE_ID, keep="first", maintain_order=True)
    named = lines.join(files, on=c.FILE_ID, how="inner", maintain_order="left")
    return conform(named.join(sums, on=c.FILE_ID, how="left", maintain_order="left"), PROGRAMMES)
