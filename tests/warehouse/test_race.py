"""Two consolidations of one warehouse at once, each a process: one waits or refuses, and one version comes of a set."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from consolidating import Run, command, environment
from postgres_server import NewUrl
from sqlalchemy import func, select

from warehouse import tables
from warehouse.connect import open_warehouse

Process = subprocess.Popen[str]


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    shutil.copy(founding, folder / "POA_2024_UR06.xlsx")
    return folder


@pytest.fixture
def new_run(empty_url: NewUrl, tmp_path: Path, inbox: Path) -> Run:
    """Of a database with nothing in it yet: making the tables is part of the race."""
    return Run(empty_url(), str(tmp_path / "archive"), str(inbox), then="hold")


def test_one_that_may_not_wait_refuses_and_one_that_may_publishes_nothing_new(new_run: Run) -> None:
    first = _at(new_run, "loaded")
    hasty = _at(new_run, None, lock_timeout=0)
    patient = _at(new_run, "asking for the warehouse")
    with _started(first) as holder:
        _held(holder)
        with _started(hasty) as refused:
            said = _said(refused)
        assert said["code"] == 3
        assert "another consolidation is in progress; try again when it has ended" in said["error"]
        with _started(patient) as waiting:
            _held(waiting)
            _go_on(waiting)
            _go_on(holder)
            published, unchanged = _said(holder), _said(waiting)
    assert (published["version"], published["new"]) == (1, True)
    assert (unchanged["version"], unchanged["new"]) == (1, False)
    assert unchanged["digest"] == published["digest"]
    assert _versions(new_run) == 1


def test_two_that_start_at_once_make_one_version(new_run: Run) -> None:
    run = _at(new_run, "asking for the warehouse")
    with _started(run) as one, _started(run) as other:
        for process in (one, other):
            _held(process)
        for process in (one, other):
            _go_on(process)
        ended = [_said(one), _said(other)]
    assert sorted(each["new"] for each in ended) == [False, True]
    assert {each["version"] for each in ended} == {1}
    assert _versions(new_run) == 1


def _at(run: Run, instant: str | None, **more: Any) -> Run:
    return Run(run.warehouse, run.archive, run.inbox, at=instant, then="hold", more=more)


@contextmanager
def _started(run: Run) -> Iterator[Process]:
    with subprocess.Popen(
        command(run), env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def _held(process: Process) -> None:
    assert process.stdout
    assert process.stdout.readline() == "held\n"


def _go_on(process: Process) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def _said(process: Process) -> dict[str, Any]:
    """What the run came to, and its exit code."""
    assert process.stdout
    told = json.loads(process.stdout.readline())
    return {**told, "code": json.loads(process.stdout.readline())["ended"]}


def _versions(run: Run) -> int:
    with open_warehouse(run.warehouse) as warehouse, warehouse.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.snapshot)).scalar_one()
