"""Earlier quarters of the fiscal year, as their current versions have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Select, func, or_, select

from schemas.contracts import columns as c
from schemas.contracts.frames import ACTIVITIES, Contract, conform
from schemas.contracts.history_inputs import (
    EARLIER,
    EARLIER_ACTIVITIES,
    EARLIER_BUDGET,
    EARLIER_FINDINGS,
    EARLIER_QUARANTINED,
)
from warehouse.database.bulk import read_frame
from warehouse.schema.snapshot_tables import snapshot, snapshot_unit
from warehouse.schema.tables import budget_line, finding, header_value, judgement, quarantined_row, submission
from warehouse.submissions import stored
from warehouse.submissions.current import DELIVERED, RECEIVED_LOCAL
from warehouse.submissions.registry import JUDGEMENT_ID

SNAPSHOT_ID: Final = "snapshot_id"
# EARLIER, with the judgement that speaks for the UR and the version that says so.
PRIOR_SUBMISSIONS: Final[Contract] = {**EARLIER, JUDGEMENT_ID: pl.Int64, SNAPSHOT_ID: pl.Int64}
_KEY: Final = [JUDGEMENT_ID, c.UNIT_CODE]


def prior_submissions(connection: Connection, year: int, quarter: int) -> pl.DataFrame:
    """SPOKEN of the quarters before ``quarter``: who spoke for each UR that delivered."""
    if quarter == 1:
        return pl.DataFrame(schema=PRIOR_SUBMISSIONS)
    current = (
        select(snapshot.c.quarter, func.max(snapshot.c.version).label("version"))
        .where(snapshot.c.year == year, snapshot.c.quarter < quarter)
        .group_by(snapshot.c.quarter)
        .subquery()
    )
    source = (
        snapshot.join(current, (current.c.quarter == snapshot.c.quarter) & (current.c.version == snapshot.c.version))
        .join(snapshot_unit, snapshot_unit.c.snapshot_id == snapshot.c.id)
        .join(judgement, judgement.c.id == snapshot_unit.c.judgement_id)
        .join(submission, submission.c.id == judgement.c.submission_id)
        .outerjoin(
            header_value,
            (header_value.c.judgement_id == judgement.c.id) & (header_value.c.field == c.DRAWN_UP_ON),
        )
    )
    rows = select(
        snapshot.c.quarter,
        snapshot_unit.c.unit_code,
        submission.c.file,
        submission.c[RECEIVED_LOCAL],
        header_value.c.text,
        judgement.c.id,
        snapshot.c.id,
    ).select_from(source)
    wanted = rows.where(snapshot.c.year == year, snapshot_unit.c.status.in_(DELIVERED))
    return read_frame(connection, wanted, PRIOR_SUBMISSIONS).sort(c.QUARTER, c.UNIT_CODE)


def prior_facts(connection: Connection, spoken: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """The frames of History that say what was told in the judgements of ``spoken``, each of its UR alone."""
    if spoken.is_empty():
        return {}
    judgements = spoken[JUDGEMENT_ID].unique().sort().to_list()
    activities = stored.activities(judgements)
    types = {c.FILE_ID: pl.Int64} | ACTIVITIES
    schema = {col.name: types[col.name] for col in activities.selected_columns}
    found = {
        "activities": read_frame(connection, activities, schema).rename({c.FILE_ID: JUDGEMENT_ID}),
        "quarantined": _read(connection, _rows(quarantined_row, judgements, EARLIER_QUARANTINED), EARLIER_QUARANTINED),
        "budget": _read(connection, _rows(budget_line, judgements, EARLIER_BUDGET), EARLIER_BUDGET),
        "findings": _read(connection, _findings(spoken, judgements), EARLIER_FINDINGS),
    }
    contracts = {
        "activities": EARLIER_ACTIVITIES,
        "quarantined": EARLIER_QUARANTINED,
        "budget": EARLIER_BUDGET,
        "findings": EARLIER_FINDINGS,
    }
    quarters = spoken.select(*_KEY, c.QUARTER)
    return {
        name: conform(frame.join(quarters, on=_KEY, how="inner", maintain_order="left"), contracts[name])
        for name, frame in found.items()
    }


def _rows(table: Any, judgements: list[int], contract: Contract) -> Select[*tuple[Any, ...]]:
    named = [table.c[name] for name in contract if name != c.QUARTER]
    rows = select(table.c.judgement_id, *named).where(table.c.judgement_id.in_(judgements))
    return rows.where(table.c.unit_code.is_not(None)).order_by(table.c.id)


def _findings(spoken: pl.DataFrame, judgements: list[int]) -> Select[*tuple[Any, ...]]:
    of_versions = finding.c.snapshot_id.in_(spoken[SNAPSHOT_ID].unique().to_list())
    rows = _rows(finding, judgements, EARLIER_FINDINGS)
    return rows.where(finding.c.severity != "nota", or_(finding.c.snapshot_id.is_(None), of_versions))


def _read(connection: Connection, rows: Select[*tuple[Any, ...]], contract: Contract) -> pl.DataFrame:
    types = {JUDGEMENT_ID: pl.Int64} | {name: kind for name, kind in contract.items() if name != c.QUARTER}
    return read_frame(connection, rows, types)
