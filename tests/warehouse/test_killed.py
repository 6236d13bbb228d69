"""A consolidation killed at any instant loses nothing and doubles nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from judged_batches import activity, book, consolidate
from sqlalchemy import func, select

from warehouse import queries, tables
from warehouse.connect import Warehouse

BOOK = book("06", [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0))])

KILLED = """
import os, signal, sys
from judged_batches import QUIET, activity, beginning, book, judged, totals
from warehouse.connect import open_warehouse

one = book("06", [activity("06", 1, (3, 3, 3, 3), (3, 3, 3, 0))])
with open_warehouse(sys.argv[1]) as warehouse, beginning(warehouse) as run:
    run.load(judged(one), [one.receipt])
    if sys.argv[2] == "published":
        run.publish(totals([one], 1), QUIET)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("instant", ["loaded", "published"])
def test_the_next_run_ends_as_if_it_had_been_the_first(warehouse: Warehouse, upgraded_url: str, instant: str) -> None:
    here = Path(__file__).resolve().parent
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, upgraded_url, instant],
        env={"PYTHONPATH": f"{here}:{here.parents[1]}"},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -9, killed.stderr
    published = consolidate(warehouse, BOOK)
    assert (published.version, published.new) == (1, True)
    assert queries.view(warehouse, "v_avance_unidad")["ur"].to_list() == ["06"]
    with warehouse.engine.connect() as connection:
        for table in (tables.run, tables.submission, tables.judgement, tables.snapshot):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 1
