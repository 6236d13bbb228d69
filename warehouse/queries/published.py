"""Reading the warehouse: the public views, the versions, and stored judgements as frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl
from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    Double,
    Integer,
    Row,
    Select,
    Text,
    and_,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.types import TypeEngine

from config.policy import TrafficLight
from schemas.contracts import columns as c
from schemas.contracts.frames import FINDINGS, REJECTED, Contract, Judged, conform
from warehouse.connect import Warehouse
from warehouse.database.bulk import read_frame
from warehouse.database.engine import WarehouseError, operable
from warehouse.decisions import closings, waivers
from warehouse.decisions.withdrawals import withdrawn_submissions
from warehouse.history.first_reported import first_reported_of
from warehouse.queries.fingerprints import report_fingerprints
from warehouse.queries.previous_submission import PreviousSubmission, previous_findings, previous_submissions
from warehouse.schema import views
from warehouse.schema.snapshot_tables import snapshot, snapshot_unit, snapshot_waiver
from warehouse.schema.tables import judgement, submission
from warehouse.snapshots.answers import answers_to
from warehouse.snapshots.changes import changes
from warehouse.snapshots.versions import first_run_after, history_findings_of, last_version, waived_own
from warehouse.submissions import stored
from warehouse.submissions.current import latest_judgements
from warehouse.submissions.holding import judgements_in

_SQL_TYPES: Final[dict[Any, type[TypeEngine[Any]]]] = {
    pl.Int64: Integer,
    pl.Float64: Double,
    pl.String: Text,
    pl.Boolean: Boolean,
    pl.Datetime: DateTime,
}
_SAID: Final[Contract] = {
    **dict.fromkeys((c.UNIT_CODE, "status"), pl.String),
    c.QUALITY: pl.Float64,
    **dict.fromkeys((c.FINDINGS, c.FINDINGS_WAIVED), pl.Int64),
}
SET_ASIDE: Final = "set_aside"
_ORDER: Final = (
    *("ejercicio", "trimestre", "version", "ur", "no_actividad"),
    *("estrategia", "regla", "hoja", "fila", "celda"),
)


def view(
    warehouse: Warehouse,
    name: str,
    *,
    year: int | None = None,
    quarter: int | None = None,
    version: int | None = None,
    current: bool = True,
) -> pl.DataFrame:
    """A public view's rows, sorted; the last versions', unless ``version`` names one or ``current`` is False.

    Raises WarehouseError where there is no such view.
    """
    if name not in views.PUBLIC:
        raise WarehouseError(f"there is no view {name}; there are {', '.join(views.PUBLIC)}")
    schema = views.PUBLIC[name]
    source = table(name, *(column(label, _SQL_TYPES[kind]) for label, kind in schema.items()))
    rows = select(source)
    for label, wanted in (("ejercicio", year), ("trimestre", quarter), ("version", version)):
        if wanted is not None:
            rows = rows.where(source.c[label] == wanted)
    if version is None and current:
        rows = rows.where(source.c.vigente)
    with reading(warehouse) as connection:
        frame = read_frame(connection, rows, schema)
    return frame.sort([label for label in _ORDER if label in schema], maintain_order=True)


def versions(warehouse: Warehouse) -> pl.DataFrame:
    """Every published version: year, quarter, version, current, state, published_at (UTC), digest."""
    schema = {
        **dict.fromkeys(("year", c.QUARTER, "version"), pl.Int64),
        "state": pl.String,
        "published_at": pl.Datetime,
        "digest": pl.String,
    }
    rows = select(*(snapshot.c[name] for name in schema))
    with reading(warehouse) as connection:
        frame = read_frame(connection, rows, schema)
    last = (pl.col("version") == pl.col("version").max().over("year", c.QUARTER)).alias("current")
    published = pl.col("published_at").dt.replace_time_zone("UTC")
    ordered = frame.sort("year", c.QUARTER, "version")
    return ordered.select("year", c.QUARTER, "version", last, "state", published, "digest")


def reported_workbooks(warehouse: Warehouse, year: int, quarter: int, version: int | None = None) -> pl.DataFrame:
    """The workbooks of a version, each once, and the rejected ones that no expected UR answers for.

    Columns: judgement_id, file, sha256, sender (null: unknown), verdict, received_at (UTC), on_time, quality, set_aside
    (others answer for every UR that it delivers). Of a sender, those set aside come last. Raises WarehouseError where
    the quarter has no such version.
    """
    schema = {
        "judgement_id": pl.Int64,
        **dict.fromkeys((c.FILE, c.SHA256, c.SENDER, c.VERDICT), pl.String),
        "received_at": pl.Datetime,
        "on_time": pl.Boolean,
        c.QUALITY: pl.Float64,
        SET_ASIDE: pl.Boolean,
    }
    with reading(warehouse) as connection:
        found = _version(connection, year, quarter, version)
        frame = read_frame(connection, _workbooks(found, first_run_after(connection, found)), schema)
    return frame.with_columns(
        pl.col(c.SENDER).replace("", None), pl.col("received_at").dt.replace_time_zone("UTC")
    ).sort(c.SENDER, SET_ASIDE, c.FILE, "judgement_id")


def fingerprints_of_reports(warehouse: Warehouse, year: int, quarter: int, judgements: list[int]) -> dict[int, str]:
    """A hash of each judgement over all that the quarter's current version says of it."""
    with reading(warehouse) as connection:
        return report_fingerprints(connection, year, quarter, judgements)


def judged(warehouse: Warehouse, judgement_id: int) -> Judged:
    """A stored judgement as the frames of one workbook, file_id 0; achieved of quarters not due is null.

    ``path`` is null: the workbook lies in the archive under its hash. Raises WarehouseError where it is
    unknown.
    """
    with reading(warehouse) as connection:
        return stored.read_judgement(connection, judgement_id)


@dataclass(frozen=True)
class AsPublished:
    """A judgement as a version has it, file_id 0: what was ``judged``, what it was ``told`` in history scope, in both
    what is waived flagged and what its unit answered, the KNOWN of those findings, ``units``: what the version says of
    each UR, the version's traffic light, and the workbook before with its findings (FINDINGS), if there was one.
    """

    judged: Judged
    told: pl.DataFrame
    known: pl.DataFrame
    units: pl.DataFrame
    light: TrafficLight
    before: tuple[PreviousSubmission, pl.DataFrame] | None


def as_published(warehouse: Warehouse, judgement_id: int, version: int | None = None) -> AsPublished:
    """The judgement in that version of its quarter, the last one where not told.

    Raises WarehouseError where the judgement is unknown, or its quarter has no such version.
    """
    with reading(warehouse) as connection:
        judged = stored.read_judgement(connection, judgement_id)
        quarter = select(submission.c.year, submission.c.quarter).join(judgement).where(judgement.c.id == judgement_id)
        of_quarter = connection.execute(quarter).one()
        found = _version(connection, of_quarter.year, of_quarter.quarter, version)
        told = history_findings_of(connection, found.id, judgement_id)
        waived = waived_own(connection, found.id, judgement_id)
        said_to = [answers_to(connection, found.id, judgement_id, own=own) for own in (True, False)]
        known = first_reported_of(connection, judgement_id, found.id)
        said = [snapshot_unit.c[name] for name in _SAID]
        units = read_frame(
            connection,
            select(*said).where(snapshot_unit.c.snapshot_id == found.id, snapshot_unit.c.judgement_id == judgement_id),
            _SAID,
        )
        former = previous_submissions(connection, found, [judgement_id]).get(judgement_id)
        before = None if former is None else (former, previous_findings(connection, former))
    light = TrafficLight(green=found.green, amber=found.amber, blue=found.blue)
    first = pl.lit(0, pl.Int64).alias(c.FILE_ID)
    flagged = judged.findings.with_columns(waived.alias(c.WAIVED), said_to[0])
    own = told.with_columns(first, pl.col(c.WAIVER_ID).is_not_null().alias(c.WAIVED), said_to[1])
    whole = replace(judged, findings=flagged)
    return AsPublished(whole, conform(own, FINDINGS), known.with_columns(first), units, light, before)


def waivers_of(warehouse: Warehouse, year: int, quarter: int | None) -> tuple[pl.DataFrame, int | None, list[int]]:
    """The waivers that concern the year (`waivers.GRANTED`); the quarter, or the last one published, null if none; the
    waivers that its current version puts to use.
    """
    with reading(warehouse) as connection:
        granted = waivers.granted(connection, year)
        last = select(func.max(snapshot.c.quarter)).where(snapshot.c.year == year)
        quarter = quarter or connection.execute(last).scalar()
        found = last_version(connection, year, quarter) if quarter else None
        used = select(snapshot_waiver.c.waiver_id).where(snapshot_waiver.c.snapshot_id == (found.id if found else 0))
        return granted, quarter, sorted(set(connection.execute(used).scalars()))


def changes_between(warehouse: Warehouse, before: tuple[int, int, int], after: tuple[int, int, int]) -> pl.DataFrame:
    """Changes from one version to another, each (year, quarter, version): CHANGES and the ``file`` of the value after.

    Between quarters, what the earlier one could not know is no change. Raises WarehouseError where there is no such
    version.
    """
    with reading(warehouse) as connection:
        first, second = (_version(connection, *which) for which in (before, after))
        covered = None if first.quarter == second.quarter else min(first.quarter, second.quarter)
        found = changes(connection, first.id, second.id, covered)
        named = (
            select(judgement.c.id, submission.c.file)
            .join(submission)
            .where(judgement.c.id.in_(found.get_column("judgement_id").drop_nulls().unique().sort().to_list()))
        )
        files = read_frame(connection, named, {"judgement_id": pl.Int64, c.FILE: pl.String})
    return found.join(files, on="judgement_id", how="left", maintain_order="left")


def exceptions_of(warehouse: Warehouse, year: int) -> pl.DataFrame:
    """The exceptions that opened closed quarters of the year (`closings.EXCEPTIONS`)."""
    with reading(warehouse) as connection:
        return closings.granted(connection, year)


@contextmanager
def reading(warehouse: Warehouse) -> Iterator[Connection]:
    """A connection to read by; raises WarehouseError where the database refuses."""
    with operable(warehouse.engine), warehouse.engine.connect() as connection:
        yield connection


def _version(connection: Connection, year: int, quarter: int, version: int | None) -> Row[*tuple[Any, ...]]:
    if version is None:
        found = last_version(connection, year, quarter)
    else:
        of_quarter = and_(snapshot.c.year == year, snapshot.c.quarter == quarter)
        found = connection.execute(select(snapshot).where(of_quarter, snapshot.c.version == version)).first()
    if found is None:
        which = "nothing" if version is None else f"no version {version}"
        raise WarehouseError(f"{which} was published for {year} T{quarter}; run poa consolidate for it first")
    return found


def _workbooks(found: Row[*tuple[Any, ...]], until: int | None) -> Select[*tuple[Any, ...]]:
    of_version = snapshot_unit.c.snapshot_id == found.id
    spoken = select(snapshot_unit.c.judgement_id).where(of_version, snapshot_unit.c.judgement_id.is_not(None))
    answered = select(snapshot_unit.c.unit_code).where(of_version)
    last = latest_judgements(found.year, found.quarter, until).subquery()
    nobodys = select(last.c.judgement_id).where(last.c.verdict == REJECTED, last.c.sender.not_in(answered))
    nobodys = nobodys.where(last.c.submission_id.not_in(withdrawn_submissions(until)))
    wanted = or_(judgement.c.id.in_(judgements_in(found.id)), judgement.c.id.in_(nobodys))
    if until is not None:
        wanted = and_(wanted, judgement.c.run_id < until)
    of_submission = (submission.c.received_at, submission.c.on_time)
    named = (submission.c.file, submission.c.sha256, judgement.c.sender, judgement.c.verdict)
    aside = and_(judgement.c.id.not_in(spoken), judgement.c.id.not_in(nobodys)).label(SET_ASIDE)
    return select(judgement.c.id, *named, *of_submission, judgement.c.quality, aside).join(submission).where(wanted)
