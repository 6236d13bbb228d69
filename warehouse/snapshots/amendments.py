"""A closed quarter where exceptions open it: only the URs that they name may differ from its last version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, select

from config.policy import TrafficLight
from schemas.contracts import columns as c
from schemas.contracts.frames import Contract, conform
from warehouse.database.bulk import read_frame
from warehouse.decisions.closings import Exceptions
from warehouse.history.apply import HISTORY_FINDINGS, WAIVED, HistoryResult
from warehouse.history.inputs import QuarterHistory
from warehouse.schema.snapshot_tables import snapshot_unit
from warehouse.schema.tables import finding
from warehouse.snapshots.candidate import (
    CandidateSnapshot,
    Setting,
    SnapshotContent,
    candidate_snapshot,
    revised_statuses,
)
from warehouse.snapshots.versions import history_findings_of, waived_by
from warehouse.submissions.current import (
    READMITTED_ON,
    RECEIVED_AT_ORDER,
    RECEIVED_LOCAL,
    SUBMISSION_ID,
    UNIT_STATUS,
    WITHDRAWN_ON,
    CandidateSubmissions,
    candidate_submissions_of,
    current_submissions,
)
from warehouse.submissions.registry import JUDGEMENT_ID
from warehouse.submissions.stored import portions

_STANDING: Final[Contract] = {
    **dict.fromkeys((c.UNIT_CODE, c.UNIT_NAME, "status"), pl.String),
    JUDGEMENT_ID: pl.Int64,
    c.QUALITY: pl.Float64,
    **dict.fromkeys((c.FINDINGS, c.FINDINGS_WAIVED), pl.Int64),
}


@dataclass(frozen=True)
class DefinitiveVersion:
    """The last version of a closed quarter: its row, what it says of each UR, and its judgements' claims."""

    row: Row[*tuple[Any, ...]]
    standing: pl.DataFrame
    stated: CandidateSubmissions

    @property
    def light(self) -> TrafficLight:
        """Its traffic light."""
        return TrafficLight(green=self.row.green, amber=self.row.amber, blue=self.row.blue)


def definitive_version(connection: Connection, row: Row[*tuple[Any, ...]]) -> DefinitiveVersion:
    """The stored version ``row``, to be held against."""
    said = select(*(snapshot_unit.c[name] for name in _STANDING)).where(snapshot_unit.c.snapshot_id == row.id)
    return DefinitiveVersion(row, read_frame(connection, said, _STANDING), candidate_submissions_of(connection, row.id))


def amended_candidate(
    connection: Connection,
    found: CandidateSubmissions,
    last: DefinitiveVersion,
    exceptions: Exceptions,
    setting: Setting,
) -> tuple[SnapshotContent, QuarterHistory] | None:
    """What may be said now of the URs that ``exceptions`` cover, beside what ``last`` said of the others.

    Counted is what was received or taken back up to an exception's last day. Once that day has passed, a UR changes
    only where another submission speaks for it. None where nothing is open. ``found`` holds those taken back too.
    """
    days = exceptions.days({*setting.units, *found.units[c.UNIT_CODE].drop_nulls(), *last.standing[c.UNIT_CODE]})
    if not days:
        return None
    counted = _counted(found, last, days)
    fresh = current_submissions(counted, setting.units).filter(pl.col(c.UNIT_CODE).is_in(list(days)))
    open_units = sorted(set(days) - _settled(fresh, counted, last, days, setting.day))
    if not open_units:
        return None
    theirs = pl.col(c.UNIT_CODE).is_in(open_units)
    fresh, kept = fresh.filter(theirs), last.standing.filter(~theirs)
    said = pl.concat([fresh, kept.select(UNIT_STATUS)]).sort(c.UNIT_CODE)
    draft = candidate_snapshot(connection, _together(counted, last, open_units), setting, said)
    came = draft.retold(connection, fresh, setting)
    light = setting.light if exceptions.whole(setting.day) else last.light
    whole = pl.concat([revised_statuses(fresh, came.units), kept]).sort(c.UNIT_CODE)
    aside = _untouched(draft, open_units)
    return SnapshotContent(whole, _carried(connection, came, fresh, kept, aside, last, open_units), light), draft.past


def _counted(found: CandidateSubmissions, last: DefinitiveVersion, days: Mapping[str, date]) -> CandidateSubmissions:
    """What counts for the URs that an exception covers, up to its last day; what was published counts."""
    until = pl.DataFrame({c.UNIT_CODE: list(days), "until": list(days.values())}, schema_overrides={"until": pl.Date})
    published = pl.col(SUBMISSION_ID).is_in(last.stated.workbooks[SUBMISSION_ID].unique().to_list())
    received = pl.coalesce(READMITTED_ON, pl.col(RECEIVED_LOCAL).dt.date()) <= pl.col("until")
    stands = pl.col(WITHDRAWN_ON).is_null() | (pl.col(WITHDRAWN_ON) > pl.col("until"))
    counting = found.received.join(until, on=c.UNIT_CODE, how="inner").filter(published | received, stands)
    units = found.units.join(counting, on=[JUDGEMENT_ID, c.UNIT_CODE], how="semi", maintain_order="left")
    workbooks = found.workbooks.join(units, on=JUDGEMENT_ID, how="semi", maintain_order="left")
    return CandidateSubmissions(workbooks, units)


def _settled(
    fresh: pl.DataFrame, counted: CandidateSubmissions, last: DefinitiveVersion, days: Mapping[str, date], day: date
) -> set[str]:
    """URs whose exceptions have all ended, and for which the same submission speaks as before."""
    ended = [unit for unit, until in days.items() if until < day]
    now = _submissions(fresh.filter(pl.col(c.UNIT_CODE).is_in(ended)), counted)
    before = _submissions(last.standing, last.stated)
    return {unit for unit in ended if now.get(unit) == before.get(unit)}


def _submissions(said: pl.DataFrame, claims: CandidateSubmissions) -> dict[str, int | None]:
    beside = said.join(claims.workbooks, on=JUDGEMENT_ID, how="left").select(c.UNIT_CODE, SUBMISSION_ID)
    return dict(beside.rows())


def _together(
    counted: CandidateSubmissions, last: DefinitiveVersion, open_units: Iterable[str]
) -> CandidateSubmissions:
    """The claims of the version to come: counted ones of the open URs, the last version's of the others."""
    theirs = pl.col(c.UNIT_CODE).is_in(list(open_units))
    units = pl.concat([counted.units.filter(theirs), last.stated.units.filter(~theirs)])
    every = pl.concat([counted.workbooks, last.stated.workbooks]).unique(JUDGEMENT_ID, keep="first")
    workbooks = every.join(units, on=JUDGEMENT_ID, how="semi").sort(RECEIVED_AT_ORDER)
    return CandidateSubmissions(workbooks, units)


def _untouched(draft: CandidateSnapshot, open_units: Iterable[str]) -> list[int]:
    """Workbooks set aside that deliver none of the open URs."""
    delivering = draft.found.units.filter(pl.col(c.UNIT_CODE).is_in(list(open_units)))[JUDGEMENT_ID].to_list()
    return sorted({*draft.set_aside} - {*delivering})


def _carried(
    connection: Connection,
    came: HistoryResult,
    fresh: pl.DataFrame,
    kept: pl.DataFrame,
    aside: Iterable[int],
    last: DefinitiveVersion,
    open_units: Iterable[str],
) -> HistoryResult:
    """``came`` for the open URs and their workbooks; for the others, ``aside`` among them, what ``last`` told and
    waived.
    """
    shared = pl.col(c.FILE_ID).is_in([*kept[JUDGEMENT_ID].drop_nulls().unique(), *aside])
    judged = pl.col(c.FILE_ID).is_in(fresh[JUDGEMENT_ID].drop_nulls().unique().to_list())
    theirs = pl.col(c.UNIT_CODE).is_in(list(open_units)).fill_null(value=False)
    new, old = ~shared | theirs, shared & ~(judged & theirs)
    told = pl.concat(
        [came.findings.filter(new), conform(history_findings_of(connection, last.row.id), HISTORY_FINDINGS).filter(old)]
    )
    waived = [_about(connection, frame) for frame in (came.waived, waived_by(connection, last.row.id))]
    of_own = pl.concat([waived[0].filter(new), waived[1].filter(old)])
    return HistoryResult(told.sort(c.FILE_ID, maintain_order=True), conform(of_own, WAIVED), came.units)


def _about(connection: Connection, waived: pl.DataFrame) -> pl.DataFrame:
    """WAIVED with the judgement and UR of each finding."""
    types = {"finding_id": pl.Int64, c.FILE_ID: pl.Int64, c.UNIT_CODE: pl.String}
    rows = pl.DataFrame(schema=types)
    for some in portions(waived["finding_id"].to_list(), 5000):
        wanted = select(finding.c.id, finding.c.judgement_id, finding.c.unit_code).where(finding.c.id.in_(some))
        rows.extend(read_frame(connection, wanted, types))
    return waived.join(rows, on="finding_id", how="left", maintain_order="left")
