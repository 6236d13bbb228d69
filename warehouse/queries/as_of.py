"""What stood when a version was published: itself, and the versions of earlier quarters that were current then.

What is told of a version out of this stays the same, whatever is published later.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.database.engine import WarehouseError
from warehouse.queries.published import reading
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.submissions.current import DELIVERED


@dataclass(frozen=True)
class PublishedVersion:
    """A published version; ``bounds`` are its traffic light's (verde, amarillo, azul), ratios; ``published_at`` is UTC.

    ``versions``: quarter and version of what was current of each quarter up to this one when it was published, itself
    the last. ``institution`` is as most of its workbooks write it.
    """

    year: int
    quarter: int
    version: int
    state: str
    published_at: datetime
    digest: str
    bounds: tuple[float, float, float]
    versions: tuple[tuple[int, int], ...]
    institution: str | None


def published_version(warehouse: Warehouse, year: int, quarter: int, version: int | None = None) -> PublishedVersion:
    """The version of the quarter, the last one where not told; raises WarehouseError where there is none such."""
    with reading(warehouse) as connection:
        found = _found(connection, year, quarter, version)
        return PublishedVersion(
            year=year,
            quarter=quarter,
            version=found.version,
            state=found.state,
            published_at=found.published_at.replace(tzinfo=UTC),
            digest=found.digest,
            bounds=(found.green, found.amber, found.blue),
            versions=_current_then(connection, found),
            institution=_institution(connection, found.id),
        )


def _found(connection: Connection, year: int, quarter: int, version: int | None) -> Row[*tuple[Any, ...]]:
    shot = v.snapshot.c
    rows = select(v.snapshot).where(shot.year == year, shot.quarter == quarter).order_by(shot.version.desc())
    published = connection.execute(rows).all()
    for row in published:
        if version in (None, row.version):
            return row
    there = ", ".join(str(row.version) for row in reversed(published))
    if not there:
        raise WarehouseError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
    raise WarehouseError(f"{year} T{quarter} has no version {version}; there are {there}")


def _current_then(connection: Connection, of: Row[*tuple[Any, ...]]) -> tuple[tuple[int, int], ...]:
    # By the order in which versions were stored: clocks may be set back.
    shot = v.snapshot.c
    before = select(shot.quarter, func.max(shot.version)).where(
        shot.year == of.year, shot.quarter < of.quarter, shot.id < of.id
    )
    earlier = connection.execute(before.group_by(shot.quarter).order_by(shot.quarter)).all()
    return (*((quarter, version) for quarter, version in earlier), (of.quarter, of.version))


def _institution(connection: Connection, snapshot_id: int) -> str | None:
    said, header = v.snapshot_unit.c, t.header_value.c
    texts = (
        select(header.text)
        .join(v.snapshot_unit, said.judgement_id == header.judgement_id)
        .where(said.snapshot_id == snapshot_id, said.status.in_(DELIVERED), header.field == c.INSTITUTION)
    )
    counts = Counter(text for text in connection.execute(texts).scalars() if text)
    return min(counts, key=lambda text: (-counts[text], text)) if counts else None
