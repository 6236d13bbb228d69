"""Every query of docs/consultas.md runs on both databases and answers something."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from judged_batches import TOO_LATE, activity, book, consolidate, finding, quarantined, rejected
from sqlalchemy import text

from warehouse.connect import Warehouse

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "consultas.md"
QUERIES = dict(re.findall(r"^## (\d+)\..*?```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S))
# The second quarter as it was, and the third: one changed a target, one is in red and late, one was rejected.
SECOND = datetime(2024, 7, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def year(filled_once: Warehouse) -> Warehouse:
    told = finding("R05", "06", activity_no=1, field="annual_target", sheet="POA 06", row=21)
    before = [activity("06", 1, (3, 3, 3, 3), (3, 3, None, None)), activity("06", 2, (1, 1, 1, 1), (1, 1, None, None))]
    consolidate(filled_once, book("06 t2", before, findings=[told], verdict="observado", received_at=SECOND), quarter=2)
    now = [activity("06", 1, (3, 4, 3, 3), (3, 3, 3, None)), activity("06", 2, (1, 1, 1, 1), (0, 0, 1, None))]
    held = [quarantined("06", 30)]
    own = book("06 t3", now, findings=[told], quarantined=held, verdict="observado", received_at=TOO_LATE)
    consolidate(filled_once, own, rejected("63 bad", "63"))
    return filled_once


@pytest.mark.parametrize("number", QUERIES)
def test_query(year: Warehouse, number: str) -> None:
    with year.engine.connect() as connection:
        assert connection.execute(text(QUERIES[number])).all()


def test_there_are_at_least_ten() -> None:
    assert list(QUERIES) == [str(n) for n in range(1, len(QUERIES) + 1)]
    assert len(QUERIES) >= 10
