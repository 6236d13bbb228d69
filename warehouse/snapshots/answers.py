"""What units answered, matched to the findings of a version."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, func, select

from schemas.contracts import columns as c
from schemas.contracts.frames import Contract
from warehouse.database.bulk import insert_frame, read_frame
from warehouse.decisions.withdrawals import withdrawn_submissions
from warehouse.schema.snapshot_tables import snapshot, snapshot_answer
from warehouse.schema.tables import answer, finding, judgement, submission
from warehouse.snapshots.digest import keys_from_view
from warehouse.submissions.registry import JUDGEMENT_ID

ANSWER_ID: Final = "answer_id"
FINDING_ID: Final = "finding_id"
# What a finding and its answer have alike, wherever the cell stands now; by ``_PLACE`` several such are told apart.
_KEY: Final = (c.SENDER, c.RULE, c.UNIT_CODE, c.ACTIVITY_NO)
_PLACE: Final = (c.SHEET, c.CELL)
_TYPES: Final[Contract] = {
    **dict.fromkeys((c.SENDER, c.RULE, c.UNIT_CODE), pl.String),
    c.ACTIVITY_NO: pl.Int64,
    **dict.fromkeys((c.LABEL, *_PLACE), pl.String),
}


def answers(connection: Connection, year: int, quarter: int) -> pl.DataFrame:
    """The answers that came with the quarter's workbooks, and with those of earlier ones until their current version;
    not those of workbooks taken back. The last one comes last: answer_id, judgement_id, run_id and what it answers.
    """
    last = (
        select(snapshot.c.quarter, func.max(snapshot.c.run_id).label("run_id"))
        .where(snapshot.c.year == year)
        .group_by(snapshot.c.quarter)
        .subquery()
    )
    named = (answer.c[name] for name in _TYPES if name != c.SENDER)
    rows = (
        select(answer.c.id, judgement.c.id, judgement.c.run_id, answer.c.answer, judgement.c.sender, *named)
        .join(judgement, judgement.c.id == answer.c.judgement_id)
        .join(submission, submission.c.id == judgement.c.submission_id)
        .outerjoin(last, last.c.quarter == submission.c.quarter)
        .where(submission.c.year == year, submission.c.id.not_in(withdrawn_submissions()), judgement.c.sender != "")
        .where((submission.c.quarter == quarter) | ((submission.c.quarter < quarter)
                                                    & (judgement.c.run_id <= last.c.run_id)))
        .order_by(submission.c.received_at, submission.c.id, judgement.c.id, answer.c.id)
    )  # fmt: skip
    types: Contract = {ANSWER_ID: pl.Int64, JUDGEMENT_ID: pl.Int64, "run_id": pl.Int64, c.ANSWER: pl.String, **_TYPES}
    return read_frame(connection, rows, types)


def known_by(given: pl.DataFrame, run_id: int, judgements: Collection[int]) -> pl.DataFrame:
    """Those of ``given`` that came until the run, or with ``judgements``."""
    return given.filter((pl.col("run_id") <= run_id) | pl.col(JUDGEMENT_ID).is_in(list(judgements)))


def answered(connection: Connection, snapshot_id: int, given: pl.DataFrame) -> pl.DataFrame:
    """finding_id, answer_id of the findings that the version shows, out of `answers`.

    A unit answers for what its own workbooks are told. An answer holds for the finding of the same rule, UR and
    activity in the same cell; where none stands there, for the only one of them that is about the same field. An empty
    one takes back those before it.
    """
    if given.is_empty():
        return pl.DataFrame(schema={FINDING_ID: pl.Int64, ANSWER_ID: pl.Int64})
    shown = _shown(connection, snapshot_id, given[c.SENDER].unique().to_list())
    here = shown.join(given, on=[*_KEY, *_PLACE], how="inner", nulls_equal=True, maintain_order="right")
    only = shown.join(here, on=FINDING_ID, how="anti").filter(pl.len().over([*_KEY, c.LABEL]) == 1)
    elsewhere = given.join(here, on=ANSWER_ID, how="anti", maintain_order="left")
    moved = only.join(elsewhere, on=[*_KEY, c.LABEL], how="inner", nulls_equal=True, maintain_order="right")
    found = pl.concat([frame.select(FINDING_ID, ANSWER_ID) for frame in (moved, here)])
    last = found.unique(FINDING_ID, keep="last", maintain_order=True).sort(FINDING_ID)
    return last.join(given.filter(pl.col(c.ANSWER) == ""), on=ANSWER_ID, how="anti", maintain_order="left")


def store(connection: Connection, snapshot_id: int, given: pl.DataFrame) -> None:
    """Stores which of ``given`` the version shows with its findings."""
    of_version = pl.lit(snapshot_id, pl.Int64).alias("snapshot_id")
    insert_frame(connection, snapshot_answer, answered(connection, snapshot_id, given).with_columns(of_version))


def shows(connection: Connection, snapshot_id: int, given: pl.DataFrame) -> bool:
    """Whether the stored version shows just those answers, told by their words."""
    rows = select(snapshot_answer.c.finding_id, answer.c.answer).join(answer)
    stored = {tuple(row) for row in connection.execute(rows.where(snapshot_answer.c.snapshot_id == snapshot_id))}
    words = answered(connection, snapshot_id, given).join(given, on=ANSWER_ID, how="left")
    return stored == set(words.select(FINDING_ID, c.ANSWER).rows())


def answers_to(connection: Connection, snapshot_id: int, judgement_id: int, *, own: bool) -> pl.Series:
    """The answer that the version shows with each finding of the judgement: its own, or those of the version."""
    shown = (snapshot_answer.c.finding_id == finding.c.id) & (snapshot_answer.c.snapshot_id == snapshot_id)
    rows = select(finding.c.id, answer.c.answer).outerjoin(snapshot_answer, shown).outerjoin(answer)
    told = finding.c.snapshot_id.is_(None) if own else finding.c.snapshot_id == snapshot_id
    ordered = rows.where(finding.c.judgement_id == judgement_id, told).order_by(finding.c.id)
    return read_frame(connection, ordered, {"id": pl.Int64, c.ANSWER: pl.String})[c.ANSWER]


def _shown(connection: Connection, snapshot_id: int, senders: list[str]) -> pl.DataFrame:
    visible = keys_from_view("visible_finding", FINDING_ID)
    about = (finding.c[name] for name in _TYPES if name != c.SENDER)
    rows: Select[*tuple[Any, ...]] = (
        select(finding.c.id, judgement.c.sender, *about)
        .select_from(visible.join(finding, finding.c.id == visible.c.finding_id))
        .join(judgement, judgement.c.id == finding.c.judgement_id)
        .where(visible.c.snapshot_id == snapshot_id, judgement.c.sender.in_(senders))
        .order_by(finding.c.id)
    )
    return read_frame(connection, rows, {FINDING_ID: pl.Int64, **_TYPES})
