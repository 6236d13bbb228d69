"""The snapshot of a quarter: which judgement speaks for which UR, who was rejected, who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Row, Select, func, insert, select, update

from config.catalog import Unit
from config.policy import TrafficLight
from schemas import columns as c
from schemas.unit_verdict import REJECTED
from warehouse.bulk import insert_frame, read_frame
from warehouse.digest import SPEAKS, digest_of
from warehouse.keys import Keys
from warehouse.ledger import JUDGEMENT_ID
from warehouse.tables import judgement, judgement_unit, snapshot, snapshot_unit, submission

MISSING: Final = "faltante"

_CLAIM = {
    c.UNIT_CODE: pl.String,
    c.UNIT_NAME: pl.String,
    c.LEVEL: pl.String,
    "status": pl.String,
    JUDGEMENT_ID: pl.Int64,
    "received_at": pl.Datetime,
    "submission_id": pl.Int64,
}
_SAID = (c.UNIT_CODE, c.UNIT_NAME, "status", JUDGEMENT_ID)


@dataclass(frozen=True)
class Published:
    """A quarter's current version; ``new`` is False where the same set stood already."""

    version: int
    new: bool
    digest: str
    year: int
    quarter: int


def publish(
    connection: Connection,
    keys: Keys,
    *,
    run_id: int,
    year: int,
    quarter: int,
    units: Mapping[str, Unit],
    light: TrafficLight,
    now: datetime,
) -> Published:
    """Publishes the quarter's set as its next version, or nothing where the last version is that very set."""
    said = speakers(connection, year, quarter, units)
    last = last_version(connection, year, quarter)
    if last is not None and _same(connection, last, said, light):
        return Published(last.version, False, last.digest, year, quarter)
    key, version = keys.take(snapshot), 1 if last is None else last.version + 1
    values = {"id": key, "year": year, c.QUARTER: quarter, "version": version, "run_id": run_id}
    connection.execute(insert(snapshot).values(**values, published_at=now, digest="", **light.model_dump()))
    first = keys.take(snapshot_unit, said.height)
    insert_frame(
        connection,
        snapshot_unit,
        said.select((pl.int_range(pl.len()) + first).alias("id"), pl.lit(key).alias("snapshot_id"), *_SAID),
    )
    digest = digest_of(connection, key)
    connection.execute(update(snapshot).where(snapshot.c.id == key).values(digest=digest))
    return Published(version, True, digest, year, quarter)


def speakers(connection: Connection, year: int, quarter: int, units: Mapping[str, Unit]) -> pl.DataFrame:
    """One row per UR, in the catalogue or delivered all the same: unit_code, unit_name, status, judgement_id.

    The workbook where the UR is principal outranks one where it is derived, then the later receipt counts,
    then the later submission. A rejected workbook counts only where none was accepted.
    """
    claims = _claims(connection, year, quarter)
    latest_first = claims.sort(
        pl.col(c.LEVEL) == "principal", "received_at", "submission_id", descending=True, nulls_last=True
    )
    accepted = _first_of_unit(latest_first.filter(pl.col("status").is_in(SPEAKS)))
    rejected = _first_of_unit(
        claims.filter(pl.col("status") == REJECTED, pl.col(c.UNIT_CODE).is_in(list(units)))
        .sort("received_at", "submission_id", JUDGEMENT_ID, descending=True)
    )  # fmt: skip
    expected = pl.DataFrame(
        {
            c.UNIT_CODE: list(units),
            c.UNIT_NAME: [unit.name for unit in units.values()],
            "status": [MISSING] * len(units),
            JUDGEMENT_ID: [None] * len(units),
        },
        schema={name: _CLAIM[name] for name in _SAID},
    )
    everyone = _first_of_unit(pl.concat([frame.select(_SAID) for frame in (accepted, rejected, expected)]))
    names = expected.select(c.UNIT_CODE, pl.col(c.UNIT_NAME).alias("official"))
    return (
        everyone.join(names, on=c.UNIT_CODE, how="left")
        .with_columns(pl.coalesce("official", c.UNIT_NAME, c.UNIT_CODE).alias(c.UNIT_NAME))
        .select(_SAID)
        .sort(c.UNIT_CODE)
    )


def latest(year: int, quarter: int) -> Select[*tuple[Any, ...]]:
    """Each submission's latest judgement: judgement_id, submission_id, sender, verdict, received_at."""
    place = func.row_number().over(
        partition_by=judgement.c.submission_id,
        order_by=(judgement.c.last_run_id.desc(), judgement.c.id.desc()),
    )
    ranked = (
        select(
            judgement.c.id.label(JUDGEMENT_ID),
            judgement.c.submission_id,
            judgement.c.sender,
            judgement.c.verdict,
            submission.c.received_at,
            place.label("place"),
        )
        .join(submission)
        .where(submission.c.year == year, submission.c.quarter == quarter)
        .subquery()
    )
    return select(*(col for col in ranked.c if col.name != "place")).where(ranked.c.place == 1)


def last_version(connection: Connection, year: int, quarter: int) -> Row[*tuple[Any, ...]] | None:
    """The quarter's last published version, or None."""
    of_quarter = select(snapshot).where(snapshot.c.year == year, snapshot.c.quarter == quarter)
    return connection.execute(of_quarter.order_by(snapshot.c.version.desc()).limit(1)).first()


def _claims(connection: Connection, year: int, quarter: int) -> pl.DataFrame:
    """What each latest judgement says of each UR; a workbook rejected whole says it of its sender."""
    read = latest(year, quarter).subquery()
    tail = (read.c.judgement_id, read.c.received_at, read.c.submission_id)
    said = judgement_unit
    of_units = select(said.c.unit_code, said.c.unit_name, said.c.level, said.c.verdict, *tail).join(
        read, read.c.judgement_id == said.c.judgement_id
    )
    nothing = pl.lit(None, pl.String)
    of_senders = read_frame(
        connection,
        select(read.c.sender, *tail).where(read.c.verdict == REJECTED, read.c.sender != ""),
        {name: _CLAIM[name] for name in (c.UNIT_CODE, *list(_CLAIM)[4:])},
    ).with_columns(nothing.alias(c.UNIT_NAME), nothing.alias(c.LEVEL), pl.lit(REJECTED, pl.String).alias("status"))
    return pl.concat([read_frame(connection, of_units, _CLAIM), of_senders.select(list(_CLAIM))])


def _first_of_unit(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.unique(subset=c.UNIT_CODE, keep="first", maintain_order=True)


def _same(connection: Connection, last: Row[*tuple[Any, ...]], said: pl.DataFrame, light: TrafficLight) -> bool:
    if (last.green, last.amber, last.blue) != (light.green, light.amber, light.blue):
        return False
    columns = (snapshot_unit.c.unit_code, snapshot_unit.c.status, snapshot_unit.c.judgement_id)
    stored = connection.execute(select(*columns).where(snapshot_unit.c.snapshot_id == last.id))
    return {tuple(row) for row in stored} == set(said.select(c.UNIT_CODE, "status", JUDGEMENT_ID).rows())
