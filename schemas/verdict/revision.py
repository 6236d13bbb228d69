"""A judged batch revised: with what history tells of it, without the weight of what is waived."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from config.policy import Policy
from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, UNITS, Judged, conform
from schemas.contracts.history_inputs import History
from schemas.findings.render import RANK
from schemas.verdict.file_verdict import scored_files
from schemas.verdict.quality import with_points
from schemas.verdict.unit_verdict import scored_units

SAME = [c.FILE_ID, c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD]


def revised(judged: Judged, told: pl.DataFrame, history: History, policy: Policy) -> Judged:
    """``judged`` with the findings ``told`` in history scope; verdicts, quality and points follow.

    Findings flagged as waived stay listed and weigh nothing. Each finding says since when it is known.
    """
    # The gravest first: of several findings on one cell that one counts.
    together = pl.concat([judged.findings, conform(told, FINDINGS)]).sort(
        c.FILE_ID, RANK, c.RULE, c.SHEET, c.ROW, c.COL, nulls_last=True, maintain_order=True
    )
    pointed = with_points(known_since(together, history.known), judged.files, policy)
    units = scored_units(judged.units, pointed)
    return replace(
        judged,
        files=scored_files(judged.files, units, pointed),
        units=conform(units, UNITS),
        findings=conform(pointed, FINDINGS),
    )


def known_since(findings: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """FINDINGS with the quarter and receipt of the workbook that told each first, out of KNOWN."""
    first = known.sort(c.QUARTER, c.RECEIVED_AT).unique(SAME, keep="first", maintain_order=True)
    seen = first.select(
        *SAME, pl.col(c.QUARTER).alias(c.KNOWN_QUARTER), pl.col(c.RECEIVED_AT).dt.date().alias(c.KNOWN_SINCE)
    )
    return findings.drop(c.KNOWN_QUARTER, c.KNOWN_SINCE).join(
        seen, on=SAME, how="left", nulls_equal=True, maintain_order="left"
    )
