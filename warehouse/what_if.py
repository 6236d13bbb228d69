"""Workbooks that are not stored, held against a warehouse: what they would be told if they came now."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.frames import REJECTED, Judged, conform
from schemas.contracts.history_inputs import (
    DELIVERIES,
    PROGRAMMES,
    RECEIPTS,
    History,
    is_current,
    one_of_each_sender,
    programmes,
)
from warehouse.connect import reading_current
from warehouse.database.bulk import read_frame
from warehouse.decisions import waivers
from warehouse.history.first_reported import PREVIOUS, previous_of_units, reported_before
from warehouse.history.inputs import deliveries, history, repeats, stated_programmes
from warehouse.history.prior_quarters import prior_facts, prior_submissions
from warehouse.schema.tables import submission
from warehouse.submissions.current import DELIVERED, CandidateSubmissions, candidate_submissions, current_submissions
from warehouse.submissions.registry import JUDGEMENT_ID


def what_if_history(url: str, judged: Judged, window: Window) -> tuple[History, pl.DataFrame]:
    """History of ``judged`` as the latest workbooks of the quarter, and the WAIVERS in force; nothing is written.

    The quarter's workbooks that they leave current have negative file_ids. Raises WarehouseError where there is no
    warehouse at ``url``, or one of another version.
    """
    with reading_current(url) as connection:
        found = candidate_submissions(connection, window.year, window.quarter).not_withdrawn
        spoken = prior_submissions(connection, window.year, window.quarter)
        units = judged.units[c.UNIT_CODE].unique().to_list()
        before = spoken.filter(pl.col(c.UNIT_CODE).is_in(units))
        current = _deliveries(found, judged)
        return history(
            window.closes,
            receipts=_receipts(connection, judged, window),
            deliveries=current,
            programmes=_programmes(connection, found, judged, current),
            earlier=before,
            **prior_facts(connection, before),
            known=reported_before(connection, _formers(found, spoken, judged)),
            authorised=waivers.authorised(connection, window),
        ), waivers.in_force(connection, window)


def _receipts(connection: Connection, judged: Judged, window: Window) -> pl.DataFrame:
    same_quarter = (submission.c.year == window.year) & (submission.c.quarter == window.quarter)
    hashes = judged.files[c.SHA256].to_list()
    rows = select(submission.c.sha256, submission.c.file).where(same_quarter, submission.c.sha256.in_(hashes))
    received = read_frame(connection, rows.order_by(submission.c.id), {c.SHA256: pl.String, c.KNOWN_AS: pl.String})
    files = judged.files.select(c.FILE_ID, c.SHA256)
    told = files.join(repeats(connection, window), on=c.SHA256, how="left", maintain_order="left").join(
        received.unique(c.SHA256, keep="first", maintain_order=True), on=c.SHA256, how="left", maintain_order="left"
    )
    return conform(told, RECEIPTS)


def _deliveries(found: CandidateSubmissions, judged: Judged) -> pl.DataFrame:
    """DELIVERIES of the quarter and of ``judged``, which come last."""
    current = current_submissions(found, {}).filter(pl.col("status").is_in(DELIVERED))
    stored = deliveries(found, current).with_columns(-pl.col(c.FILE_ID))
    given = judged.units.filter(pl.col(c.VERDICT) != REJECTED).join(
        judged.files.select(c.FILE_ID, c.FILE, c.SENDER), on=c.FILE_ID, how="left", maintain_order="left"
    )
    every = one_of_each_sender(pl.concat([stored, conform(given, DELIVERIES)]))
    return every.with_columns(is_current().alias(c.IS_CURRENT))


def _programmes(
    connection: Connection, found: CandidateSubmissions, judged: Judged, current: pl.DataFrame
) -> pl.DataFrame:
    speaking = current.filter(pl.col(c.IS_CURRENT))
    others = speaking.filter(pl.col(c.FILE_ID) < 0).select((-pl.col(c.FILE_ID)).alias(JUDGEMENT_ID)).unique()
    standing = stated_programmes(connection, found, others).with_columns(-pl.col(c.FILE_ID))
    given = programmes(judged.budget, judged.files.select(c.FILE_ID, c.FILE)).join(speaking, on=c.FILE_ID, how="semi")
    return conform(pl.concat([standing, given]), PROGRAMMES)


def _formers(found: CandidateSubmissions, spoken: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """As known.formers: the sender's last workbook of other bytes in the quarter, else who last spoke for each UR."""
    sent = judged.files.drop_nulls(c.SENDER).select(pl.col(c.FILE_ID).alias(JUDGEMENT_ID), c.SENDER, c.SHA256)
    received = found.workbooks.filter(pl.col(c.VERDICT) != REJECTED).select(
        c.SENDER, pl.col(JUDGEMENT_ID).alias(PREVIOUS), pl.col(c.SHA256).alias("former_sha256")
    )
    again = (
        sent.join(received, on=c.SENDER, how="inner", maintain_order="left_right")
        .filter(pl.col(c.SHA256) != pl.col("former_sha256"))
        .unique(JUDGEMENT_ID, keep="last", maintain_order=True)
    )
    again = again.select(
        JUDGEMENT_ID, pl.lit(None, pl.String).alias(c.UNIT_CODE), pl.lit(value=True).alias("whole"), PREVIOUS
    )
    units = judged.units.select(pl.col(c.FILE_ID).alias(JUDGEMENT_ID), c.UNIT_CODE)
    return pl.concat([again, previous_of_units(units, sent.select(JUDGEMENT_ID, c.SENDER), again, spoken)])
