"""What each workbook comes to, out of its URs; a finding of severity archivo rejects it whole."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import ACCEPTED, FILES, OBSERVED, REJECTED, conform
from schemas.contracts.query import collected
from schemas.verdict.quality import LOST, index


def file_verdicts(files: pl.DataFrame, units: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """One row per workbook: the columns of FILES.

    ``files`` holds the file (file, path, sha256, bytes, sender), the form recognised in it, the cells asked and its
    rows accepted and quarantined. A principal UR that was read outranks the sender.
    """
    principal = units.lazy().filter(pl.col(c.LEVEL) == "principal").group_by(c.FILE_ID).agg(pl.col(c.UNIT_CODE).first())
    accepted, held = pl.col(c.ROWS_ACCEPTED).fill_null(0), pl.col(c.ROWS_QUARANTINED).fill_null(0)
    counted = (
        files.lazy()
        .join(principal, on=c.FILE_ID, how="left")
        .with_columns(
            pl.coalesce(c.UNIT_CODE, c.SENDER).alias(c.SENDER),
            pl.col(c.ASKED).fill_null(0),
            (accepted + held).alias(c.ROWS_FOUND),
            accepted.alias(c.ROWS_ACCEPTED),
            held.alias(c.ROWS_QUARANTINED),
        )
    )
    return scored_files(collected(counted), units, findings)


def scored_files(files: pl.DataFrame, units: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """FILES with verdict and quality out of their scored ``units`` and findings (with ``lost``)."""
    out = pl.col("out").fill_null(value=False)
    rejected = rejected_files(findings).lazy().with_columns(pl.lit(value=True).alias("out"))
    scored = (
        files.lazy()
        .join(rejected, on=c.FILE_ID, how="left")
        .join(
            units.lazy().group_by(c.FILE_ID).agg((pl.col(c.VERDICT) == ACCEPTED).all().alias("all_accepted")),
            on=c.FILE_ID,
            how="left",
        )
        .join(findings.lazy().group_by(c.FILE_ID).agg(pl.col(LOST).sum()), on=c.FILE_ID, how="left")
        .sort(c.FILE_ID)
        .with_columns(
            pl.when(out | (pl.col(c.ROWS_ACCEPTED) == 0))
            .then(pl.lit(REJECTED))
            .when(pl.col("all_accepted"))
            .then(pl.lit(ACCEPTED))
            .otherwise(pl.lit(OBSERVED))
            .alias(c.VERDICT),
            pl.when(out).then(0.0).otherwise(index(pl.col(c.ASKED), pl.col(LOST))).alias(c.QUALITY),
        )
    )
    return conform(collected(scored), FILES)


def rejected_files(findings: pl.DataFrame) -> pl.DataFrame:
    """file_id of the workbooks that a finding of severity archivo rejects."""
    return collected(findings.lazy().filter(pl.col(c.SEVERITY) == "archivo").select(c.FILE_ID).unique())
