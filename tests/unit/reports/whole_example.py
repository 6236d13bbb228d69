"""The judged example with all that a page can tell: a workbook before, answers, and the traffic light."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import judged_example as example
import polars as pl

from config.policy import TrafficLight
from reports.unit.since import Previous
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged

LIGHT = TrafficLight(green=0.9, amber=0.7, blue=1.3)


def whole(answer: str = "El ajuste se tramita con el oficio 12.") -> tuple[Judged, dict[str, Any]]:
    """The judged workbook, and what its report is told beside."""
    judged = example.observed()
    told = judged.findings.with_columns(
        pl.when(pl.col(c.RULE) != "R13").then(pl.date(2024, 7, 5)).alias(c.KNOWN_SINCE),
        pl.when(pl.col(c.RULE).is_in(["R05", "E03"])).then(pl.lit(answer)).alias(c.ANSWER),
    )
    gone = {"unit_code": "06", "activity_no": 1, "field": c.ANNUAL_TARGET, "message": f"Decía {answer}"}
    corrected = example.frame([example.finding("R10", "aviso", at="POA 1!H27", **gone)], "findings")
    before = Previous(pl.concat([judged.findings.filter(pl.col(c.RULE) != "R13"), corrected]), 2, "2024-07-05")
    return replace(judged, findings=told), {"previous": before, "light": LIGHT}
