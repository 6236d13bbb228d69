"""Two consolidations of one warehouse at once, each a process: one waits or refuses, and one version comes of a set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from consolidating import Fork, Run
from postgres_server import NewUrl
from sqlalchemy import func, select

from warehouse.connect import open_warehouse
from warehouse.schema import snapshot_tables


@pytest.fixture
def new_run(empty_url: NewUrl, tmp_path: Path, inbox: Path) -> Run:
    """Of a database with nothing in it yet: making the tables is part of the race."""
    return Run(empty_url(), str(tmp_path / "archive"), str(inbox), then="hold")


def test_one_that_may_not_wait_refuses_and_one_that_may_publishes_nothing_new(new_run: Run) -> None:
    first = _at(new_run, "loaded")
    hasty = _at(new_run, None, lock_timeout=0)
    patient = _at(new_run, "asking for the warehouse")
    holder = Fork(first)
    holder.held()
    said = Fork(hasty).said()
    assert said["code"] == 3
    assert "another consolidation is in progress; try again when it has ended" in said["error"]
    waiting = Fork(patient)
    waiting.held()
    waiting.go_on()
    holder.go_on()
    published, unchanged = holder.said(), waiting.said()
    assert (published["version"], published["new"]) == (1, True)
    assert (unchanged["version"], unchanged["new"]) == (1, False)
    assert unchanged["digest"] == published["digest"]
    assert _versions(new_run) == 1


def test_two_that_start_at_once_make_one_version(new_run: Run) -> None:
    run = _at(new_run, "asking for the warehouse")
    both = [Fork(run), Fork(run)]
    for fork in both:
        fork.held()
    for fork in both:
        fork.go_on()
    ended = [fork.said() for fork in both]
    assert sorted(each["new"] for each in ended) == [False, True]
    assert {each["version"] for each in ended} == {1}
    assert _versions(new_run) == 1


def _at(run: Run, instant: str | None, **more: Any) -> Run:
    return Run(run.warehouse, run.archive, run.inbox, at=instant, then="hold", more=more)


def _versions(run: Run) -> int:
    with open_warehouse(run.warehouse) as warehouse, warehouse.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(snapshot_tables.snapshot)).scalar_one()
