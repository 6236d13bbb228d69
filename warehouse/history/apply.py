"""The history pass over a quarter's set: what its workbooks are told beside each other and the past, and what of each
UR comes of that and of the waivers in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl
from sqlalchemy import Connection

from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, UNITS, Contract, Judged, conform
from schemas.contracts.history_inputs import History
from schemas.findings.waiving import with_waiver
from warehouse.history.inputs import QuarterHistory
from warehouse.submissions import stored
from warehouse.submissions.current import CandidateSubmissions
from warehouse.submissions.stored import portions

JudgeHistory = Callable[[Judged, History], pl.DataFrame]
Revise = Callable[[Judged, pl.DataFrame, History], Judged]

# History findings of the set, with the waiver of each; and which of the judgements' own are waived.
HISTORY_FINDINGS: Final[Contract] = {**FINDINGS, c.WAIVER_ID: pl.Int64}
WAIVED: Final[Contract] = {"finding_id": pl.Int64, c.WAIVER_ID: pl.Int64}


# Workbooks judged at once where their activities are not read.
MANY: Final = 4 * stored.AT_ONCE


@dataclass(frozen=True)
class Judge:
    """Tells history findings, and revises judged workbooks (files, units and findings suffice) with them."""

    findings: JudgeHistory
    revised: Revise


@dataclass(frozen=True)
class HistoryResult:
    """What the pass came to: HISTORY_FINDINGS, WAIVED, and UNITS of the workbooks for which it changed anything."""

    findings: pl.DataFrame
    waived: pl.DataFrame
    units: pl.DataFrame


def apply_history_rules(
    connection: Connection,
    found: CandidateSubmissions,
    judgements: Sequence[int],
    past: QuarterHistory,
    waivers: pl.DataFrame,
    judge: Judge,
) -> HistoryResult:
    """The pass over the set's ``judgements``, some hundred workbooks at a time.

    Where none of a workbook's URs was delivered before, its activities are not read: nothing is held against them.
    """
    compared = set(past.compared(found)) & set(judgements)
    alone = [key for key in judgements if key not in compared]
    parts = [_part(connection, found, some, past, waivers, judge, facts=False) for some in portions(alone, MANY)]
    parts += [_part(connection, found, some, past, waivers, judge, facts=True) for some in portions(sorted(compared))]
    return HistoryResult(
        findings=_together((part.findings for part in parts), HISTORY_FINDINGS).sort(c.FILE_ID, maintain_order=True),
        waived=_together((part.waived for part in parts), WAIVED),
        units=_together((part.units for part in parts), UNITS),
    )


def _part(
    connection: Connection,
    found: CandidateSubmissions,
    some: Sequence[int],
    past: QuarterHistory,
    waivers: pl.DataFrame,
    judge: Judge,
    *,
    facts: bool,
) -> HistoryResult:
    judged = stored.read_judgements(connection, some, facts=facts)
    history = past.of(connection, some, judged.units[c.UNIT_CODE].unique().to_list())
    told = with_waiver(judge.findings(judged, history), judged.files, waivers)
    touched = {*told[c.FILE_ID], *_concerned(judged, waivers)}
    if not touched:
        return HistoryResult(
            pl.DataFrame(schema=HISTORY_FINDINGS), pl.DataFrame(schema=WAIVED), pl.DataFrame(schema=UNITS)
        )
    return _revised(connection, judged, sorted(touched), told, history, waivers, judge)


def _revised(
    connection: Connection,
    read: Judged,
    touched: Sequence[int],
    told: pl.DataFrame,
    history: History,
    waivers: pl.DataFrame,
    judge: Judge,
) -> HistoryResult:
    judged, keys = stored.read_for_quality(connection, read, touched)
    own = with_waiver(judged.findings, judged.files, waivers)
    waived = own.with_columns(keys.alias("finding_id")).drop_nulls(c.WAIVER_ID)
    revised = judge.revised(replace(judged, findings=conform(own, FINDINGS)), conform(told, FINDINGS), history)
    changed = pl.concat([told[c.FILE_ID], waived[c.FILE_ID]]).unique()
    return HistoryResult(
        # Their own findings were read without words: those that have a message are history's.
        findings=conform(with_waiver(revised.findings.drop_nulls(c.MESSAGE), judged.files, waivers), HISTORY_FINDINGS),
        waived=conform(waived, WAIVED),
        units=_measured(revised.units.filter(pl.col(c.FILE_ID).is_in(changed.implode())), judged.units),
    )


def _measured(units: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """``units``, with the quality of ``before`` where it was not kept how many cells the workbook was asked for."""
    stated = before.select(c.FILE_ID, c.UNIT_CODE, pl.col(c.QUALITY).alias("stated"))
    beside = units.join(stated, on=[c.FILE_ID, c.UNIT_CODE], how="left", maintain_order="left")
    measured = pl.when(pl.col(c.ASKED).is_null()).then("stated").otherwise(c.QUALITY)
    return conform(beside.with_columns(measured.alias(c.QUALITY)), UNITS)


def _concerned(judged: Judged, waivers: pl.DataFrame) -> Iterable[int]:
    """Workbooks that deliver or were sent by a UR of which something is waived."""
    units = waivers[c.UNIT_CODE].implode()
    of_units = judged.units.filter(pl.col(c.UNIT_CODE).is_in(units))[c.FILE_ID]
    return {*of_units, *judged.files.filter(pl.col(c.SENDER).is_in(units))[c.FILE_ID]}


def _together(frames: Iterable[pl.DataFrame], contract: Contract) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=contract), *frames])
