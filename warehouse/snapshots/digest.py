"""The digest of a snapshot: one SHA-256 over what it says, alike on SQLite and PostgreSQL.

It covers who speaks for which UR and with what verdict, the traffic light's bounds, the captured facts, the
quarantined rows, the findings, those of history scope included, which are waived, and what units answered. Keys,
clocks and run data stay out: the same facts loaded elsewhere give the same digest. Each snapshot states the number of
the list of columns that its digest covers (digest_columns.py). A section that came after digests had been published
leaves no trace where it has no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, Select, Table, Text, collate, column, select, table
from sqlalchemy.sql.selectable import FromClause, TableClause

from schemas.contracts import columns as c
from warehouse.database.engine import POSTGRESQL
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.digest_columns import DIGEST_COLUMNS, DigestColumns
from warehouse.snapshots.json_rows import Values, as_json, reals_of
from warehouse.submissions.current import DELIVERED

# A part of every digest ever published: rows are written as JSON lists of so many.
ROWS_AT_ONCE: Final = 1000

# Sections added since: older snapshots have no rows in them, so that their digests still hold.
ADDED: Final = frozenset({"reading", "budget cells", "revised", "waived", "extra_value", "answer", "answered"})

Element = ColumnElement[Any]


class DigestPart(NamedTuple):
    """Rows of a section, ``written`` being the same as JSON in UTF-8."""

    rows: list[Values]
    written: bytes


# Section, number of the part in it, and the part.
OnPart = Callable[[str, int, DigestPart], None]


def digest_of(connection: Connection, snapshot_id: int, hear: OnPart = lambda *_: None) -> str:
    """The digest of a stored snapshot, computed anew from its rows; ``hear`` is told every part of it."""
    total = sha256()
    for name, rows in sections(snapshot_id, columns_of(connection, snapshot_id)):
        if name not in ADDED:
            total.update(name.encode())
        for number, part in enumerate(parts_of(connection, rows)):
            if number == 0 and name in ADDED:
                total.update(name.encode())
            total.update(part.written)
            hear(name, number, part)
    return total.hexdigest()


def parts_of(connection: Connection, rows: Select[*tuple[Any, ...]]) -> Iterator[DigestPart]:
    """The rows in their one order, so many at a time; no more of them are in memory."""
    reals = reals_of(rows)
    ordered = in_order(connection, rows).execution_options(yield_per=ROWS_AT_ONCE)
    for some in connection.execute(ordered).partitions():
        values = list(map(tuple, some))
        yield DigestPart(values, as_json(values, reals))


def in_order(connection: Connection, rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Sorted by every column, by bytes, nulls first: rows that tie are equal, so the order is one."""

    def key(element: Element) -> Element:
        if isinstance(element.type, Text) and connection.dialect.name == POSTGRESQL:
            element = collate(element, "C")
        return element.nulls_first()

    return rows.order_by(*(key(element) for element in rows.selected_columns))


def columns_of(connection: Connection, snapshot_id: int) -> DigestColumns:
    """The columns that the digest of a stored snapshot covers."""
    number = select(v.snapshot.c.digest_columns).where(v.snapshot.c.id == snapshot_id)
    return DIGEST_COLUMNS[connection.execute(number).scalar_one()]


def sections(snapshot_id: int, covered: DigestColumns) -> Iterable[tuple[str, Select[*tuple[Any, ...]]]]:
    """What the digest covers, section by section; each begins with its workbook's hash or its UR."""

    def of(name: str, source: Table) -> list[Element]:
        return [source.c[column] for column in covered[name]]

    shown = keys_from_view("snapshot_judgement", "judgement_id")
    whole = t.submission.join(t.judgement).join(shown, shown.c.judgement_id == t.judgement.c.id)
    workbook = [t.submission.c.sha256, t.judgement.c.sender]
    here = shown.c.snapshot_id == snapshot_id
    yield "snapshot", select(*of("snapshot", v.snapshot)).where(v.snapshot.c.id == snapshot_id)
    yield "unit", _units(snapshot_id, of("unit", v.snapshot_unit), of("unit as judged", t.judgement_unit))
    yield "workbook", select(*workbook, *of("workbook", t.judgement)).select_from(whole).where(here)
    for facts in (t.header_value, t.budget_line, t.form_page):
        rows = select(*workbook, *of(facts.name, facts)).select_from(whole.join(facts, _same_judgement(facts)))
        yield facts.name, rows.where(here)
    line = t.budget_line
    cells = select(*workbook, *of("budget cells", line)).select_from(whole.join(line, _same_judgement(line)))
    yield "budget cells", cells.where(here, line.c.columns.is_not(None))
    yield "activity", _activities(snapshot_id, of("activity", t.activity), covered["activity_quarter"])
    yield "reading", _readings(snapshot_id, of("reading", t.activity))
    yield "revised", _revised_units(snapshot_id, of("revised", v.snapshot_unit))
    yield "waived", _waived(snapshot_id, of("finding", t.finding))
    for table_ in (t.quarantined_row, t.finding, t.extra_value):
        yield table_.name, _visible(snapshot_id, table_, of(table_.name, table_))
    given = whole.join(t.answer, _same_judgement(t.answer))
    yield "answer", select(*workbook, *of("answer", t.answer)).select_from(given).where(here)
    yield "answered", _answered(snapshot_id, of("answered", t.finding))


def _units(snapshot_id: int, named: list[Element], judged: list[Element]) -> Select[*tuple[Any, ...]]:
    said = t.judgement_unit
    source = (
        v.snapshot_unit.outerjoin(t.judgement)
        .outerjoin(t.submission)
        .outerjoin(
            said,
            (said.c.judgement_id == v.snapshot_unit.c.judgement_id) & (said.c.unit_code == v.snapshot_unit.c.unit_code),
        )
    )
    rows = select(*named, t.submission.c.sha256, *judged).select_from(source)
    return rows.where(v.snapshot_unit.c.snapshot_id == snapshot_id)


def _revised_units(snapshot_id: int, columns: list[Element]) -> Select[*tuple[Any, ...]]:
    """URs of which history or waivers made something else than their judgement did."""
    now, then = v.snapshot_unit.c, t.judgement_unit.c
    changed = now.quality.is_distinct_from(then.quality) | now.findings.is_distinct_from(then.findings)
    rows = select(*columns).join_from(
        v.snapshot_unit,
        t.judgement_unit,
        (then.judgement_id == now.judgement_id) & (then.unit_code == now.unit_code),
    )
    return rows.where(now.snapshot_id == snapshot_id, changed | (now.findings_waived != 0))


def _waived(snapshot_id: int, columns: list[Element]) -> Select[*tuple[Any, ...]]:
    source = (
        v.snapshot_waiver.join(t.finding, t.finding.c.id == v.snapshot_waiver.c.finding_id)
        .join(t.judgement, t.judgement.c.id == t.finding.c.judgement_id)
        .join(t.submission, t.submission.c.id == t.judgement.c.submission_id)
    )
    rows = select(t.submission.c.sha256, t.judgement.c.sender, *columns).select_from(source)
    return rows.where(v.snapshot_waiver.c.snapshot_id == snapshot_id)


def _answered(snapshot_id: int, columns: list[Element]) -> Select[*tuple[Any, ...]]:
    """Which answer the version shows with which finding."""
    source = (
        v.snapshot_answer.join(t.finding, t.finding.c.id == v.snapshot_answer.c.finding_id)
        .join(t.judgement, t.judgement.c.id == t.finding.c.judgement_id)
        .join(t.submission, t.submission.c.id == t.judgement.c.submission_id)
        .join(t.answer, t.answer.c.id == v.snapshot_answer.c.answer_id)
    )
    rows = select(t.submission.c.sha256, t.judgement.c.sender, *columns, t.answer.c.answer).select_from(source)
    return rows.where(v.snapshot_answer.c.snapshot_id == snapshot_id)


def _activities(snapshot_id: int, columns: list[Element], of_quarter: Iterable[str]) -> Select[*tuple[Any, ...]]:
    speaker = v.snapshot_unit
    source: FromClause = speaker.join(
        t.activity,
        (t.activity.c.judgement_id == speaker.c.judgement_id) & (t.activity.c.unit_code == speaker.c.unit_code),
    )
    calendar: list[Element] = []
    for number in c.QUARTERS:
        quarter = t.activity_quarter.alias(f"q{number}")
        source = source.join(quarter, (quarter.c.activity_id == t.activity.c.id) & (quarter.c.quarter == number))
        calendar += [quarter.c[name] for name in of_quarter]
    rows = select(*columns, *calendar).select_from(source)
    return rows.where(speaker.c.snapshot_id == snapshot_id, speaker.c.status.in_(DELIVERED))


def _readings(snapshot_id: int, columns: list[Element]) -> Select[*tuple[Any, ...]]:
    """Activities whose unit of measure was respelt, or does not add up."""
    speaker, read = v.snapshot_unit, t.activity.c
    respelt = read.measure.is_distinct_from(read.measure_unit) | (read.reading != "sum")
    rows = select(*columns).join_from(
        speaker, t.activity, (read.judgement_id == speaker.c.judgement_id) & (read.unit_code == speaker.c.unit_code)
    )
    return rows.where(speaker.c.snapshot_id == snapshot_id, speaker.c.status.in_(DELIVERED), respelt)


def _visible(snapshot_id: int, rows: Table, columns: list[Element]) -> Select[*tuple[Any, ...]]:
    key = f"{rows.name}_id"
    shown = keys_from_view(f"visible_{rows.name}", key)
    source = (
        shown.join(rows, rows.c.id == shown.c[key])
        .join(t.judgement, t.judgement.c.id == rows.c.judgement_id)
        .join(t.submission, t.submission.c.id == t.judgement.c.submission_id)
    )
    chosen = select(t.submission.c.sha256, t.judgement.c.sender, *columns).select_from(source)
    return chosen.where(shown.c.snapshot_id == snapshot_id)


def keys_from_view(name: str, key: str) -> TableClause:
    """A view of what a version refers to, by the keys of ``key``."""
    return table(name, column("snapshot_id", Integer), column(key, Integer))


def _same_judgement(facts: Table) -> Element:
    same: Element = facts.c.judgement_id == t.judgement.c.id
    return same
