"""What a workbook's reports are made from, as one hash each: the same again, and so are its reports."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

from schemas.contracts import columns as c
from warehouse.queries.previous_submission import previous_submissions
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t
from warehouse.snapshots.versions import FINDING_COLUMNS, last_version

_ABOUT = (c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.CELL, c.FIELD, c.VALUE)


def report_fingerprints(connection: Connection, year: int, quarter: int, judgements: list[int]) -> dict[int, str]:
    """A SHA-256 of each judgement over all that the quarter's current version says of it, without reading its facts: a
    judgement never changes, so its workbook's hash and what it was judged under stand for them.
    """
    version = last_version(connection, year, quarter)
    if version is None:
        return {}
    made_of: dict[int, list[Any]] = defaultdict(list)
    for name, rows in _parts(version, judgements):
        found = [(key, [name, *rest]) for key, *rest in connection.execute(rows)]
        for key, row in sorted(found, key=lambda pair: (pair[0], json.dumps(pair[1], default=str))):
            made_of[key].append(row)
    for key, before in previous_submissions(connection, version, judgements).items():
        made_of[key].append(["before", before.judgement_id, before.snapshot_id])
    light = [version.green, version.amber, version.blue]
    return {key: sha256(json.dumps([light, made_of[key]], default=str).encode()).hexdigest() for key in judgements}


def _parts(version: Row[*tuple[Any, ...]], judgements: list[int]) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """Rows of what the version says, the judgement's key first."""
    finding, of = t.finding.c, t.finding.c.judgement_id.in_(judgements)
    about = [finding[name] for name in _ABOUT]
    judged = [t.judgement.c[name] for name in (c.SENDER, *t.PROVENANCE)]
    received = [t.submission.c[name] for name in (c.SHA256, c.FILE, c.RECEIVED_AT)]
    rows = select(t.judgement.c.id, *judged, *received).join(t.submission)
    yield "workbook", rows.where(t.judgement.c.id.in_(judgements))
    said = v.snapshot_unit.c
    units = (said.unit_code, said.unit_name, said.status, said.quality, said.findings, said.findings_waived)
    yield (
        "unit",
        select(said.judgement_id, *units).where(said.snapshot_id == version.id, said.judgement_id.in_(judgements)),
    )
    told = select(finding.judgement_id, *(finding[name] for name in FINDING_COLUMNS))
    yield "told", told.where(of, finding.snapshot_id == version.id)
    waived = select(finding.judgement_id, *about).join(v.snapshot_waiver)
    yield "waived", waived.where(of, v.snapshot_waiver.c.snapshot_id == version.id)
    answered = select(finding.judgement_id, *about, t.answer.c.answer).join_from(t.finding, v.snapshot_answer)
    yield "answered", answered.join(t.answer).where(of, v.snapshot_answer.c.snapshot_id == version.id)
    known = select(finding.judgement_id, *about, t.submission.c.quarter, t.submission.c.received_local)
    known = known.join_from(t.finding, v.known_finding).join(
        t.submission, t.submission.c.id == v.known_finding.c.submission_id
    )
    yield "known", known.where(of, or_(finding.snapshot_id.is_(None), finding.snapshot_id == version.id))
