"""What commands print of files under names that are no text, or that command a terminal."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from as_typed import Poa

QUARTER = ("--year", "2024", "--quarter", "3")
BAD, MISSING, SKIPPED = b"UR07\xf1\x1b[31m\n.xlsx", b"UR08\xf1.xlsx", b":warning:\xf1.txt"


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    """The founding workbook in a subfolder, one that cannot be read, and no workbook."""
    folder = tmp_path / "inbox"
    try:
        (folder / os.fsdecode(b"A\xd1O")).mkdir(parents=True)
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    shutil.copy(founding, folder / os.fsdecode(b"A\xd1O") / "UR06\u202e.xlsx")
    for name in (BAD, SKIPPED):
        (folder / os.fsdecode(name)).write_bytes(b"x")
    return folder


def test_check_takes_files_of_any_name(poa: Poa, inbox: Path) -> None:
    done = poa("check", *inbox.iterdir(), *QUARTER, "--json")
    told = {one["file"]: one["verdict"] for one in map(json.loads, done.stdout.splitlines())}
    assert told == {
        r"UR06\u202e.xlsx": "observado",
        r"UR07\xf1\x1b[31m\x0a.xlsx": "rechazado",
        r":warning:\xf1.txt": "rechazado",
    }
    shown = poa("check", inbox, *QUARTER)
    assert r"A\xd1O/UR06\u202e.xlsx: observado" in shown.stdout
    assert r"UR07\xf1\x1b[31m\x0a.xlsx: rechazado" in shown.stdout
    skipped = rf"skipped: {inbox}/:warning:\xf1.txt (not a workbook (.txt))"
    assert (shown.returncode, shown.stderr) == (1, f"{skipped}\n")


def test_check_of_a_file_of_any_name_through_a_guarded_worker(poa: Poa, inbox: Path) -> None:
    done = poa("check", inbox / os.fsdecode(BAD), *QUARTER, "--json", POA_EXECUTOR="processes")
    assert (done.returncode, json.loads(done.stdout)["file"]) == (1, r"UR07\xf1\x1b[31m\x0a.xlsx")


def test_a_file_that_is_not_there_is_shown_escaped(poa: Poa, inbox: Path) -> None:
    done = poa("check", inbox / os.fsdecode(MISSING), *QUARTER)
    assert (done.returncode, r"/inbox/UR08\xf1.xlsx does not exist" in done.stderr) == (2, True)


def test_consolidate_names_what_it_rejected_and_skipped(poa: Poa, inbox: Path, tmp_path: Path) -> None:
    store = ("--warehouse", f"sqlite:///{tmp_path / 'poa.db'}", "--archive", tmp_path / "archive")
    done = poa("consolidate", *QUARTER, "--inbox", inbox, *store, "--direct")
    assert done.returncode == 0
    assert r"  rejected: UR07\xf1\x1b[31m\x0a.xlsx" in done.stdout
    assert r"  skipped: :warning:\xf1.txt (not a workbook (.txt))" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_an_inbox_that_prefect_cannot_be_told_of_is_refused_with_the_remedy(poa: Poa, inbox: Path) -> None:
    done = poa("consolidate", *QUARTER, "--inbox", inbox / os.fsdecode(b"A\xd1O"))
    assert (done.returncode, r"A\xd1O: its own path is no UTF-8" in done.stderr) == (2, True)
