"""The history pass: after every batch is judged, what its workbooks are told beside each other and the past."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from schemas.contracts.context import Context
from schemas.contracts.frames import FINDINGS, Judged, conform, empty
from schemas.contracts.history_inputs import History
from schemas.findings.history_engine import history_findings
from schemas.findings.waiving import WAIVERS, with_waiver
from schemas.verdict.revision import revised

NO_WAIVERS = empty(WAIVERS)


def with_history(judged: Judged, history: History, context: Context, waivers: pl.DataFrame = NO_WAIVERS) -> Judged:
    """``judged`` with its history findings, those in ``waivers`` flagged; verdicts, quality and points follow."""

    def flagged(findings: pl.DataFrame) -> pl.DataFrame:
        return conform(with_waiver(findings, judged.files, waivers), FINDINGS)

    told = flagged(history_findings(judged, history, context))
    return revised(replace(judged, findings=flagged(judged.findings)), told, history, context.policy)
