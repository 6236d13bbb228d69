"""Units of measure of activity rows: their canonical spelling, and their figures read as policy says.

Most measures add up over quarters; a percentage does not: 100, 100, 100, 100 makes an annual target of 100. What a
reading makes of the quarters is worked out here once, and the rules judge it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, reduce
from operator import add
from typing import Final, TypeAlias

import polars as pl

from config.files import ConfigError
from config.policy import Measure
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.language.spelling import canonical, plain
from schemas.language.tolerance import differs

# Columns that ``measured`` adds to the rows beside MEASURE and READING. ``counted``: the measure numbers things. The
# figures are in the unit of measure, null where a cell that they need is missing or cannot be read.
COUNTED: Final = "counted"
CALENDAR: Final = "calendar"  # planned over the year
RESULTS: Final = "results"  # achieved, to hold against the total
PLANNED_TO_DATE: Final = "planned_to_date"
ACHIEVED_TO_DATE: Final = "achieved_to_date"

SUM, LAST, AVERAGE, MAXIMUM = "sum", "last", "average", "maximum"
SPANISH: Final = {LAST: "último valor", AVERAGE: "promedio", MAXIMUM: "máximo"}
COUNTS: Final = (c.ANNUAL_TARGET, *c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL)

Measures: TypeAlias = tuple[Measure, ...]
Terms: TypeAlias = list[pl.Expr]
Figures: TypeAlias = dict[str, pl.Expr]


def measured(evidence: Evidence, context: Context) -> Evidence:
    """The evidence with MEASURE, READING and the columns named above in its rows; a row whose calendar does not come to
    the annual target as policy reads it, but adds up to it, is read as a sum.

    Raises ConfigError where policy gives one spelling to two measures.
    """
    rows = _named(evidence.rows, context.policy.measure)
    plainly = pl.col(COUNTED) & (pl.col(c.READING) == SUM)
    added, others = rows.filter(plainly).with_columns(**_sums(context.quarter)), rows.filter(~plainly)
    if others.is_empty():
        return replace(evidence, rows=added)
    # Few rows are read otherwise, and every reading is worked out for each of them.
    settled = _in_points(others).with_columns(_settled_reading().alias(c.READING))
    read = settled.with_columns(**figures(context.quarter))
    return replace(evidence, rows=pl.concat([added, read]).sort(c.ROW_ID))


def figures(quarter: int) -> Figures:
    """CALENDAR, RESULTS, PLANNED_TO_DATE and ACHIEVED_TO_DATE of rows by their READING; the views say the same."""
    sums, others = _sums(quarter), _read(quarter)
    adds_up = pl.col(c.READING) == SUM
    return {name: pl.when(adds_up).then(sums[name]).otherwise(other) for name, other in others.items()}


def spelled(text: str, measures: Measures) -> tuple[str, str, bool]:
    """Canonical spelling, reading and whether it is counted, of a unit of measure as written."""
    known, begins = _names(measures)
    name = canonical(text)
    key = plain(name)
    if key in known:
        measure = known[key]
        return measure.name, measure.reading, measure.counted
    for words, measure in begins:
        if f"{key} ".startswith(f"{words} "):
            return name, measure.reading, measure.counted
    return name, SUM, True


def reading_note() -> pl.Expr:
    """What a message adds where a row is not read as a sum."""
    how = pl.col(c.READING).replace_strict(SPANISH, default=None, return_dtype=pl.String)
    return pl.format(" (según la política, «{}» se lee como {})", pl.col(c.MEASURE_UNIT), how)


@lru_cache
def _names(measures: Measures) -> tuple[dict[str, Measure], list[tuple[str, Measure]]]:
    """Measures by spelling, and by first words."""
    known: dict[str, Measure] = {}
    for measure in measures:
        for spelling in (measure.name, *measure.spellings):
            other = known.setdefault(plain(canonical(spelling)), measure)
            if other is not measure:
                raise ConfigError(
                    f"policy.toml [[measure]]: «{spelling}» names both {other.name} and {measure.name}; "
                    "leave it with one of them"
                )
    return known, [(plain(canonical(words)), measure) for measure in measures for words in measure.begins]


def _named(rows: pl.DataFrame, measures: Measures) -> pl.DataFrame:
    distinct = rows.get_column(c.MEASURE_UNIT).unique().drop_nulls().to_list()
    names = pl.DataFrame(
        [(text, *spelled(text, measures)) for text in distinct],
        schema={c.MEASURE_UNIT: pl.String, c.MEASURE: pl.String, c.READING: pl.String, COUNTED: pl.Boolean},
        orient="row",
    )
    return rows.join(names, on=c.MEASURE_UNIT, how="left", maintain_order="left").with_columns(
        pl.col(c.READING).fill_null(SUM), pl.col(COUNTED).fill_null(value=True)
    )


def _in_points(rows: pl.DataFrame) -> pl.DataFrame:
    """A figure written 100% is 100 of a measure that is not counted. Beside a bare 1, which may be 1 % or a whole in
    Excel's own scale, nothing tells: then all stay as they were typed.
    """
    signed = {name: pl.col(c.written(name)).str.contains("%", literal=True).fill_null(value=False) for name in COUNTS}
    unsure = [~sign & (pl.col(name) > 0) & (pl.col(name) <= 1) for name, sign in signed.items()]
    some = pl.any_horizontal(signed.values()) & ~pl.col(COUNTED)
    points = rows.select((some & ~pl.any_horizontal(unsure).fill_null(value=False)).alias("points")).to_series()
    if not points.any():
        return rows
    return rows.with_columns(
        pl.when(points & sign).then((pl.col(name) * 100).round(6)).otherwise(pl.col(name)).alias(name)
        for name, sign in signed.items()
    )


def _sums(quarter: int) -> Figures:
    """Counts are exact; null where one is missing, so that R01 or R02 alone tells of it."""
    planned = [pl.col(name) for name in c.PLANNED]
    ended = [pl.col(name) for name in c.ACHIEVED[:quarter]]
    later = [pl.when(_blank(name)).then(0.0).otherwise(pl.col(name)) for name in c.ACHIEVED[quarter:]]
    return {
        CALENDAR: _total(planned),
        RESULTS: _total([*ended, *later]),
        PLANNED_TO_DATE: _total(planned[:quarter]),
        ACHIEVED_TO_DATE: _total(_due(quarter)),
    }


def _settled_reading() -> pl.Expr:
    annual, planned = pl.col(c.ANNUAL_TARGET), [pl.col(name) for name in c.PLANNED]
    exact = pl.lit(0.0)
    adds_up = differs(annual, _chosen(planned, planned), exact) & ~differs(annual, _total(planned), exact)
    return pl.when(adds_up).then(pl.lit(SUM)).otherwise(pl.col(c.READING))


def _read(quarter: int) -> Figures:
    """The figures of measures that do not add up; a result in a quarter that has not ended is R08's alone, and results
    where none was planned have no average to hold against the total.
    """
    planned, due = [pl.col(name) for name in c.PLANNED], _due(quarter)
    to_date = _chosen(planned[:quarter], planned[:quarter])
    achieved = _chosen(due, planned[:quarter])
    without_plan = (pl.col(c.READING) == AVERAGE) & (to_date == 0)
    none_later = pl.all_horizontal(
        [pl.lit(value=True), *(_blank(name) | (pl.col(name) == 0) for name in c.ACHIEVED[quarter:])]
    )
    return {
        CALENDAR: _chosen(planned, planned),
        RESULTS: pl.when(none_later & ~without_plan).then(achieved),
        PLANNED_TO_DATE: to_date,
        ACHIEVED_TO_DATE: achieved,
    }


def _chosen(figures: Terms, planned: Terms) -> pl.Expr:
    """Last, average or highest of the quarters' figures, as warehouse/views/activity_to_date.sql has it."""
    reading = pl.col(c.READING)
    pairs = list(zip(figures, planned, strict=True))
    last = [pl.when((plan != 0) | (figure != 0)).then(figure) for figure, plan in reversed(pairs)]
    with_plan = [(plan != 0).cast(pl.Float64) for plan in planned]
    mean = _total([figure * plan for figure, plan in zip(figures, with_plan, strict=True)]) / _total(with_plan)
    chosen = (
        pl.when(reading == LAST)
        .then(pl.coalesce(*last, 0.0))
        .when(reading == AVERAGE)
        .then(mean.fill_nan(0.0))
        .otherwise(pl.max_horizontal(figures))
    )
    return pl.when(pl.all_horizontal(term.is_not_null() for term in (*figures, *planned))).then(chosen)


def _due(quarter: int) -> Terms:
    """Achieved of the ended quarters; blank where nothing was planned is nothing."""
    return [
        pl.when(_blank(achieved) & (pl.col(planned) == 0)).then(0.0).otherwise(pl.col(achieved))
        for achieved, planned in zip(c.ACHIEVED[:quarter], c.PLANNED[:quarter], strict=True)
    ]


def _blank(name: str) -> pl.Expr:
    return pl.col(c.written(name)).is_null()


def _total(terms: Terms) -> pl.Expr:
    return reduce(add, terms)
