"""What a version of a quarter would say, before it is published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256

import polars as pl
from sqlalchemy import Connection

from config.calendar import Window
from config.catalog import Unit
from config.form import Form
from config.policy import TrafficLight
from schemas.contracts import columns as c
from warehouse.decisions import waivers
from warehouse.history.apply import HistoryResult, Judge, apply_history_rules
from warehouse.history.inputs import QuarterHistory, quarter_history
from warehouse.history.prior_quarters import SNAPSHOT_ID
from warehouse.snapshots import answers, digest_columns
from warehouse.submissions.current import DELIVERED, CandidateSubmissions, current_submissions
from warehouse.submissions.provenance import Provenance
from warehouse.submissions.registry import JUDGEMENT_ID


@dataclass(frozen=True)
class Setting:
    """What a quarter is published under; ``day`` is the run's, on the office's clocks, ``digest_columns`` the number of
    the list of columns that the digest covers.
    """

    window: Window
    units: Mapping[str, Unit]
    light: TrafficLight
    provenance: Provenance
    judge: Judge
    form: Form
    day: date
    digest_columns: int = digest_columns.CURRENT


@dataclass(frozen=True)
class SnapshotContent:
    """What a version says: of each UR (SAID and findings waived), in history scope, under which traffic light."""

    statuses: pl.DataFrame
    history: HistoryResult
    light: TrafficLight


@dataclass(frozen=True)
class CandidateSnapshot:
    """Who would speak, out of which claims, what is told them, and what units answered (see answers.answers)."""

    found: CandidateSubmissions
    statuses: pl.DataFrame
    past: QuarterHistory
    waivers: pl.DataFrame
    answers: pl.DataFrame

    def basis(self, setting: Setting) -> str:
        """SHA-256 over all that decides what a version says: the same again, and so is the version."""
        past = self.past
        made_of = (
            self.statuses.select(c.UNIT_CODE, "status", JUDGEMENT_ID).sort(c.UNIT_CODE).rows(),
            past.deliveries.select(c.FILE_ID, c.UNIT_CODE, c.IS_CURRENT).sort(c.FILE_ID, c.UNIT_CODE).rows(),
            past.receipts.drop_nulls(c.REPEATS).select(c.FILE_ID, c.REPEATS).sort(c.FILE_ID).rows(),
            past.prior_submissions[SNAPSHOT_ID].unique().sort().to_list(),
            past.authorised.rows(),
            self.waivers[c.WAIVER_ID].to_list(),
            self.answers[answers.ANSWER_ID].to_list(),
            setting.window.model_dump(mode="json"),
            setting.light.model_dump(),
            asdict(setting.provenance),
        )
        return sha256(json.dumps(made_of).encode()).hexdigest()

    @property
    def set_aside(self) -> list[int]:
        """Current workbooks that answer for no UR: others deliver all of theirs, and they are told so."""
        answering = self.statuses[JUDGEMENT_ID].drop_nulls().unique().implode()
        return self.past.deliveries.filter(~pl.col(c.FILE_ID).is_in(answering))[c.FILE_ID].unique().sort().to_list()

    def content(self, connection: Connection, setting: Setting) -> SnapshotContent:
        """The draft judged in history scope."""
        came = self.retold(connection, self.statuses, setting)
        return SnapshotContent(revised_statuses(self.statuses, came.units), came, setting.light)

    def retold(self, connection: Connection, said: pl.DataFrame, setting: Setting) -> HistoryResult:
        """The history pass over the judgements in ``said`` and those set aside."""
        judgements = sorted({*said[JUDGEMENT_ID].drop_nulls(), *self.set_aside})
        return apply_history_rules(connection, self.found, judgements, self.past, self.waivers, setting.judge)


def candidate_snapshot(
    connection: Connection, found: CandidateSubmissions, setting: Setting, said: pl.DataFrame | None = None
) -> CandidateSnapshot:
    """The draft of those claims; who speaks by rank and receipt, unless ``said`` tells."""
    speaking = current_submissions(found, setting.units) if said is None else said
    past = quarter_history(connection, found, speaking, setting.window)
    given = answers.answers(connection, setting.window.year, setting.window.quarter)
    return CandidateSnapshot(found, speaking, past, waivers.in_force(connection, setting.window), given)


def revised_statuses(said: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """``said`` as history and waivers leave it; who was rejected stays so."""
    key = [JUDGEMENT_ID, c.UNIT_CODE]
    changed = units.select(
        pl.col(c.FILE_ID).alias(JUDGEMENT_ID), c.UNIT_CODE, c.VERDICT, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED
    )
    beside = said.join(changed, on=key, how="left", suffix="_now", maintain_order="left")
    both_speak = pl.col("status").is_in(DELIVERED) & pl.col(c.VERDICT).is_in(DELIVERED)
    return beside.with_columns(
        pl.when(both_speak).then(c.VERDICT).otherwise("status").alias("status"),
        *(pl.coalesce(f"{name}_now", name).alias(name) for name in (c.QUALITY, c.FINDINGS)),
        pl.when(pl.col(JUDGEMENT_ID).is_not_null()).then(pl.col(c.FINDINGS_WAIVED).fill_null(0)),
    ).select(*said.columns, c.FINDINGS_WAIVED)
