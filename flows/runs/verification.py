"""Verifying a warehouse and its archive, and the configuration that judgements were made under; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.settings import Settings
from flows.provenance import JUDGED_BY, digests
from warehouse.archive.archives import AnyArchive, archive_at
from warehouse.connect import WarehouseError, reading_current
from warehouse.integrity.discrepancy import Discrepancy, OnDiscrepancy
from warehouse.integrity.reconciliation import table_discrepancies, view_discrepancies
from warehouse.integrity.verification import (
    ARCHIVE,
    files_by_hash,
    name_of,
    provenances,
    verify_files,
    verify_version,
    versions,
)
from warehouse.submissions.provenance import Provenance

Sound = Callable[[str, str], None]
MISSING = "missing"


@dataclass(frozen=True)
class Verified:
    """How much was verified, how many differences were told, and what could not be looked at."""

    versions: int
    workbooks: int
    differences: int
    notes: tuple[str, ...]


def verify(year: int | None, quarter: int | None, settings: Settings, tell: OnDiscrepancy, sound: Sound) -> Verified:
    """Every version of the year and quarter (all where not told) against its digest, its workbooks against the archive.

    ``tell`` hears every difference, ``sound`` of every version without one: its name and digest. Raises WarehouseError
    where there is no warehouse, or one of another version.
    """
    count = 0

    def counted(difference: Discrepancy) -> None:
        nonlocal count
        count += 1
        tell(difference)

    archive = archive_at(settings.archive)
    with reading_current(settings.warehouse, views=False) as connection:
        amiss = view_discrepancies(connection)
        for difference in amiss:
            counted(difference)
        found = versions(connection, year, quarter)
        notes = ["no version was verified: its views are not in force; any other command makes them again"]
        if not amiss:
            notes = []
            files = files_by_hash(connection)
            for version in found:
                if verify_version(connection, version, files, counted) == 0:
                    sound(name_of(version), version.digest)
        table_discrepancies(connection, counted)
        workbooks = verify_files(connection, archive, counted, year, quarter)
        notes += _configurations(provenances(connection), archive, counted)
    return Verified(0 if amiss else len(found), workbooks, count, tuple(notes))


def _configurations(found: Iterable[tuple[Provenance, bool]], archive: AnyArchive, tell: OnDiscrepancy) -> list[str]:
    """Tells which archived configuration is missing or altered; notes what was judged before it was archived."""
    looked: set[str] = set()
    before: set[str] = set()
    for provenance, due in found:
        for part, sha256 in vars(provenance).items():
            if sha256 in looked:
                continue
            said = _state(archive, part, sha256)
            if said == MISSING and not due:
                before.add(sha256)
                continue
            looked.add(sha256)
            if said is not None:
                tell(Discrepancy(ARCHIVE, "configuration", f"{part} {sha256[:12]}…", said))
    earlier = len(before - looked)
    if not earlier:
        return []
    return [f"{earlier} parts of the configuration were in force before configuration was archived"]


def _state(archive: AnyArchive, part: str, sha256: str) -> str | None:
    try:
        files = archive.configuration(sha256)
    except WarehouseError:
        return MISSING
    if part == "rules" and JUDGED_BY not in files:  # archived before judging versions were kept
        return None
    return None if sha256 in digests(files) else "altered"
