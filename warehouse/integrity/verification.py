"""Verifying a warehouse against itself and its archive; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from schemas.contracts import columns as c
from warehouse.archive.archives import AnyArchive
from warehouse.integrity.discrepancy import Discrepancy, OnDiscrepancy
from warehouse.integrity.row_diff import altered_rows, has_checksums
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.checksums import checked_sections, sections_beside_digest
from warehouse.snapshots.decision_seal import is_sealed, sealed_sections
from warehouse.snapshots.digest import digest_of
from warehouse.submissions.provenance import Provenance

AnyRow = Row[*tuple[Any, ...]]
ARCHIVE = "archive"


def versions(connection: Connection, year: int | None = None, quarter: int | None = None) -> list[AnyRow]:
    """The published versions of the year and quarter, or of all, as they were published."""
    return list(connection.execute(_of(select(v.snapshot), v.snapshot, year, quarter).order_by(v.snapshot.c.run_id)))


def name_of(version: AnyRow) -> str:
    """The version for people: 2024 T3 version 2."""
    return f"{version.year} T{version.quarter} version {version.version}"


def files_by_hash(connection: Connection) -> dict[str, str]:
    """File names by the start of their hash, as the parts' keys have it."""
    rows = connection.execute(select(t.submission.c.sha256, t.submission.c.file))
    return {sha256[:12]: file for sha256, file in rows}


def verify_version(connection: Connection, version: AnyRow, files: dict[str, str], tell: OnDiscrepancy) -> int:
    """Tells what of a version is not as it was published, and counts it."""
    where, sound = name_of(version), digest_of(connection, version.id) == version.digest
    if not has_checksums(connection, version.id):
        if not sound:
            told = "its rows have changed; which ones was not kept when it was published (poa rebuild tells)"
            tell(Discrepancy(where, "digest", "the version", told))
        return int(not sound)
    sections = sections_beside_digest(version.id) if sound else checked_sections(connection, version.id)
    told_rows = altered_rows(connection, version.id, sections, where, files, tell)
    if told_rows == 0 and not sound:
        tell(Discrepancy(where, "digest", "the version", "not that of its rows, which are all as they were published"))
        told_rows = 1
    return told_rows + _decisions(connection, version, files, tell)


def _decisions(connection: Connection, version: AnyRow, files: dict[str, str], tell: OnDiscrepancy) -> int:
    if not is_sealed(connection, version.id):
        return 0
    where = f"{version.year} T{version.quarter}"
    return altered_rows(connection, version.id, sealed_sections(version.year, version.quarter), where, files, tell)


def verify_files(
    connection: Connection, archive: AnyArchive, tell: OnDiscrepancy, year: int | None, quarter: int | None
) -> int:
    """Tells which workbooks the archive lacks or has otherwise, and which submissions they are; counts workbooks."""
    named = (c.SHA256, c.BYTES, "year", c.QUARTER, c.SENDER, c.FILE)
    rows = _of(select(*(t.submission.c[name] for name in named)), t.submission, year, quarter)
    found = connection.execute(
        rows.order_by(t.submission.c.sha256, t.submission.c.id).execution_options(yield_per=1000)
    )
    workbooks = 0
    for sha256, group in groupby(found, key=lambda row: str(row.sha256)):
        submissions = list(group)
        said = archive.state(sha256, submissions[0].bytes)
        if said is not None:
            tell(Discrepancy(ARCHIVE, f"{sha256[:12]}…", "; ".join(map(_received, submissions)), said))
        workbooks += 1
    return workbooks


def provenances(connection: Connection) -> Iterator[tuple[Provenance, bool]]:
    """Every provenance of judgements and versions, and whether its configuration must be in the archive.

    It must since versions are published with their provenance.
    """
    named = [t.judgement.c[name] for name in t.PROVENANCE]
    kept = [v.snapshot.c[name] for name in t.PROVENANCE]
    stated = v.snapshot.c[t.PROVENANCE[0]].is_not(None)
    since = connection.execute(
        select(v.snapshot.c.run_id).where(stated).order_by(v.snapshot.c.run_id).limit(1)
    ).scalar()
    due: set[tuple[str, ...]] = (
        set() if since is None else {tuple(row) for row in connection.execute(select(*kept).where(stated))}
    )
    if since is not None:
        rows = select(*named).where(t.judgement.c.run_id >= since).distinct()
        due |= {tuple(row) for row in connection.execute(rows)}
    every = due | {tuple(row) for row in connection.execute(select(*named).distinct())}
    for hashes in sorted(every):
        yield Provenance(*hashes), hashes in due


def _of(rows: Select[Any], table: Any, year: int | None, quarter: int | None) -> Select[Any]:
    if year is not None:
        rows = rows.where(table.c.year == year)
    return rows if quarter is None else rows.where(table.c.quarter == quarter)


def _received(row: AnyRow) -> str:
    sender = f" of UR {row.sender}" if row.sender else ""
    return f"{row.file}{sender}, {row.year} T{row.quarter}"
