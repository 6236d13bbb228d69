"""Text rows to typed rows: one wide row per budget line and per activity, every value beside what was written."""

from __future__ import annotations

from itertools import accumulate

import polars as pl

from config.form import Block, Field, Form
from schemas.contracts import columns as c
from schemas.contracts.lacking import absent_fields
from schemas.contracts.query import collected
from schemas.language.tolerance import ratio_range
from transforms.locate.column_map import PAGE_KEY
from transforms.rows.cell_words import plain_codes, with_words
from transforms.rows.text_rows import ROW_KEY
from transforms.typed.values import (
    Range,
    number_text,
    parsed_numbers,
    settled_column,
    split_code,
    stored_half,
    unit_code,
)

VALUE, HALF, WRITTEN = "value", "half", "written"
PARSED, PARSED_HALF = "parsed", "parsed_half"
AT = "at"
# "TOTAL", "Subtotal:", "Gran total", "Suma", "Total de la UR 06": the words that name a sum, and nothing else.
TOTALS = r"(?i)^(gran\s+)?(sub\s*)?(total(es)?|sumas?)(\s+(general|ur|de la ur|del? programa)\b.*)?[\s:.]*$"
# A stored number has no exact units beyond this, so no sum with it could be checked.
LARGEST = 1e15
COMPUTED = (c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS)


def parsed_texts(texts: pl.DataFrame) -> pl.DataFrame:
    """``texts``, clean_texts(), with the number that each is and its half-width, null where it is none: for whoever
    calls typed_cells() more than once.
    """
    value, half = parsed_numbers(pl.col(c.CLEAN))
    return texts.with_columns(value.alias(PARSED), half.alias(PARSED_HALF))


def typed_cells(long: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """``long`` with, for each cell, ``written`` (text), ``clean`` (text without odd spaces), ``value`` and ``half``
    (number or null; from LARGEST on it is none that the form can mean).
    """
    parsed = texts if PARSED in texts.columns else parsed_texts(texts)
    number = pl.col(c.NUMBER)
    # A batch holds few distinct numbers, and writing one out costs more than finding it.
    stored = (
        long.lazy()
        .select(number.unique().drop_nulls())
        .with_columns(number_text(number).alias("shown"), stored_half(number).alias("stored_half"))
    )
    typed = pl.coalesce(number, pl.col(PARSED))
    shown = pl.coalesce(pl.col("shown"), pl.col(c.DATE).dt.to_string("%Y-%m-%d"))
    cells = collected(
        long.lazy()
        .join(parsed.lazy(), on=c.TEXT_ID, how="left", maintain_order="left")
        .join(stored, on=c.NUMBER, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(pl.col(c.TEXT), shown).alias(WRITTEN),
            pl.coalesce(pl.col(c.CLEAN), shown).alias(c.CLEAN),
            pl.when(typed.abs() < LARGEST).then(typed).alias(VALUE),
            pl.coalesce(pl.col("stored_half"), pl.col(PARSED_HALF)).alias(HALF),
        )
    )
    return plain_codes(with_words(cells, texts, WRITTEN))


def activity_rows(wide: pl.DataFrame, sheets: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per activity row of ``wide`` (wide_rows()): see Evidence.rows. Subtotal and total rows are the form's own
    sums, not activities; nor is a row where only the form's formulas stand, with nothing to compute.
    """
    wide = wide.join(_without_work(wide, form), on=ROW_KEY, how="anti", maintain_order="left")
    number = pl.col(c.ACTIVITY_NO)
    return collected(
        wide.lazy()
        .with_columns(
            unit_code(pl.col(c.UNIT_CODE)).alias(c.UNIT_CODE),
            pl.when((number >= 1) & (number == number.floor()) & (number < 1e9)).then(number).cast(pl.Int64),
            *settled_column(wide, c.REPORTED_PROGRESS, _ratio(pl.col(c.ACHIEVED_TOTAL), pl.col(c.ANNUAL_TARGET))),
        )
        .join(sheets.lazy(), on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
        .sort(*ROW_KEY)
        .with_row_index(c.ROW_ID)
    )


def _without_work(wide: pl.DataFrame, form: Form) -> pl.DataFrame:
    """ROW_KEY of rows that are no activities: few rows lack an activity's number, and only those are looked at."""
    unnumbered = wide.filter(pl.col(c.ACTIVITY_NO).is_null())
    return unnumbered.filter(_is_total(form) | _is_blank(form)).select(ROW_KEY)


def _is_total(form: Form) -> pl.Expr:
    """A sum: its words are a name for sums, beside a UR at most, and it has no activity's number."""
    words = [f.name for f in form.activity if not f.numeric and f.name != c.UNIT_CODE]
    names = [pl.col(c.written(name)) for name in (c.UNIT_CODE, c.ACTIVITY_NO, *words)]
    named = pl.any_horizontal(name.str.contains(TOTALS).fill_null(value=False) for name in names)
    others = [name.str.contains(TOTALS).fill_null(value=True) for name in names[1:]]
    return named & pl.all_horizontal(others)


def _is_blank(form: Form) -> pl.Expr:
    """Nothing but zeros in the columns that the form computes."""
    typed = [pl.col(c.written(f.name)).is_null() for f in form.activity if f.name not in COMPUTED]
    zero = [pl.col(c.written(name)).is_null() | (pl.col(name) == 0).fill_null(value=False) for name in COMPUTED]
    return pl.all_horizontal(*typed, *zero)


def budget_lines(long: pl.DataFrame, texts: pl.DataFrame, sheets: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per budget line of each workbook: see Evidence.budget. Pages repeat the lines; the first page speaks."""
    cells = typed_cells(long, texts)
    levels = cells.lazy().select(*ROW_KEY, c.LEVEL).unique()
    names = _names(cells.lazy().filter(pl.col(c.FIELD) == c.UNIT_NAME))
    code, name = split_code(pl.col(c.NAME))
    programme = pl.col(c.LEVEL) == "programme"
    lines = collected(
        wide_rows(cells.filter(pl.col(c.FIELD) != c.UNIT_NAME), form, "budget")
        .lazy()
        .join(levels, on=ROW_KEY, how="full", coalesce=True)
        .join(names, on=ROW_KEY, how="left")
        .filter(pl.col(c.NAME).is_not_null() | pl.col(c.ASSIGNED_AMOUNT).is_not_null() | (pl.col(c.LEVEL) != "derived"))
    )
    return collected(
        lines.lazy()
        .with_columns(
            pl.when(~programme).then(code).alias(c.UNIT_CODE),
            pl.when(programme).then(pl.col(c.NAME)).otherwise(name).alias(c.UNIT_NAME),
            *settled_column(lines, c.REPORTED_PROGRESS, pl.lit(None, pl.Float64), _shares()),
        )
        .sort(*ROW_KEY)
        # A page may hold lines that read the same, such as two without a name; another page repeats them.
        .with_columns(pl.int_range(pl.len()).over(*PAGE_KEY, c.LEVEL, c.NAME).alias("copy"))
        .unique([c.FILE_ID, c.LEVEL, c.NAME, "copy"], keep="first", maintain_order=True)
        .with_columns(pl.int_range(pl.len()).over(c.FILE_ID).alias(c.LINE))
        .join(sheets.lazy(), on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
    )


def _shares() -> list[Range]:
    """What a line's percentage may report on: each quarter's figure, or their sum so far, of the assigned amount."""
    amount, amount_half = pl.col(c.ASSIGNED_AMOUNT), pl.col(c.half(c.ASSIGNED_AMOUNT))
    each = [(pl.col(name), pl.col(c.half(name))) for name in c.EXERCISED]
    whole = pl.when(amount > amount_half).then(amount)
    sums = list(accumulate(each, lambda left, right: (left[0] + right[0], left[1] + right[1])))
    return [ratio_range(part, half, whole, amount_half) for part, half in (*each, *sums[1:])]


def _names(cells: pl.LazyFrame) -> pl.LazyFrame:
    """ROW_KEY, name: what stands beside each line's label, a code and a name in cells of their own put together."""
    joined = cells.sort(*ROW_KEY, c.COL).group_by(ROW_KEY).agg(pl.col(c.CLEAN).drop_nulls().str.join(" ").alias(c.NAME))
    return joined.with_columns(pl.when(pl.col(c.NAME) != "").then(pl.col(c.NAME)))


def wide_rows(cells: pl.DataFrame, form: Form, block: Block) -> pl.DataFrame:
    """Typed cells, long, as one row per ROW_KEY with a column per field of the form's block and per core field that it
    lacks, null where nothing stands.

    Numeric fields have value, half and written; the others hold clean text, and written too.
    """
    # Where each value stands is turned once; the values are then gathered from there.
    at = cells.with_row_index(AT).pivot(c.FIELD, index=ROW_KEY, values=AT, aggregate_function="first")
    nowhere = pl.repeat(None, at.height, dtype=pl.UInt32, eager=True)
    columns = [
        column
        for field in form.field
        if field.block == block
        for column in _columns(field, at[field.name] if field.name in at.columns else nowhere)
    ]
    return pl.concat([at.select(ROW_KEY), cells.select(columns)], how="horizontal").with_columns(
        absent_fields(form, block)
    )


def _columns(field: Field, at: pl.Series) -> list[pl.Expr]:
    def part(of: str, name: str) -> pl.Expr:
        return pl.col(of).gather(at).alias(name)

    written = part(WRITTEN, c.written(field.name))
    if not field.numeric:
        return [part(c.CLEAN, field.name), written]
    return [part(VALUE, field.name), part(HALF, c.half(field.name)), written]


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole != 0).then(part / whole)
