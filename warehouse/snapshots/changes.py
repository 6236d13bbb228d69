"""What differs between two published versions: per UR, activity and field, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, Select, select

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts import frames as f
from schemas.language.wording import amount_text, count_text, percent_text
from warehouse.database.bulk import insert_frame, read_frame
from warehouse.database.keys import Keys
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.submissions.current import DELIVERED

# UR whose facts are compared at once.
AT_ONCE: Final = 500
BEFORE, AFTER, STATUS = "before", "after", "status"
STATUS_LABEL: Final = "Estado de la entrega"
JUDGEMENT_ID: Final = "judgement_id"

# One row per changed value. `activity_no` is null for a budget line and for the UR's own status. `judgement_id` is the
# one that the value after comes from, null where the UR is missing there.
CHANGES: Final[f.Contract] = {
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
    BEFORE: pl.String,
    AFTER: pl.String,
    JUDGEMENT_ID: pl.Int64,
}

Wording = Callable[[pl.Expr], pl.Expr]


def _as_is(text: pl.Expr) -> pl.Expr:
    return text


def _progress(ratio: pl.Expr) -> pl.Expr:
    return percent_text(ratio)


# Fields that every quarter restates, so that they can be compared between quarters too.
PLANS: Final[dict[str, Wording]] = {
    **dict.fromkeys((c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE), _as_is),
    c.ASSIGNED_AMOUNT: amount_text,
    c.MEASURE_UNIT: _as_is,
    **dict.fromkeys((c.ANNUAL_TARGET, *c.PLANNED), count_text),
    c.PURPOSE: _as_is,
}
RESULTS: Final[dict[str, Wording]] = {
    c.ACHIEVED_TOTAL: count_text,
    c.REPORTED_PROGRESS: _progress,
    c.JUSTIFICATION: _as_is,
}


def changes(connection: Connection, before_id: int, after_id: int, covered: int | None = None) -> pl.DataFrame:
    """CHANGES from the snapshot ``before_id`` to ``after_id``.

    ``covered``: the quarter of an earlier snapshot, so that what it could not know is no change: results are then
    compared up to that quarter (1-4) alone, and totals, progress and justifications not at all.
    """
    before, after = _units(connection, before_id), _units(connection, after_id)
    moved = before.join(after, on=c.UNIT_CODE, how="full", coalesce=True, suffix="_after").filter(
        pl.col(JUDGEMENT_ID).ne_missing(pl.col(f"{JUDGEMENT_ID}_after"))
        | pl.col(STATUS).ne_missing(pl.col(f"{STATUS}_after"))
    )
    codes = moved.get_column(c.UNIT_CODE).sort().to_list()
    parts = [_statuses(moved)] if covered is None else []
    for start in range(0, len(codes), AT_ONCE):
        chunk = codes[start : start + AT_ONCE]
        parts += _of_units(connection, before.filter(_among(chunk)), after.filter(_among(chunk)), covered)
    if not parts:
        return f.empty(CHANGES)
    return pl.concat(parts).sort(c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, nulls_last=False)


def store(
    connection: Connection, keys: Keys, snapshot_id: int, against: Row[*tuple[Any, ...]], quarter: int, form: Form
) -> None:
    """Stores the changes of the version ``snapshot_id`` of ``quarter`` from the version ``against``."""
    found = changes(connection, against.id, snapshot_id, None if against.quarter == quarter else against.quarter)
    judgements = found.get_column(JUDGEMENT_ID).drop_nulls().unique().sort().to_list()
    read = t.judgement.c
    sources = read_frame(
        connection,
        select(read.id, read.submission_id).where(read.id.in_(judgements)),
        {JUDGEMENT_ID: pl.Int64, "submission_id": pl.Int64},
    )
    first = keys.take(v.change, found.height)
    rows = found.join(sources, on=JUDGEMENT_ID, how="left", maintain_order="left").drop(JUDGEMENT_ID)
    insert_frame(
        connection,
        v.change,
        rows.with_columns(
            (pl.int_range(pl.len()) + first).alias("id"),
            pl.lit(snapshot_id).alias("snapshot_id"),
            pl.lit(against.id).alias("against_id"),
            label(form).alias(c.LABEL),
        ),
    )


def label(form: Form) -> pl.Expr:
    """The printed label of a change's field: an activity's, a budget line's, or the words for a UR's status."""
    in_rows = {field.name: form.told("activity", field.name) for field in form.activity}
    in_lines = {field.name: form.told("budget", field.name) for field in form.budget} | {STATUS: STATUS_LABEL}
    field = pl.col(c.FIELD)
    return (
        pl.when(pl.col(c.ACTIVITY_NO).is_not_null())
        .then(field.replace_strict(in_rows, default=field, return_dtype=pl.String))
        .otherwise(field.replace_strict(in_lines, default=field, return_dtype=pl.String))
    )


def _among(codes: Sequence[str]) -> pl.Expr:
    return pl.col(c.UNIT_CODE).is_in(codes)


def _units(connection: Connection, snapshot_id: int) -> pl.DataFrame:
    said = v.snapshot_unit
    rows = select(said.c.unit_code, said.c.status, said.c.judgement_id).where(said.c.snapshot_id == snapshot_id)
    return read_frame(
        connection, rows, {c.UNIT_CODE: pl.String, STATUS: pl.String, JUDGEMENT_ID: pl.Int64}
    ).with_columns(pl.when(pl.col(STATUS).is_in(DELIVERED)).then(JUDGEMENT_ID).alias("speaker"))


def _statuses(moved: pl.DataFrame) -> pl.DataFrame:
    now, then = pl.col(f"{STATUS}_after"), pl.col(STATUS)
    return moved.filter(now.ne_missing(then)).select(
        c.UNIT_CODE,
        pl.lit(None, pl.Int64).alias(c.ACTIVITY_NO),
        pl.lit(STATUS).alias(c.FIELD),
        then.alias(BEFORE),
        now.alias(AFTER),
        pl.col(f"{JUDGEMENT_ID}_after").alias(JUDGEMENT_ID),
    )


def _of_units(
    connection: Connection, before: pl.DataFrame, after: pl.DataFrame, covered: int | None
) -> Iterable[pl.DataFrame]:
    quarter = covered or len(c.QUARTERS)
    in_rows = PLANS | dict.fromkeys(c.ACHIEVED[:quarter], count_text) | ({} if covered else RESULTS)
    in_lines: dict[str, Wording] = dict.fromkeys((c.ASSIGNED_AMOUNT, *c.EXERCISED[:quarter]), amount_text)
    if covered is None:
        in_lines |= {c.REPORTED_PROGRESS: _progress}
    yield from _compared(_activities(connection, before), _activities(connection, after), in_rows, [c.ACTIVITY_NO])
    yield from _compared(_lines(connection, before), _lines(connection, after), in_lines, [])


def _compared(
    before: pl.DataFrame, after: pl.DataFrame, fields: dict[str, Wording], key: list[str]
) -> Iterable[pl.DataFrame]:
    """Fields of what stands in both; of what stands in one alone, that it does."""
    on = [c.UNIT_CODE, *key]
    both = before.join(after, on=on, how="full", coalesce=True, suffix="_after", nulls_equal=True)
    there = [pl.col("place").is_not_null(), pl.col("place_after").is_not_null()]
    number = pl.col(c.ACTIVITY_NO) if key else pl.lit(None, pl.Int64)
    source = pl.col(f"{JUDGEMENT_ID}_after").alias(JUDGEMENT_ID)

    def told(rows: pl.DataFrame, field: str, then: pl.Expr, now: pl.Expr) -> pl.DataFrame:
        return rows.select(
            c.UNIT_CODE,
            number.alias(c.ACTIVITY_NO),
            pl.lit(field).alias(c.FIELD),
            then.cast(pl.String).alias(BEFORE),
            now.cast(pl.String).alias(AFTER),
            source,
        )

    if key:
        alone = both.filter(there[0] != there[1])
        yield told(alone, c.ACTIVITY_NO, pl.when(there[0]).then(number), pl.when(there[1]).then(number))
    held = both.filter(there[0] & there[1])
    for field, wording in fields.items():
        then, now = pl.col(field), pl.col(f"{field}_after")
        yield told(held.filter(then.ne_missing(now)), field, wording(then), wording(now))


def _activities(connection: Connection, units: pl.DataFrame) -> pl.DataFrame:
    speakers = units.drop_nulls("speaker")
    names = (*PLANS, *RESULTS)
    plain = [name for name in names if name not in c.PLANNED]
    rows = select(
        t.activity.c.judgement_id,
        t.activity.c.unit_code,
        t.activity.c.activity_no,
        *(t.activity.c[name] for name in plain),
    )
    source: Any = t.activity
    for number in c.QUARTERS:
        quarter = t.activity_quarter.alias(f"q{number}")
        source = source.join(quarter, (quarter.c.activity_id == t.activity.c.id) & (quarter.c.quarter == number))
        rows = rows.add_columns(quarter.c.planned, quarter.c.achieved)
    calendar = [name for pair in zip(c.PLANNED, c.ACHIEVED, strict=True) for name in pair]
    schema: f.Contract = {
        JUDGEMENT_ID: pl.Int64,
        **{name: f.ACTIVITIES[name] for name in (c.UNIT_CODE, c.ACTIVITY_NO, *plain, *calendar)},
    }
    found = read_frame(connection, _of(rows.select_from(source), t.activity.c.judgement_id, speakers), schema)
    return _speaking(found, speakers)


def _lines(connection: Connection, units: pl.DataFrame) -> pl.DataFrame:
    speakers = units.drop_nulls("speaker")
    line = t.budget_line.c
    names = (c.ASSIGNED_AMOUNT, *c.EXERCISED, c.REPORTED_PROGRESS)
    rows = select(line.judgement_id, line.unit_code, *(line[name] for name in names)).where(line.unit_code.is_not(None))
    schema: f.Contract = {JUDGEMENT_ID: pl.Int64, c.UNIT_CODE: pl.String, **{name: f.BUDGET[name] for name in names}}
    found = read_frame(connection, _of(rows, line.judgement_id, speakers), schema)
    return _speaking(found, speakers).unique(c.UNIT_CODE, keep="first", maintain_order=True)


def _of(rows: Select[*tuple[Any, ...]], judgement: Any, speakers: pl.DataFrame) -> Select[*tuple[Any, ...]]:
    return rows.where(judgement.in_(speakers.get_column("speaker").unique().sort().to_list()))


def _speaking(rows: pl.DataFrame, speakers: pl.DataFrame) -> pl.DataFrame:
    """Rows of the URs for which their judgement speaks, marked as there."""
    speak = speakers.select(c.UNIT_CODE, pl.col("speaker").alias(JUDGEMENT_ID))
    kept = rows.join(speak, on=[c.UNIT_CODE, JUDGEMENT_ID], how="semi", maintain_order="left")
    return kept.with_columns(pl.lit(value=True).alias("place"))
