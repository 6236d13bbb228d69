"""What each UR of a workbook comes to: aceptado, observado or rechazado, with its counts and quality."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import ACCEPTED, OBSERVED, REJECTED
from schemas.contracts.query import collected
from schemas.verdict.quality import LOST, index


def unit_verdicts(
    budget: pl.DataFrame,
    rows: pl.DataFrame,
    accepted: pl.DataFrame,
    findings: pl.DataFrame,
    asked: pl.DataFrame,
) -> pl.DataFrame:
    """One row per UR that a workbook delivers: file_id, unit_code, unit_name, level, verdict, quality and counts.

    ``rows`` are all activity rows found, ``accepted`` those not quarantined; ``findings`` carry ``lost``.
    """
    key = [c.FILE_ID, c.UNIT_CODE]
    counted = collected(
        delivered_units(budget, rows)
        .lazy()
        .join(_count(accepted, c.ROWS_ACCEPTED), on=key, how="left", maintain_order="left")
        .join(_count(rows, c.ROWS_FOUND), on=key, how="left", maintain_order="left")
        .join(asked.lazy(), on=key, how="left", maintain_order="left")
        .join(_shared_asked(asked), on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.col(c.ROWS_ACCEPTED, c.ROWS_FOUND, c.ASKED, "shared_asked").fill_null(0))
        .with_columns(
            (pl.col(c.ROWS_FOUND) - pl.col(c.ROWS_ACCEPTED)).alias(c.ROWS_QUARANTINED),
            (pl.col(c.ASKED) + pl.col("shared_asked")).alias(c.ASKED),
        )
    )
    return scored_units(counted, findings)


def scored_units(units: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """``units`` (with asked and rows counted) with their verdict, quality and findings; ``findings`` carry ``lost``.

    What a workbook is told as a whole weighs on each of its URs; what is waived on none.
    """
    key = [c.FILE_ID, c.UNIT_CODE]
    open_ = findings.lazy().filter(~pl.col(c.WAIVED))
    waived = (
        findings.lazy().filter(pl.col(c.WAIVED)).group_by(key).agg(pl.len().cast(pl.Int64).alias(c.FINDINGS_WAIVED))
    )
    own = open_.group_by(key).agg(
        _heavy().sum().alias("own"), pl.len().cast(pl.Int64).alias(c.FINDINGS), pl.col(LOST).sum()
    )
    shared = (
        open_.filter(pl.col(c.UNIT_CODE).is_null())
        .group_by(c.FILE_ID)
        .agg(_heavy().sum().alias("shared"), pl.col(LOST).sum().alias("shared_lost"))
    )
    weighed = (
        units.lazy()
        .drop(c.FINDINGS, c.FINDINGS_WAIVED, c.VERDICT, c.QUALITY, strict=False)
        .join(own, on=key, how="left", maintain_order="left")
        .join(waived, on=key, how="left", maintain_order="left")
        .join(shared, on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(
            pl.col(c.FINDINGS, c.FINDINGS_WAIVED, "own", "shared").fill_null(0),
            pl.col(LOST, "shared_lost").fill_null(0.0),
        )
    )
    clean = (pl.col(c.ROWS_QUARANTINED) == 0) & (pl.col("own") == 0) & (pl.col("shared") == 0)
    scored = weighed.with_columns(
        pl.when(pl.col(c.ROWS_ACCEPTED) == 0)
        .then(pl.lit(REJECTED))
        .when(clean)
        .then(pl.lit(ACCEPTED))
        .otherwise(pl.lit(OBSERVED))
        .alias(c.VERDICT),
        index(pl.col(c.ASKED), pl.col(LOST) + pl.col("shared_lost")).alias(c.QUALITY),
    )
    return collected(scored)


def delivered_units(budget: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """file_id, unit_code, unit_name, level: the URs of a workbook's header; where it names none, those of its rows."""
    key = [c.FILE_ID, c.UNIT_CODE]
    named = budget.lazy().drop_nulls(c.UNIT_CODE).unique(key, keep="first", maintain_order=True)
    unnamed = rows.lazy().drop_nulls(c.UNIT_CODE).join(named, on=c.FILE_ID, how="anti", maintain_order="left")
    delivered = pl.concat(
        [
            named.select(*key, c.UNIT_NAME, c.LEVEL),
            unnamed.unique(key, keep="first", maintain_order=True).select(
                *key,
                pl.lit(None, pl.String).alias(c.UNIT_NAME),
                pl.when(pl.int_range(pl.len()).over(c.FILE_ID) == 0)
                .then(pl.lit("principal"))
                .otherwise(pl.lit("derived"))
                .alias(c.LEVEL),
            ),
        ]
    )
    return collected(delivered)


def _heavy() -> pl.Expr:
    """Findings that must be answered; a nota only informs."""
    return (pl.col(c.SEVERITY) != "nota").cast(pl.Int64)


def _count(rows: pl.DataFrame, name: str) -> pl.LazyFrame:
    return rows.lazy().group_by(c.FILE_ID, c.UNIT_CODE).agg(pl.len().cast(pl.Int64).alias(name))


def _shared_asked(asked: pl.DataFrame) -> pl.LazyFrame:
    shared = asked.lazy().filter(pl.col(c.UNIT_CODE).is_null())
    return shared.group_by(c.FILE_ID).agg(pl.col(c.ASKED).sum().alias("shared_asked"))
