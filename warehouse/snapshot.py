"""The snapshot of a quarter: a version of who speaks for which UR, and of what it is told beside the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl
from sqlalchemy import Connection, Row, insert, update

from config.calendar import Window
from config.catalog import Unit
from config.form import Form
from config.policy import TrafficLight
from schemas import columns as c
from warehouse import changes, versions, waivers
from warehouse.digest import digest_of
from warehouse.earlier import SNAPSHOT_ID
from warehouse.history import QuarterHistory, quarter_history
from warehouse.history_pass import Judge, retold
from warehouse.keys import Keys
from warehouse.known import keep, known, remember
from warehouse.ledger import JUDGEMENT_ID
from warehouse.receipt import Provenance
from warehouse.speakers import SPEAKING, claims, speakers
from warehouse.tables import snapshot


@dataclass(frozen=True)
class Setting:
    """What a quarter is published under."""

    window: Window
    units: Mapping[str, Unit]
    light: TrafficLight
    provenance: Provenance
    judge: Judge
    form: Form


@dataclass(frozen=True)
class Published:
    """A quarter's current version; ``new`` is False where the same set stood already."""

    version: int
    new: bool
    digest: str
    year: int
    quarter: int


def publish(connection: Connection, keys: Keys, setting: Setting, run_id: int, now: datetime) -> Published:
    """Publishes the quarter's set as its next version, or nothing where the last version says that very thing.

    That is where the set, what it is told in history scope, what is waived and the traffic light are the same.
    """
    window = setting.window
    found = claims(connection, window.year, window.quarter)
    said = speakers(found, setting.units)
    last = versions.last_version(connection, window.year, window.quarter)
    granted = waivers.in_force(connection, window)
    past = quarter_history(connection, found, said, window)
    basis = _basis(said, past, granted, setting)
    if last is not None and last.basis == basis:
        return _standing(last)
    fresh = found.workbooks.filter(pl.col("run_id") > (last.run_id if last is not None else 0))
    remember(connection, found, past.formers, fresh[JUDGEMENT_ID].to_list())
    judgements = said[JUDGEMENT_ID].drop_nulls().unique().sort().to_list()
    came = retold(connection, found, judgements, past, granted, setting.judge)
    said = _revised(said, came.units)
    if last is not None and versions.says(connection, last, said, came, setting.light):
        connection.execute(update(snapshot).where(snapshot.c.id == last.id).values(basis=basis))
        return _standing(last)
    values = {
        "id": keys.take(snapshot),
        "year": window.year,
        c.QUARTER: window.quarter,
        "version": 1 if last is None else last.version + 1,
        "run_id": run_id,
        "published_at": now,
        "basis": basis,
        **setting.light.model_dump(),
    }
    connection.execute(insert(snapshot).values(**values, digest=""))
    told = versions.store(connection, keys, values["id"], said, came)
    keep(connection, known(connection, _before(past, told)), told)
    for against in (last, versions.last_before(connection, window.year, window.quarter)):
        if against is not None:
            changes.store(connection, keys, values["id"], against, window.quarter, setting.form)
    digest = digest_of(connection, values["id"])
    connection.execute(update(snapshot).where(snapshot.c.id == values["id"]).values(digest=digest))
    return Published(values["version"], True, digest, window.year, window.quarter)


def _standing(last: Row[*tuple[Any, ...]]) -> Published:
    return Published(last.version, False, last.digest, last.year, last.quarter)


def _before(past: QuarterHistory, told: pl.DataFrame) -> pl.DataFrame:
    """The workbooks before those that were told anything."""
    return past.formers.filter(pl.col(JUDGEMENT_ID).is_in(told[c.FILE_ID].unique().implode()))


def _revised(said: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """``said`` as history and waivers leave it; who was rejected stays so."""
    key = [JUDGEMENT_ID, c.UNIT_CODE]
    changed = units.select(
        pl.col(c.FILE_ID).alias(JUDGEMENT_ID), c.UNIT_CODE, c.VERDICT, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED
    )
    beside = said.join(changed, on=key, how="left", suffix="_now", maintain_order="left")
    both_speak = pl.col("status").is_in(SPEAKING) & pl.col(c.VERDICT).is_in(SPEAKING)
    return beside.with_columns(
        pl.when(both_speak).then(c.VERDICT).otherwise("status").alias("status"),
        *(pl.coalesce(f"{name}_now", name).alias(name) for name in (c.QUALITY, c.FINDINGS)),
        pl.when(pl.col(JUDGEMENT_ID).is_not_null()).then(pl.col(c.FINDINGS_WAIVED).fill_null(0)),
    ).select(*said.columns, c.FINDINGS_WAIVED)


def _basis(said: pl.DataFrame, past: QuarterHistory, granted: pl.DataFrame, setting: Setting) -> str:
    """SHA-256 over all that decides what a version says: the same again, and so is the version."""
    made_of = (
        said.select(c.UNIT_CODE, "status", JUDGEMENT_ID).sort(c.UNIT_CODE).rows(),
        past.deliveries.select(c.FILE_ID, c.UNIT_CODE, c.SPEAKS).sort(c.FILE_ID, c.UNIT_CODE).rows(),
        past.receipts.drop_nulls(c.REPEATS).select(c.FILE_ID, c.REPEATS).sort(c.FILE_ID).rows(),
        past.spoken[SNAPSHOT_ID].unique().sort().to_list(),
        past.authorised.rows(),
        granted[c.WAIVER_ID].to_list(),
        setting.window.model_dump(mode="json"),
        setting.light.model_dump(),
        asdict(setting.provenance),
    )
    return sha256(json.dumps(made_of).encode()).hexdigest()
