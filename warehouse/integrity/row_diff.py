"""Which rows of a version differ: from what it was sealed with, or from those of the same version derived elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, select

from warehouse.integrity.discrepancy import Discrepancy, OnDiscrepancy, key_name, row_name
from warehouse.schema import snapshot_tables as v
from warehouse.snapshots.checksums import (
    checked_sections,
    rows_with_checksums,
    sections_beside_digest,
    stored_checksums,
)
from warehouse.snapshots.json_rows import Values

Rows = Sequence[tuple[str, Values]]
T = TypeVar("T")
U = TypeVar("U")
_SHOWN: Final = 60  # characters of a value


def has_checksums(connection: Connection, snapshot_id: int) -> bool:
    """Whether the version was published with parts."""
    return connection.execute(select(v.snapshot_part.c.part).where(v.snapshot_part.c.snapshot_id == snapshot_id)
                              .limit(1)).first() is not None  # fmt: skip


def altered_rows(
    connection: Connection,
    snapshot_id: int,
    sealed: Iterable[tuple[str, Select[*tuple[Any, ...]]]],
    where: str,
    files: Mapping[str, str],
    tell: OnDiscrepancy,
) -> int:
    """Tells which rows of the ``sealed`` sections are not as the version was sealed with them, and counts them."""
    told = 0
    for section, rows in sealed:
        columns = [col.name for col in rows.selected_columns]
        stored = stored_checksums(connection, snapshot_id, section)
        for key, before, now in paired_by_key(stored, rows_with_checksums(connection, rows)):
            if before == [found for found, _ in now or ()]:
                continue
            for which, said in _changes(key, before or [], now or [], columns, files):
                tell(Discrepancy(where, section, which, said))
                told += 1
    return told


def differing_rows(
    stored: Connection, stored_id: int, derived: Connection, derived_id: int, where: str, files: Mapping[str, str],
    tell: OnDiscrepancy,
) -> int:  # fmt: skip
    """Tells how the rows of a stored version and of one derived elsewhere differ, with both values, and counts them.

    Receipts and waivers are what both were made from: only what the digest covers is compared.
    """
    told = 0
    left_out = {name for name, _ in sections_beside_digest(stored_id)}
    for (section, rows), (_, others) in zip(
        checked_sections(stored, stored_id), checked_sections(derived, derived_id), strict=True
    ):
        if section in left_out:
            continue
        columns = [col.name for col in rows.selected_columns]
        for _, before, now in paired_by_key(rows_with_checksums(stored, rows), rows_with_checksums(derived, others)):
            for which, said in _values(before or [], now or [], columns, files):
                tell(Discrepancy(where, section, which, said))
                told += 1
    return told


def paired_by_key(
    left: Iterable[tuple[str, T]], right: Iterable[tuple[str, U]]
) -> Iterator[tuple[str, T | None, U | None]]:
    """Both by key, each in the order of the keys; None where one lacks a key."""
    one, other = iter(left), iter(right)
    mine, theirs = next(one, None), next(other, None)
    while mine is not None or theirs is not None:
        if theirs is None or (mine is not None and mine[0] < theirs[0]):
            assert mine is not None
            yield mine[0], mine[1], None
            mine = next(one, None)
        elif mine is None or theirs[0] < mine[0]:
            yield theirs[0], None, theirs[1]
            theirs = next(other, None)
        else:
            yield mine[0], mine[1], theirs[1]
            mine, theirs = next(one, None), next(other, None)


def _changes(
    key: str, before: Sequence[str], now: Rows, columns: Sequence[str], files: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    if not now or not before:
        rows = before or now
        yield key_name(key, files), f"{_rows(len(rows))} {'added' if now else 'missing'}"
        return
    places = _unlike(before, [found for found, _ in now])
    # As many went as came: a row whose first columns changed stands elsewhere now.
    moved = len(before) == len(now)
    for left, right in places:
        for lost, position in zip_longest(left, right):
            if position is not None:
                yield row_name(columns, now[position][1], files), "added" if lost is None and not moved else "changed"
            elif not moved:
                yield _missing(now, right.stop - 1, columns, files), "missing"


def _missing(now: Rows, after: int, columns: Sequence[str], files: Mapping[str, str]) -> str:
    if after < 0:
        return f"the row before {row_name(columns, now[0][1], files)}"
    return f"the row after {row_name(columns, now[after][1], files)}"


def _unlike(before: Sequence[str], now: Sequence[str]) -> list[tuple[range, range]]:
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    codes = matcher.get_opcodes()
    return [(range(i, j), range(k, m)) for tag, i, j, k, m in codes if tag != "equal"]


def _values(before: Rows, now: Rows, columns: Sequence[str], files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for left, right in _unlike([found for found, _ in before], [found for found, _ in now]):
        for i, j in zip_longest(left, right):
            if j is None:
                yield row_name(columns, before[i][1], files), "only in the warehouse"
            elif i is None:
                yield row_name(columns, now[j][1], files), "only in what was derived again"
            else:
                yield row_name(columns, before[i][1], files), _told(columns, before[i][1], now[j][1])


def _told(columns: Sequence[str], before: Values, now: Values) -> str:
    pairs = zip(columns, before, now, strict=True)
    return "; ".join(f"{name}: {' is '.join(_shown(was, becomes))}" for name, was, becomes in pairs if was != becomes)


def _shown(was: Any, becomes: Any) -> tuple[str, str]:
    """Two values that differ, each cut to _SHOWN characters round the place where they begin to."""
    texts = ["nothing" if value is None else repr(value) for value in (was, becomes)]
    place = next((i for i, pair in enumerate(zip(*texts, strict=False)) if len(set(pair)) > 1), 0)
    start = 0 if place < _SHOWN - 1 else place - _SHOWN // 3
    one, other = (_cut(text, start) for text in texts)
    return one, other


def _cut(text: str, start: int) -> str:
    kept = text if not start else f"…{text[start:]}"
    return kept if len(kept) <= _SHOWN else f"{kept[: _SHOWN - 1]}…"


def _rows(count: int) -> str:
    return "its only row" if count == 1 else f"all {count} rows"
