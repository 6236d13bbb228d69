"""Which versions hold which judgements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.sql.selectable import Subquery

from warehouse.schema.snapshot_tables import snapshot_unit
from warehouse.schema.tables import finding


def snapshot_membership() -> Subquery:
    """snapshot_id, judgement_id, some of them many times: judgements that answer for a UR of the version, and those
    set aside that it tells something in history scope.
    """
    answering = select(snapshot_unit.c.snapshot_id, snapshot_unit.c.judgement_id)
    told = select(finding.c.snapshot_id, finding.c.judgement_id).where(finding.c.snapshot_id.is_not(None))
    return union_all(answering.where(snapshot_unit.c.judgement_id.is_not(None)), told).subquery()


def judgements_in(snapshot_id: int) -> Select[*tuple[Any, ...]]:
    """The judgements that a version holds."""
    held = snapshot_membership()
    return select(held.c.judgement_id).where(held.c.snapshot_id == snapshot_id)
