"""Who speaks for which UR of a quarter, out of what each of its workbooks says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, FromClause, Select, case, func, literal, null, select

from config.catalog import Unit
from schemas.contracts import columns as c
from schemas.contracts.frames import ACCEPTED, OBSERVED, REJECTED
from schemas.contracts.history_inputs import is_current
from warehouse.database.bulk import read_frame
from warehouse.schema.decision_tables import withdrawal
from warehouse.schema.tables import finding, judgement, judgement_unit, submission
from warehouse.submissions.holding import judgements_in
from warehouse.submissions.registry import JUDGEMENT_ID

MISSING: Final = "faltante"
DELIVERED: Final = (ACCEPTED, OBSERVED)

SUBMISSION_ID: Final = "submission_id"
RECEIVED_LOCAL: Final = "received_local"
WITHDRAWN_ON: Final = "withdrawn_on"
READMITTED_ON: Final = "readmitted_on"

# A submission's judgement; `received_at` is UTC, `received_local` the office's clocks. One that was taken back has the
# day of that, one that was received again since has the day of that.
_WORKBOOK: Final[dict[str, type[pl.DataType]]] = {
    JUDGEMENT_ID: pl.Int64,
    SUBMISSION_ID: pl.Int64,
    "run_id": pl.Int64,
    **dict.fromkeys((c.SENDER, c.VERDICT, c.FILE, c.SHA256), pl.String),
    **dict.fromkeys((c.RECEIVED_AT, RECEIVED_LOCAL), pl.Datetime),
    c.ON_TIME: pl.Boolean,
    **dict.fromkeys((WITHDRAWN_ON, READMITTED_ON), pl.Date),
}
# What such a judgement says of a UR; one that was rejected whole says it of its sender, without level.
_UNIT_REPORT: Final[dict[str, type[pl.DataType]]] = {
    JUDGEMENT_ID: pl.Int64,
    **dict.fromkeys((c.UNIT_CODE, c.UNIT_NAME, c.LEVEL, "status"), pl.String),
    c.QUALITY: pl.Float64,
    c.FINDINGS: pl.Int64,
}
UNIT_STATUS: Final = (c.UNIT_CODE, c.UNIT_NAME, "status", JUDGEMENT_ID, c.QUALITY, c.FINDINGS)


@dataclass(frozen=True)
class CandidateSubmissions:
    """A quarter's workbooks (`_WORKBOOK`), and what each says of each UR (`_UNIT_REPORT`)."""

    workbooks: pl.DataFrame
    units: pl.DataFrame

    @property
    def received(self) -> pl.DataFrame:
        """What each says of each UR, with who sent it and when."""
        return self.units.join(self.workbooks, on=JUDGEMENT_ID, how="left", maintain_order="left")

    @property
    def not_withdrawn(self) -> CandidateSubmissions:
        """Those that were not taken back."""
        return self.only(self.workbooks.filter(pl.col(WITHDRAWN_ON).is_null()))

    def only(self, workbooks: pl.DataFrame) -> CandidateSubmissions:
        """``workbooks``, and what they say."""
        return CandidateSubmissions(
            workbooks, self.units.join(workbooks, on=JUDGEMENT_ID, how="semi", maintain_order="left")
        )


def candidate_submissions(connection: Connection, year: int, quarter: int) -> CandidateSubmissions:
    """What the quarter's latest judgements say, one for each submission; those taken back are among them."""
    return _claims(connection, latest_judgements(year, quarter).subquery())


def candidate_submissions_of(connection: Connection, snapshot_id: int) -> CandidateSubmissions:
    """What the judgements say that a version holds."""
    return _claims(connection, _with_receipt().where(judgement.c.id.in_(judgements_in(snapshot_id))).subquery())


def _claims(connection: Connection, read: FromClause) -> CandidateSubmissions:
    said = judgement_unit.c
    of_units = select(
        said.judgement_id, said.unit_code, said.unit_name, said.level, said.verdict, said.quality, said.findings
    ).join(read, read.c.judgement_id == said.judgement_id)
    told = select(func.count()).where(finding.c.judgement_id == read.c.judgement_id, finding.c.snapshot_id.is_(None))
    of_senders = select(
        read.c.judgement_id,
        read.c.sender,
        null().label(c.UNIT_NAME),
        null().label(c.LEVEL),
        literal(REJECTED).label("status"),
        read.c.quality,
        told.scalar_subquery(),
    ).where(read.c.verdict == REJECTED, read.c.sender != "")
    workbooks = read_frame(connection, select(*(read.c[name] for name in _WORKBOOK)), _WORKBOOK)
    units = [read_frame(connection, rows, _UNIT_REPORT) for rows in (of_units, of_senders)]
    return CandidateSubmissions(workbooks.sort(RECEIVED_AT_ORDER), pl.concat(units))


RECEIVED_AT_ORDER: Final = [c.RECEIVED_AT, SUBMISSION_ID]


def current_submissions(found: CandidateSubmissions, units: Mapping[str, Unit]) -> pl.DataFrame:
    """One row per UR, in the catalogue or delivered all the same, of columns UNIT_STATUS.

    The workbook where the UR is principal outranks one where it is derived, then the later receipt counts,
    then the later submission. A rejected workbook counts only where none was accepted.
    """
    claimed = found.received
    delivered = claimed.filter(pl.col("status").is_in(DELIVERED)).sort(*RECEIVED_AT_ORDER)
    accepted = delivered.filter(is_current(JUDGEMENT_ID))
    rejected = _first_of_unit(
        claimed.filter(pl.col("status") == REJECTED, pl.col(c.UNIT_CODE).is_in(list(units)))
        .sort(*RECEIVED_AT_ORDER, JUDGEMENT_ID, descending=True)
    )  # fmt: skip
    names = [unit.name for unit in units.values()]
    expected = pl.DataFrame(
        {c.UNIT_CODE: list(units), c.UNIT_NAME: names, "status": [MISSING] * len(units)},
        schema={name: _UNIT_REPORT[name] for name in (c.UNIT_CODE, c.UNIT_NAME, "status")},
    )
    everyone = _first_of_unit(pl.concat([accepted, rejected, expected], how="diagonal").select(UNIT_STATUS))
    official = expected.select(c.UNIT_CODE, pl.col(c.UNIT_NAME).alias("official"))
    return (
        everyone.join(official, on=c.UNIT_CODE, how="left")
        .with_columns(pl.coalesce("official", c.UNIT_NAME, c.UNIT_CODE).alias(c.UNIT_NAME))
        .select(UNIT_STATUS)
        .sort(c.UNIT_CODE)
    )


def latest_judgements(year: int, quarter: int, before_run: int | None = None) -> Select[*tuple[Any, ...]]:
    """Each submission's latest judgement, with its receipt; those withdrawn are among them. With ``before_run`` the one
    that was the latest before that run, where there was one.
    """
    came, run = judgement.c.last_run_id, judgement.c.run_id
    latest = came if before_run is None else case((came < before_run, came), else_=run)
    place = func.row_number().over(
        partition_by=judgement.c.submission_id,
        order_by=(latest.desc(), judgement.c.id.desc()),
    )
    of_quarter = _with_receipt().where(submission.c.year == year, submission.c.quarter == quarter)
    if before_run is not None:
        of_quarter = of_quarter.where(run < before_run)
    ranked = of_quarter.add_columns(place.label("place")).subquery()
    return select(*(col for col in ranked.c if col.name != "place")).where(ranked.c.place == 1)


def _with_receipt() -> Select[*tuple[Any, ...]]:
    of_judgement = (c.SENDER, c.VERDICT, c.QUALITY, SUBMISSION_ID, "run_id")
    of_submission = (c.FILE, c.SHA256, c.RECEIVED_AT, RECEIVED_LOCAL, c.ON_TIME)
    taken = withdrawal.c
    back = (
        select(
            taken.submission_id,
            func.max(case((taken.readmitted_at.is_(None), taken.withdrawn_on))).label(WITHDRAWN_ON),
            func.max(taken.readmitted_on).label(READMITTED_ON),
        )
        .group_by(taken.submission_id)
        .subquery()
    )
    return (
        select(
            judgement.c.id.label(JUDGEMENT_ID),
            *(judgement.c[name] for name in of_judgement),
            *(submission.c[name] for name in of_submission),
            back.c.withdrawn_on,
            back.c.readmitted_on,
        )
        .join(submission, submission.c.id == judgement.c.submission_id)
        .outerjoin(back, back.c.submission_id == submission.c.id)
    )


def _first_of_unit(claimed: pl.DataFrame) -> pl.DataFrame:
    return claimed.unique(subset=c.UNIT_CODE, keep="first", maintain_order=True)
