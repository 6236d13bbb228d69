"""History of a quarter's set: what its workbooks are held against, out of the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection, func, select

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.frames import BUDGET, conform
from schemas.contracts.history_inputs import DELIVERIES, HISTORY, RECEIPTS, History, one_of_each_sender, programmes
from warehouse.database.bulk import read_frame
from warehouse.decisions.waivers import authorised
from warehouse.decisions.withdrawals import withdrawn_submissions
from warehouse.history.first_reported import previous_judgements, reported_before
from warehouse.history.prior_quarters import prior_facts, prior_submissions
from warehouse.schema.tables import budget_line, submission
from warehouse.submissions.current import DELIVERED, RECEIVED_AT_ORDER, RECEIVED_LOCAL, CandidateSubmissions
from warehouse.submissions.registry import JUDGEMENT_ID
from warehouse.submissions.stored import portions

_LINE = (c.LEVEL, c.UNIT_CODE, c.UNIT_NAME, c.ASSIGNED_AMOUNT, c.half(c.ASSIGNED_AMOUNT))


@dataclass(frozen=True)
class QuarterHistory:
    """The frames of the whole quarter, with what the rest is read by: who spoke before, who came before whom."""

    window: Window
    receipts: pl.DataFrame
    deliveries: pl.DataFrame
    programmes: pl.DataFrame
    prior_submissions: pl.DataFrame
    previous_judgements: pl.DataFrame
    authorised: pl.DataFrame

    def compared(self, found: CandidateSubmissions) -> list[int]:
        """Judgements of which a UR was delivered in an earlier quarter."""
        return found.units.join(self.prior_submissions, on=c.UNIT_CODE, how="semi")[JUDGEMENT_ID].unique().to_list()

    def of(self, connection: Connection, judgements: Sequence[int], units: Sequence[str]) -> History:
        """History for those of the set's ``judgements``, which deliver ``units``; file_id is the judgement's key."""
        spoken = self.prior_submissions.filter(pl.col(c.UNIT_CODE).is_in(list(units)))
        told = reported_before(
            connection, self.previous_judgements.filter(pl.col(JUDGEMENT_ID).is_in(list(judgements)))
        )
        return history(
            self.window.closes,
            receipts=self.receipts,
            deliveries=self.deliveries,
            programmes=self.programmes,
            earlier=spoken,
            **prior_facts(connection, spoken),
            known=told,
            authorised=self.authorised,
        )


def history(closes: date, **frames: pl.DataFrame) -> History:
    """History of those frames, the others being empty."""
    empty = {name: pl.DataFrame(schema=contract) for name, contract in HISTORY.items()}
    given = {name: conform(frame, HISTORY[name]) for name, frame in frames.items()}
    return History(closes=closes, **{**empty, **given})


def quarter_history(
    connection: Connection, found: CandidateSubmissions, said: pl.DataFrame, window: Window
) -> QuarterHistory:
    """What is the same for all workbooks of the quarter; ``said`` is who speaks for which UR."""
    spoken = prior_submissions(connection, window.year, window.quarter)
    speaking = said.filter(pl.col("status").is_in(DELIVERED))
    return QuarterHistory(
        window=window,
        receipts=receipts(connection, found, window),
        deliveries=deliveries(found, speaking),
        programmes=stated_programmes(connection, found, speaking),
        prior_submissions=spoken,
        previous_judgements=previous_judgements(found, spoken),
        authorised=authorised(connection, window),
    )


def receipts(connection: Connection, found: CandidateSubmissions, window: Window) -> pl.DataFrame:
    """RECEIPTS of the quarter's workbooks; nothing is `known_as` another."""
    repeated = found.workbooks.join(repeats(connection, window), on=c.SHA256, how="left", maintain_order="left")
    local = pl.col(RECEIVED_LOCAL).alias(c.RECEIVED_AT)
    return conform(repeated.with_columns(pl.col(JUDGEMENT_ID).alias(c.FILE_ID), local), RECEIPTS)


def repeats(connection: Connection, window: Window) -> pl.DataFrame:
    """sha256, repeats: the last earlier quarter of the year that received those bytes, those taken back apart."""
    types = {c.SHA256: pl.String, c.REPEATS: pl.Int64}
    if window.quarter == 1:
        return pl.DataFrame(schema=types)
    rows = select(submission.c.sha256, func.max(submission.c.quarter)).group_by(submission.c.sha256)
    wanted = rows.where(submission.c.year == window.year, submission.c.quarter < window.quarter)
    return read_frame(connection, wanted.where(submission.c.id.not_in(withdrawn_submissions())), types)


def deliveries(found: CandidateSubmissions, speaking: pl.DataFrame) -> pl.DataFrame:
    """DELIVERIES of the quarter, the later last; of unknown senders each workbook stands for itself."""
    delivered = found.received.filter(pl.col("status").is_in(DELIVERED)).sort(*RECEIVED_AT_ORDER)
    current = one_of_each_sender(delivered, JUDGEMENT_ID)
    speaks = speaking.select(c.UNIT_CODE, JUDGEMENT_ID, pl.lit(value=True).alias(c.IS_CURRENT))
    told = current.join(speaks, on=[c.UNIT_CODE, JUDGEMENT_ID], how="left", maintain_order="left").with_columns(
        pl.col(JUDGEMENT_ID).alias(c.FILE_ID),
        pl.col(c.SENDER).replace("", None),
        pl.col(RECEIVED_LOCAL).alias(c.RECEIVED_AT),
        pl.col(c.IS_CURRENT).fill_null(value=False),
    )
    return conform(told, DELIVERIES)


def stated_programmes(connection: Connection, found: CandidateSubmissions, speaking: pl.DataFrame) -> pl.DataFrame:
    """PROGRAMMES of the workbooks that speak for a UR."""
    judgements = speaking[JUDGEMENT_ID].unique().sort().to_list()
    types = {c.FILE_ID: pl.Int64} | {name: BUDGET[name] for name in _LINE}
    lines = pl.DataFrame(schema=types)
    for some in portions(judgements, 5000):
        rows = select(budget_line.c.judgement_id, *(budget_line.c[name] for name in _LINE))
        wanted = rows.where(budget_line.c.judgement_id.in_(some)).order_by(budget_line.c.id)
        lines.extend(read_frame(connection, wanted, types))
    files = found.workbooks.select(pl.col(JUDGEMENT_ID).alias(c.FILE_ID), c.FILE)
    return programmes(lines, files)
