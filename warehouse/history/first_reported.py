"""Since when a finding is known: what the workbook before said already, and since when that one did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, func, or_, select

from schemas.contracts import columns as c
from schemas.contracts.frames import REJECTED, Contract
from schemas.contracts.history_inputs import KNOWN
from schemas.verdict.revision import SAME
from warehouse.database.bulk import insert_frame, read_frame
from warehouse.schema.snapshot_tables import known_finding
from warehouse.schema.tables import finding, judgement, submission
from warehouse.submissions.current import RECEIVED_LOCAL, SUBMISSION_ID, CandidateSubmissions
from warehouse.submissions.holding import snapshot_membership
from warehouse.submissions.registry import JUDGEMENT_ID
from warehouse.submissions.stored import portions

PREVIOUS: Final = "former"
# KNOWN, with the submission that first told it.
FIRST_REPORTED: Final[Contract] = {**KNOWN, SUBMISSION_ID: pl.Int64}
_ABOUT: Final[Contract] = {name: KNOWN[name] for name in SAME if name != c.FILE_ID}


def previous_judgements(found: CandidateSubmissions, spoken: pl.DataFrame) -> pl.DataFrame:
    """The workbooks before each: judgement_id, unit_code, whole, former (its judgement).

    ``whole``: the same sender's former one of the quarter, for all that is told. Else the one that last spoke for
    unit_code, or, where that is null, for the sender. A workbook rejected whole is none, but for another such.
    """
    sent = found.workbooks.filter(pl.col(c.SENDER) != "")
    before = pl.col(JUDGEMENT_ID).shift(1).over(c.SENDER).alias(PREVIOUS)
    passed = sent.filter(pl.col(c.VERDICT) != REJECTED).with_columns(before)
    failed = sent.with_columns(before).filter(pl.col(c.VERDICT) == REJECTED)
    again = (
        pl.concat([passed, failed])
        .drop_nulls(PREVIOUS)
        .select(JUDGEMENT_ID, pl.lit(None, pl.String).alias(c.UNIT_CODE), pl.lit(value=True).alias("whole"), PREVIOUS)
    )
    units = found.units.select(JUDGEMENT_ID, c.UNIT_CODE)
    earlier = previous_of_units(units, sent.select(JUDGEMENT_ID, c.SENDER), again, spoken)
    return pl.concat([again, earlier]).sort(JUDGEMENT_ID, c.UNIT_CODE)


def previous_of_units(
    units: pl.DataFrame, senders: pl.DataFrame, again: pl.DataFrame, spoken: pl.DataFrame
) -> pl.DataFrame:
    """Of workbooks not in ``again``: who last spoke for each of their ``units``, and for their ``senders``."""
    last = (
        spoken.sort(c.QUARTER)
        .unique(c.UNIT_CODE, keep="last")
        .select(pl.col(c.UNIT_CODE).alias("of"), pl.col(JUDGEMENT_ID).alias(PREVIOUS))
    )
    delivered = units.select(JUDGEMENT_ID, c.UNIT_CODE, pl.col(c.UNIT_CODE).alias("of"))
    sent = senders.select(JUDGEMENT_ID, pl.lit(None, pl.String).alias(c.UNIT_CODE), pl.col(c.SENDER).alias("of"))
    first = pl.concat([delivered, sent]).unique().join(again, on=JUDGEMENT_ID, how="anti")
    return first.join(last, on="of", how="inner").select(
        JUDGEMENT_ID, c.UNIT_CODE, pl.lit(value=False).alias("whole"), PREVIOUS
    )


def reported_before(connection: Connection, pairs: pl.DataFrame) -> pl.DataFrame:
    """TOLD by the former workbooks in ``pairs``; file_id is the key of the judgement that comes after."""
    if pairs.is_empty():
        return pl.DataFrame(schema=FIRST_REPORTED)
    told = _told(connection, pairs[PREVIOUS].unique().sort().to_list())
    whole = pairs.filter("whole").select(JUDGEMENT_ID, PREVIOUS).join(told, on=PREVIOUS, how="inner")
    of_units = pairs.filter(~pl.col("whole")).join(told, on=[PREVIOUS, c.UNIT_CODE], how="inner", nulls_equal=True)
    found = [frame.rename({JUDGEMENT_ID: c.FILE_ID}).select(list(FIRST_REPORTED)) for frame in (whole, of_units)]
    return pl.concat(found).sort(c.FILE_ID, c.QUARTER, c.RECEIVED_AT, SUBMISSION_ID)


def record_own_findings(
    connection: Connection, found: CandidateSubmissions, pairs: pl.DataFrame, judgements: Sequence[int]
) -> None:
    """Stores which findings of ``judgements`` themselves were known, and since when: of the first workbook first, so
    that one of the next inherits it.
    """
    mine = pairs.filter(pl.col(JUDGEMENT_ID).is_in(list(judgements)))
    place = pl.int_range(pl.len()).over(c.SENDER).alias("place")
    placed = found.workbooks.select(JUDGEMENT_ID, place).join(mine, on=JUDGEMENT_ID, how="semi")
    for number in placed["place"].unique().sort():
        turn = placed.filter(pl.col("place") == number)[JUDGEMENT_ID].to_list()
        for some in portions(turn):
            told = reported_before(connection, mine.filter(pl.col(JUDGEMENT_ID).is_in(list(some))))
            record_history_findings(connection, told, _own(connection, some))


def record_history_findings(connection: Connection, told: pl.DataFrame, findings: pl.DataFrame) -> None:
    """Stores since when ``findings`` (id, file_id and what they are about) are known, out of FIRST_REPORTED."""
    first = told.unique(SAME, keep="first", maintain_order=True).select(*SAME, SUBMISSION_ID)
    again = findings.join(first, on=SAME, how="inner", nulls_equal=True, maintain_order="left")
    insert_frame(connection, known_finding, again.select(pl.col("id").alias("finding_id"), SUBMISSION_ID))


def first_reported_of(connection: Connection, judgement_id: int, snapshot_id: int) -> pl.DataFrame:
    """KNOWN, as it is remembered of the findings of a judgement in a version."""
    rows = (
        select(
            finding.c.judgement_id,
            *(finding.c[name] for name in _ABOUT),
            submission.c.quarter,
            submission.c[RECEIVED_LOCAL],
        )
        .join(known_finding, known_finding.c.finding_id == finding.c.id)
        .join(submission, submission.c.id == known_finding.c.submission_id)
        .where(finding.c.judgement_id == judgement_id)
        .where(or_(finding.c.snapshot_id.is_(None), finding.c.snapshot_id == snapshot_id))
    )
    return read_frame(connection, rows.order_by(finding.c.id), KNOWN)


def _own(connection: Connection, judgements: Sequence[int]) -> pl.DataFrame:
    """The judgements' own findings of which nothing is remembered yet."""
    rows = (
        select(finding.c.id, finding.c.judgement_id, *(finding.c[name] for name in _ABOUT))
        .outerjoin(known_finding)
        .where(finding.c.judgement_id.in_(judgements), finding.c.snapshot_id.is_(None))
        .where(known_finding.c.finding_id.is_(None))
    )
    types: Contract = {"id": pl.Int64, c.FILE_ID: pl.Int64, **_ABOUT}
    return read_frame(connection, rows.order_by(finding.c.id), types)


def _told(connection: Connection, judgements: list[int]) -> pl.DataFrame:
    """former, what each of its findings is about, and the submission that first told it."""
    types: Contract = {
        PREVIOUS: pl.Int64,
        **_ABOUT,
        c.QUARTER: pl.Int64,
        c.RECEIVED_AT: pl.Datetime,
        SUBMISSION_ID: pl.Int64,
    }
    parts = [read_frame(connection, _since(some), types) for some in portions(judgements)]
    return pl.concat(parts)


def _since(judgements: Sequence[int]) -> Select[*tuple[Any, ...]]:
    # History findings are those of the last version that held the workbook.
    held = snapshot_membership()
    last = (
        select(held.c.judgement_id, func.max(held.c.snapshot_id).label("snapshot_id"))
        .where(held.c.judgement_id.in_(judgements))
        .group_by(held.c.judgement_id)
        .subquery()
    )
    source = (
        finding.join(judgement, judgement.c.id == finding.c.judgement_id)
        .outerjoin(last, last.c.judgement_id == finding.c.judgement_id)
        .outerjoin(known_finding, known_finding.c.finding_id == finding.c.id)
        .join(submission, submission.c.id == func.coalesce(known_finding.c.submission_id, judgement.c.submission_id))
    )
    rows = select(
        finding.c.judgement_id,
        *(finding.c[name] for name in _ABOUT),
        submission.c.quarter,
        submission.c[RECEIVED_LOCAL],
        submission.c.id,
    ).select_from(source)
    told = or_(finding.c.snapshot_id.is_(None), finding.c.snapshot_id == last.c.snapshot_id)
    return rows.where(finding.c.judgement_id.in_(judgements), told)
