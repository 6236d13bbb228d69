"""What the office decides about a quarter: closing it, opening it again, taking a submission back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

import polars as pl

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.errors import UsageError
from config.file_name import shown
from config.settings import Settings
from flows.runs.quarter_run import NOTHING_READ, history_judge, quarter_run
from schemas.contracts import columns as c
from warehouse.connect import open_warehouse
from warehouse.consolidation import Decision, Published
from warehouse.queries.published import exceptions_of

SHOWN = 12  # candidates in a message
OPEN, ENDED = "open", "ended"


@dataclass(frozen=True)
class ExceptionRequest:
    """Which closed quarter to open, for a UR or for all (None), to what comes up to a day."""

    year: int
    quarter: int
    unit: str | None
    until: date


@dataclass(frozen=True)
class WithdrawRequest:
    """Which submission of a quarter to take back, by its file's name, as shown or as it is, the start of its hash, or
    both.
    """

    year: int
    quarter: int
    file: str | None
    sha256: str | None


@dataclass(frozen=True)
class Withdrawn:
    """The submission that was taken back, and what the quarter says since."""

    file: str
    sha256: str
    published: Published


def close(year: int, quarter: int, by: Decision, settings: Settings, moment: datetime | None = None) -> Published:
    """Closes the quarter: its last version is definitive. Raises UsageError where it has none, or is closed."""
    _stated(by)
    with quarter_run(year, quarter, "close", settings, moment, publishes=False) as (_, consolidation):
        return consolidation.close(by)


def open_again(request: ExceptionRequest, by: Decision, settings: Settings, moment: datetime | None = None) -> None:
    """Grants an exception to a closed quarter; raises UsageError where it is open, or the UR unknown."""
    _stated(by)
    window = load_calendar(settings.config_dir).of(request.year, request.quarter)
    if request.until < window.opens:
        raise UsageError(f"--until {request.until} is before {request.year} T{request.quarter} is received at all, "
                         f"from {window.opens} on")  # fmt: skip
    if request.unit is not None and request.unit not in load_catalog(settings.config_dir).units:
        raise UsageError(f"there is no UR {request.unit} in the catalogue (units.csv); without --ur all may change")
    of_quarter = (request.year, request.quarter)
    with quarter_run(*of_quarter, "exception", settings, moment, publishes=False) as (_, consolidation):
        consolidation.grant_exception(by, request.unit, request.until)


def exceptions(year: int, today: date, settings: Settings) -> pl.DataFrame:
    """The exceptions of a year (`closings.EXCEPTIONS`) with their `state` of ``today``: open or ended."""
    with open_warehouse(settings.warehouse) as warehouse:
        found = exceptions_of(warehouse, year)
    return found.with_columns(
        pl.when(pl.col("until") >= today).then(pl.lit(OPEN)).otherwise(pl.lit(ENDED)).alias("state")
    )


def withdraw(request: WithdrawRequest, by: Decision, settings: Settings, moment: datetime | None = None) -> Withdrawn:
    """Takes a submission back and publishes what is said without it, in one transaction.

    Raises UsageError where the request names none, or several: then it says which there are.
    """
    _stated(by)
    if not request.file and not request.sha256:
        raise UsageError("name the submission: --file NAME, --sha256 PREFIX, or both")
    with quarter_run(request.year, request.quarter, "withdraw", settings, moment) as (ctx, consolidation):
        chosen = _chosen(consolidation.submissions(), request)
        consolidation.withdraw([chosen["id"].item()], by)
        published = consolidation.publish(NOTHING_READ, history_judge(ctx))
    return Withdrawn(chosen[c.FILE].item(), chosen[c.SHA256].item(), published)


def _stated(by: Decision) -> None:
    for option, text in (("--by", by.author), ("--reason", by.reason)):
        if not text.strip():
            raise UsageError(f"{option} is empty; a decision says who took it and why")


def _chosen(found: pl.DataFrame, request: WithdrawRequest) -> pl.DataFrame:
    quarter = f"{request.year} T{request.quarter}"
    standing = found.filter(~pl.col("withdrawn"))
    named = _named(standing, request)
    if named.height == 1:
        return named
    if named.height:
        raise UsageError(f"{quarter} has {named.height} such submissions, name one of them: {_listed(named)}")
    gone = _named(found.filter("withdrawn"), request)
    if gone.height:
        raise UsageError(f"{gone[c.FILE][0]} of {quarter} is taken back already")
    if standing.is_empty():
        raise UsageError(f"{quarter} has no submission that could be taken back")
    raise UsageError(f"{quarter} has no such submission; there are {_listed(standing)}")


def _named(found: pl.DataFrame, request: WithdrawRequest) -> pl.DataFrame:
    if request.sha256:
        found = found.filter(pl.col(c.SHA256).str.starts_with(request.sha256.strip().lower()))
    if request.file:
        # The whole path inside the inbox is the surest name; else the file's own is enough.
        names = {request.file, shown(request.file)}
        whole = [file in names for file in found[c.FILE]]
        own = [PurePosixPath(file).name in names for file in found[c.FILE]]
        found = found.filter(pl.Series(whole if any(whole) else own, dtype=pl.Boolean))
    return found


def _listed(found: pl.DataFrame) -> str:
    rows = found.tail(SHOWN).select(c.FILE, c.SHA256, pl.col(c.RECEIVED_AT).dt.date()).rows()
    told = [f"{file} (--sha256 {sha256[:12]}, received {day})" for file, sha256, day in rows]
    more = [f"and {found.height - SHOWN} earlier"] if found.height > SHOWN else []
    return "; ".join([*told, *more])
