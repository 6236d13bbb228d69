"""The parts of a version: a short hash of each row that it is proven by, so that a changed one can be named.

Beside the digest's sections, which any warehouse with the same facts has alike, a version is sealed with what only this
one can know: receipts, waivers, since when findings are known, and what it says otherwise than others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from struct import pack
from typing import Any, Final, TypeAlias
from zlib import crc32

from sqlalchemy import Connection, Select, insert, select

from schemas.contracts import columns as c
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.digest import DigestPart, columns_of, digest_of, keys_from_view, parts_of, sections
from warehouse.snapshots.json_rows import Values, as_json

# Rows side by side that are about the same workbook (the start of its hash) or UR, and the hash of each.
Keyed: TypeAlias = tuple[str, list[str]]

HASH: Final = 8
KEY: Final = 12
_BETWEEN: Final = b"],["
# What of a waiver is sealed, in this order; it stays so, as for digests (digest_columns.py).
WAIVER_COLUMNS: Final = (
    *(c.UNIT_CODE, c.RULE, "year", c.QUARTER, c.ACTIVITY_NO, c.FIELD, c.VALUE, c.SHEET, c.CELL),
    *("reason", "author", "granted_at", "until"),
)


def digest_and_checksums(connection: Connection, snapshot_id: int) -> str:
    """The digest of a version just published; its parts are stored."""
    stored: list[dict[str, Any]] = []

    def keep(section: str, number: int, part: DigestPart) -> None:
        stored.append(_stored(snapshot_id, section, number, part))

    digest = digest_of(connection, snapshot_id, keep)
    for name, rows in sections_beside_digest(snapshot_id):
        stored += checksums_of(connection, snapshot_id, name, rows)
    connection.execute(insert(v.snapshot_part), stored)
    return digest


def checksums_of(
    connection: Connection, snapshot_id: int, section: str, rows: Select[*tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """The parts of a section as they are stored, of the rows as they are."""
    for number, part in enumerate(parts_of(connection, rows)):
        yield _stored(snapshot_id, section, number, part)


def checked_sections(connection: Connection, snapshot_id: int) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """Every section that a version has parts of, and its rows."""
    yield from sections(snapshot_id, columns_of(connection, snapshot_id))
    yield from sections_beside_digest(snapshot_id)


def sections_beside_digest(snapshot_id: int) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """The sections that a version is sealed with beside those of its digest."""
    yield "receipt", _receipts(snapshot_id)
    yield "waiver", _waivers(snapshot_id)
    yield "waived by", _waived_by(snapshot_id)
    yield "known since", _known(snapshot_id)
    yield "change", _told_changes(snapshot_id)


def stored_checksums(connection: Connection, snapshot_id: int, section: str) -> Iterator[Keyed]:
    """The parts as they were stored, by key."""
    rows = select(v.snapshot_part.c.rows).where(
        v.snapshot_part.c.snapshot_id == snapshot_id, v.snapshot_part.c.section == section
    )
    found = connection.execute(rows.order_by(v.snapshot_part.c.part))
    pieces = ((key, hashes) for row in found for key, hashes in json.loads(row.rows))
    for key, some in groupby(pieces, key=lambda piece: piece[0]):
        yield key, _each("".join(hashes for _, hashes in some))


def rows_with_checksums(
    connection: Connection, rows: Select[*tuple[Any, ...]]
) -> Iterator[tuple[str, list[tuple[str, Values]]]]:
    """The rows as they are, by key, each with its hash."""

    def hashed() -> Iterator[tuple[str, str, Values]]:
        for part in parts_of(connection, rows):
            yield from zip(_keys(part.rows), _each(_hashes(part)), part.rows, strict=True)

    for key, group in groupby(hashed(), key=lambda piece: piece[0]):
        yield key, [(found, row) for _, found, row in group]


def _stored(snapshot_id: int, section: str, number: int, part: DigestPart) -> dict[str, Any]:
    keys = json.dumps(list(_keyed(part)), separators=(",", ":"))
    return {"snapshot_id": snapshot_id, "section": section, "part": number, "rows": keys}


def _hashes(part: DigestPart) -> str:
    """The hashes of the rows, one after another."""
    pieces = part.written[2:-2].split(_BETWEEN)
    if len(pieces) != len(part.rows):  # a value has what stands between rows
        pieces = [as_json([row])[2:-2] for row in part.rows]
    return pack(f">{len(pieces)}I", *map(crc32, pieces)).hex()


def _each(hashes: str) -> list[str]:
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]


def _keyed(part: DigestPart) -> Iterator[tuple[str, str]]:
    hashes, start = _hashes(part), 0
    for key, some in groupby(_keys(part.rows)):
        end = start + HASH * len(list(some))
        yield key, hashes[start:end]
        start = end


def _keys(rows: Sequence[Values]) -> list[str]:
    return [str(row[0])[:KEY] for row in rows]


def _receipts(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    shown = keys_from_view("snapshot_judgement", "judgement_id")
    received = (c.SHA256, c.SENDER, c.FILE, c.BYTES, c.RECEIVED_AT, "received_local", c.ON_TIME)
    columns = [*(t.submission.c[name] for name in received), *(t.judgement.c[name] for name in t.PROVENANCE)]
    source = t.submission.join(t.judgement).join(shown, shown.c.judgement_id == t.judgement.c.id)
    return select(*columns).select_from(source).where(shown.c.snapshot_id == snapshot_id)


def _waivers(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    """Every waiver that there was when the version was published."""
    granted = [v.waiver.c[name] for name in WAIVER_COLUMNS]
    published = select(v.snapshot.c.published_at).where(v.snapshot.c.id == snapshot_id).scalar_subquery()
    return select(*granted).where(v.waiver.c.granted_at <= published)


def _waived_by(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    used = v.snapshot_waiver
    source = (
        used.join(t.finding, t.finding.c.id == used.c.finding_id)
        .join(t.judgement, t.judgement.c.id == t.finding.c.judgement_id)
        .join(t.submission, t.submission.c.id == t.judgement.c.submission_id)
        .join(v.waiver, v.waiver.c.id == used.c.waiver_id)
    )
    columns = [t.submission.c.sha256, *_about(), *(v.waiver.c[name] for name in ("author", "reason", "until"))]
    return select(*columns).select_from(source).where(used.c.snapshot_id == snapshot_id)


def _known(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    shown = keys_from_view("visible_finding", "finding_id")
    first = t.submission.alias("first")
    source = (
        shown.join(v.known_finding, v.known_finding.c.finding_id == shown.c.finding_id)
        .join(first, first.c.id == v.known_finding.c.submission_id)
        .join(t.finding, t.finding.c.id == shown.c.finding_id)
        .join(t.judgement, t.judgement.c.id == t.finding.c.judgement_id)
        .join(t.submission, t.submission.c.id == t.judgement.c.submission_id)
    )
    since = (first.c.year.label("since_year"), first.c.quarter.label("since"), first.c.sha256.label("since_sha256"))
    rows = select(t.submission.c.sha256, *_about(), *since).select_from(source)
    return rows.where(shown.c.snapshot_id == snapshot_id)


def _told_changes(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    against = v.snapshot.alias("against")
    said = (v.change.c[name] for name in (c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, "before", "after"))
    rows = select(*said, against.c.quarter, against.c.version)
    return rows.join_from(v.change, against, against.c.id == v.change.c.against_id).where(
        v.change.c.snapshot_id == snapshot_id
    )


def _about() -> list[Any]:
    names = (c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.CELL, c.FIELD, c.VALUE)
    return [t.finding.c[name] for name in names]
