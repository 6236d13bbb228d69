"""A workbook's figures beside those of earlier quarters: what changed, in which cell, and whether the change heals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract, Judged
from schemas.contracts.history_inputs import History

ORDINAL = {1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto"}
BLANK = "en blanco"
HEALED = "healed"
# What a rule tells at one cell may be corrected in another: the fields that each of these sums is about.
INVOLVED = {
    "R05": (c.ANNUAL_TARGET, *c.PLANNED),
    "R06": (c.ACHIEVED_TOTAL, *c.ACHIEVED),
    "R07": (c.ACHIEVED_TOTAL, c.ANNUAL_TARGET),
    "P02": (c.ASSIGNED_AMOUNT,),
}
CELL = [c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD]

# What a change is told with.
CHANGES: Contract = {
    **dict.fromkeys((c.FILE_ID, c.QUARTER), pl.Int64),
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.SHEET: pl.String,
    **dict.fromkeys((c.ROW, c.COL), pl.Int64),
    **dict.fromkeys((c.FIELD, c.VALUE, c.EXPECTED), pl.String),
    c.DIFFERENCE: pl.Float64,
    c.ORIGIN: pl.String,
}

Wording = Callable[[pl.Expr], pl.Expr]


def before(field: str) -> str:
    """Column with what ``field`` was in an earlier quarter."""
    return f"{field}__before"


def last_quarters(history: History) -> pl.DataFrame:
    """unit_code, quarter: the last earlier quarter for which each UR delivered."""
    return history.earlier.group_by(c.UNIT_CODE).agg(pl.col(c.QUARTER).max())


def earliest(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The rows of the first quarter that holds each key."""
    return rows.sort(c.QUARTER).unique(key, keep="first", maintain_order=True)


def of_current_submissions(rows: pl.DataFrame, history: History) -> pl.DataFrame:
    """Rows of URs for which their workbook counts; another workbook is held against the past for the rest."""
    speaks = history.deliveries.filter(pl.col(c.IS_CURRENT)).select(c.FILE_ID, c.UNIT_CODE)
    return rows.join(speaks, on=[c.FILE_ID, c.UNIT_CODE], how="semi", maintain_order="left")


def activity_changes(
    judged: Judged, history: History, base: pl.DataFrame, changes: Mapping[str, tuple[pl.Expr, Wording]]
) -> pl.DataFrame:
    """Breaches: the cells of accepted activities where a change holds against ``base`` (activities of a quarter).

    ``changes`` gives, per field, when it changed, over the field and its ``before``, and how it is written. Cells with
    an authorised value are given too, changed or not (see `authorised`).
    """
    fields = [name for name in changes if name in base.columns]
    if not fields:
        return pl.DataFrame(schema=CHANGES)
    earlier = base.select(c.UNIT_CODE, c.ACTIVITY_NO, c.QUARTER, *(pl.col(name).alias(before(name)) for name in fields))
    pages = judged.pages.select(c.FILE_ID, c.SHEET, c.PAGE, c.COLUMNS)
    both = (
        of_current_submissions(judged.activities, history)
        .join(earlier, on=[c.UNIT_CODE, c.ACTIVITY_NO], how="inner", maintain_order="left")
        .join(pages, on=[c.FILE_ID, c.SHEET, c.PAGE], how="left", maintain_order="left")
    )
    return pl.concat([_changed(both, history, name, *changes[name]) for name in fields], how="diagonal_relaxed")


def budget_changes(
    judged: Judged, history: History, base: pl.DataFrame, field: str, changed: pl.Expr, wording: Wording
) -> pl.DataFrame:
    """The same for the budget line of each UR."""
    earlier = base.select(c.UNIT_CODE, c.QUARTER, pl.col(field).alias(before(field)))
    both = of_current_submissions(judged.budget, history).join(
        earlier, on=c.UNIT_CODE, how="inner", maintain_order="left"
    )
    lines = both.with_columns(pl.lit(None, pl.Int64).alias(c.ACTIVITY_NO))
    return _changed(lines, history, field, changed, wording)


def _changed(both: pl.DataFrame, history: History, field: str, changed: pl.Expr, wording: Wording) -> pl.DataFrame:
    now, then = pl.col(field), pl.col(before(field))
    numeric = both.schema[field].is_numeric()
    granted = history.authorised.filter(pl.col(c.FIELD) == field).select(c.UNIT_CODE, c.ACTIVITY_NO).unique()
    marked = both.join(
        granted.with_columns(pl.lit(value=True).alias("granted")),
        on=[c.UNIT_CODE, c.ACTIVITY_NO],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return marked.filter(changed | pl.col("granted")).select(
        c.FILE_ID,
        c.QUARTER,
        c.UNIT_CODE,
        c.ACTIVITY_NO,
        c.SHEET,
        c.ROW,
        pl.col(c.COLUMNS).str.json_path_match(f"$.{field}").cast(pl.Int64).alias(c.COL),
        pl.lit(field).alias(c.FIELD),
        wording(now).fill_null(BLANK).alias(c.VALUE),
        wording(then).fill_null(BLANK).alias(c.EXPECTED),
        (now - then if numeric else pl.lit(None, pl.Float64)).alias(c.DIFFERENCE),
        pl.col(c.QUARTER).replace_strict(ORDINAL, return_dtype=pl.String).alias(c.ORIGIN),
    )


def authorised(changes: pl.DataFrame, history: History) -> pl.DataFrame:
    """``changes`` held against what was authorised last, where something was: its value is the baseline."""
    last = history.authorised.sort(c.QUARTER).unique(CELL, keep="last", maintain_order=True)
    allowed = last.select(*CELL, pl.col(c.VALUE).alias("allowed"), pl.col(c.QUARTER).alias("granted"))
    beside = changes.join(allowed, on=CELL, how="left", nulls_equal=True, maintain_order="left")
    known = pl.col("allowed").is_not_null()
    return (
        beside.filter((pl.col("allowed") != pl.col(c.VALUE)).fill_null(value=True))
        .with_columns(
            pl.coalesce("allowed", c.EXPECTED).alias(c.EXPECTED),
            pl.when(~known).then(pl.col(c.DIFFERENCE)).alias(c.DIFFERENCE),
            pl.coalesce(pl.col("granted").replace_strict(ORDINAL, return_dtype=pl.String), c.ORIGIN).alias(c.ORIGIN),
        )
        .drop("allowed", "granted")
    )


def healing(changes: pl.DataFrame, history: History, judged: Judged, *, same_quarter: bool = False) -> pl.DataFrame:
    """``changes`` with the variant HEALED where an earlier workbook was told of the cell and this one no longer is.

    ``same_quarter``: by the very workbook that the change is held against.
    """
    told = _involving(history.findings.filter(~pl.col(c.RULE).str.starts_with("T")))
    still = of_current_submissions(judged.findings, history).select(
        c.RULE, c.UNIT_CODE, pl.col(c.ACTIVITY_NO), pl.col(c.FIELD).alias("told_at")
    )
    over = told.join(still, on=[c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, "told_at"], how="anti", nulls_equal=True)
    key = [*CELL, c.QUARTER] if same_quarter else CELL
    healed = over.select(key).unique().with_columns(pl.lit(HEALED).alias(c.VARIANT))
    whole = healed.filter(pl.col(c.ACTIVITY_NO).is_null())
    of_unit = [name for name in key if name != c.ACTIVITY_NO]
    beside = changes.join(healed, on=key, how="left", nulls_equal=True, maintain_order="left").join(
        whole.select(*of_unit, pl.col(c.VARIANT).alias("of_unit")), on=of_unit, how="left", maintain_order="left"
    )
    return beside.with_columns(pl.coalesce(c.VARIANT, "of_unit").fill_null("").alias(c.VARIANT)).drop("of_unit")


def _involving(findings: pl.DataFrame) -> pl.DataFrame:
    """Each finding once per field that it is about; ``told_at`` is the one it was told at."""
    pairs = pl.DataFrame(
        [(rule, field) for rule, fields in INVOLVED.items() for field in fields],
        schema={c.RULE: pl.String, "involved": pl.String},
        orient="row",
    )
    at = findings.with_columns(pl.col(c.FIELD).alias("told_at"))
    others = at.join(pairs, on=c.RULE, how="inner").with_columns(pl.col("involved").alias(c.FIELD)).drop("involved")
    return pl.concat([at, others.select(at.columns)])
