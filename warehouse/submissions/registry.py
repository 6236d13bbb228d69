"""What the warehouse knows of a quarter's submissions, and entering new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, insert, select, update

from config.calendar import Window
from schemas.contracts import columns as c
from schemas.contracts.submission import Submission
from warehouse.database.bulk import insert_frame
from warehouse.database.keys import Keys
from warehouse.schema.tables import PROVENANCE, ROWS, judgement, submission
from warehouse.submissions.provenance import Provenance

JUDGEMENT_ID = "judgement_id"


class SubmissionRegistry:
    """A quarter's submissions and their judgements, as this transaction sees them."""

    def __init__(
        self,
        connection: Connection,
        keys: Keys,
        run_id: int,
        window: Window,
        zone: ZoneInfo,
        provenance: Provenance,
    ) -> None:
        self._connection, self._keys, self._run_id = connection, keys, run_id
        self._window, self._zone = window, zone
        self._provenance = astuple(provenance)
        self._submissions: dict[tuple[str, str], int] = {}
        self._judged: dict[int, int] = {}
        self._superseded: set[int] = set()
        self._recall()

    def is_judged(self, receipt: Submission) -> bool:
        """Whether the workbook has a judgement under this provenance, which is its latest from now on."""
        known = self._judged.get(self._submissions.get(receipt.key, 0))
        if known in self._superseded:
            # Rules that were changed and changed back: the old judgement holds again.
            again = update(judgement).where(judgement.c.id == known).values(last_run_id=self._run_id)
            self._connection.execute(again)
            self._superseded.discard(known)
        return known is not None

    def register(self, files: pl.DataFrame, receipts: Sequence[Submission]) -> pl.DataFrame:
        """Enters submissions and judgements; (file_id, judgement_id) of the judgements that are new."""
        self._receive(receipts)
        new: dict[int, int] = {}
        for file_id, receipt in enumerate(receipts):
            if not self.is_judged(receipt):
                new[file_id] = self._keys.take(judgement)
                self._judged[self._submissions[receipt.key]] = new[file_id]
        entered = pl.DataFrame(
            {c.FILE_ID: list(new), JUDGEMENT_ID: list(new.values())},
            schema={c.FILE_ID: pl.Int64, JUDGEMENT_ID: pl.Int64},
        )
        insert_frame(self._connection, judgement, self._judgements(files, receipts, entered))
        return entered

    def _recall(self) -> None:
        of_quarter = (submission.c.year == self._window.year, submission.c.quarter == self._window.quarter)
        for row in self._connection.execute(
            select(submission.c.id, submission.c.sha256, submission.c.sender).where(*of_quarter)
        ):
            self._submissions[row.sha256, row.sender] = row.id
        columns = [judgement.c[name] for name in ("id", "submission_id", *PROVENANCE)]
        judgements = select(*columns).join(submission).where(*of_quarter)
        latest: dict[int, int] = {}
        for key, submission_id, *provenance in self._connection.execute(
            judgements.order_by(judgement.c.last_run_id, judgement.c.id)
        ):
            latest[submission_id] = key
            if tuple(provenance) == self._provenance:
                self._judged[submission_id] = key
        self._superseded = {key for submission_id, key in self._judged.items() if latest[submission_id] != key}

    def _receive(self, receipts: Sequence[Submission]) -> None:
        rows = []
        for receipt in receipts:
            if receipt.key not in self._submissions:
                self._submissions[receipt.key] = self._keys.take(submission)
                rows.append(self._submission(receipt))
        if rows:
            self._connection.execute(insert(submission), rows)

    def _submission(self, receipt: Submission) -> dict[str, Any]:
        local = receipt.received_at.astimezone(self._zone)
        return {
            "id": self._submissions[receipt.key],
            "year": self._window.year,
            c.QUARTER: self._window.quarter,
            c.SHA256: receipt.sha256,
            c.FILE: receipt.file,
            c.BYTES: receipt.bytes,
            c.SENDER: receipt.sender or "",
            "received_at": naive_utc(receipt.received_at),
            "received_local": local.replace(tzinfo=None),
            "on_time": local.date() <= self._window.closes,
        }

    def _judgements(self, files: pl.DataFrame, receipts: Sequence[Submission], entered: pl.DataFrame) -> pl.DataFrame:
        submissions = pl.DataFrame(
            {
                c.FILE_ID: range(len(receipts)),
                "submission_id": [self._submissions[receipt.key] for receipt in receipts],
                "told": [receipt.sender or "" for receipt in receipts],
            },
            schema={c.FILE_ID: pl.Int64, "submission_id": pl.Int64, "told": pl.String},
        )
        return (
            files.join(entered, on=c.FILE_ID)
            .join(submissions, on=c.FILE_ID)
            .select(
                pl.col(JUDGEMENT_ID).alias("id"),
                "submission_id",
                *(pl.lit(value).alias(name) for name, value in zip(PROVENANCE, self._provenance, strict=True)),
                pl.lit(self._run_id).alias("run_id"),
                pl.lit(self._run_id).alias("last_run_id"),
                pl.coalesce(c.SENDER, "told").alias(c.SENDER),
                *(c.FORM, c.FISCAL_YEAR, c.VERDICT, c.QUALITY, c.ASKED, *ROWS),
            )
        )


def naive_utc(instant: datetime) -> datetime:
    """The instant in UTC, without zone, as the tables keep it."""
    return instant.astimezone(UTC).replace(tzinfo=None)
