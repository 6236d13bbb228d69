"""`poa verify` and `poa rebuild` as an operator types them: what they say and how they end."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from as_typed import Done, Poa

from config.settings import Settings
from flows.runs.consolidation import Request, consolidate, listed

Asked = Callable[..., Done]
QUARTER = ["--year", "2024", "--quarter", "3"]


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """The founding workbook, consolidated once."""
    folder = tmp_path_factory.mktemp("proof")
    (folder / "inbox").mkdir()
    shutil.copy(founding, folder / "inbox" / "UR06.xlsx")
    request = Request(2024, 3, folder / "inbox", datetime(2024, 10, 10, tzinfo=UTC))
    settings = Settings(warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline")
    consolidate(request, settings, listed(request, settings))
    return folder


def stored(folder: Path) -> list[str | Path]:
    return ["--warehouse", f"sqlite:///{folder / 'poa.db'}", "--archive", folder / "archive"]


@pytest.fixture
def store(consolidated: Path, tmp_path: Path) -> Path:
    """That warehouse and archive, the test's own."""
    return Path(shutil.copytree(consolidated, tmp_path / "store"))


@pytest.fixture
def ask(poa: Poa, store: Path) -> Asked:
    return lambda *arguments: poa(*arguments, *stored(store))


@pytest.mark.parametrize("number", ["²", "①", "dos", "-1", "9" * 30])
def test_what_is_no_activity_number_is_wrong_use(poa: Poa, number: str) -> None:
    done = poa("trace", "2024", "3", "06", "--", number, "achieved_q3")
    assert (done.returncode, done.stderr) == (2, f"poa: NO is an activity's number or `budget`, not {number}\n")


@pytest.mark.parametrize(("typed", "named"), [("0", "00"), ("²", "²"), ("A", "A")])
def test_a_unit_that_was_not_published_is_named_as_its_code_is_written(
    poa: Poa, consolidated: Path, typed: str, named: str
) -> None:
    where = ("--warehouse", f"sqlite:///{consolidated / 'poa.db'}")
    done = poa("trace", "2024", "3", typed, "1", "achieved_q3", *where)
    assert f"2024 T3 has no unit {named} in any published version" in done.stderr
    assert done.returncode == 3


def tamper(store: Path, statement: str) -> None:
    with closing(sqlite3.connect(store / "poa.db")) as database, database:
        database.execute(statement)


def workbook(store: Path) -> Path:
    [kept] = (store / "archive").rglob("*.xlsx")
    return kept


def test_a_sound_warehouse(ask: Asked) -> None:
    done = ask("verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound    2024 T3 version 1" in done.stdout
    assert "verified 1 version, 1 workbook" in done.stdout
    again = ask("rebuild", *QUARTER, "--version", "1")
    assert (again.returncode, again.stderr) == (0, "")
    assert "bit-identical 2024 T3 version 1, derived from 1 workbook: digest " in again.stdout


def test_an_altered_row_is_named(ask: Asked, store: Path) -> None:
    tamper(store, "UPDATE activity SET description = 'otra' WHERE unit_code = '63' AND activity_no = 2")
    done = ask("verify")
    assert (done.returncode, done.stderr) == (1, "")
    assert "changed  2024 T3 version 1  activity  UR 63, activity 2, " in done.stdout
    assert "1 difference in 1 version, 1 workbook" in done.stdout
    assert "sound" not in done.stdout
    again = ask("rebuild", *QUARTER, "--version", "1")
    assert again.returncode == 1
    assert "description: 'otra' is '" in again.stdout
    assert "different 2024 T3 version 1, derived from 1 workbook" in again.stdout
    assert "1 row differs" in again.stdout


@pytest.mark.parametrize(("harm", "said"), [("missing", "missing"), ("altered", "altered: 4 bytes, not ")])
def test_a_harmed_archive_is_named(ask: Asked, store: Path, harm: str, said: str) -> None:
    kept = workbook(store)
    kept.unlink() if harm == "missing" else kept.write_bytes(b"otro")
    done = ask("verify")
    assert done.returncode == 1
    assert f"{said}" in done.stdout
    assert "UR06.xlsx of UR 06, 2024 T3" in done.stdout
    again = ask("rebuild", *QUARTER, "--version", "1")
    assert again.returncode == 3
    assert again.stderr.startswith("poa: UR06.xlsx (")
    assert f"is {said}" in again.stderr
    assert "restore it" in again.stderr


def test_an_unknown_version_or_warehouse(ask: Asked, poa: Poa, tmp_path: Path) -> None:
    done = ask("rebuild", *QUARTER, "--version", "9")
    assert done.returncode == 2
    assert "2024 T3 has no version 9; there are 1" in done.stderr
    other = ask("rebuild", "--year", "2023", "--quarter", "1", "--version", "1")
    assert other.returncode == 2
    assert "2023 T1 has no version 1; nothing was published for it" in other.stderr
    assert ask("verify", "--quarter", "5").returncode == 2
    assert ask("rebuild", *QUARTER, "--version", "0").returncode == 2
    for command in (["verify"], ["rebuild", *QUARTER, "--version", "1"]):
        none = poa(*command, "--warehouse", f"sqlite:///{tmp_path / 'no.db'}", "--archive", tmp_path / "archive")
        assert (none.returncode, none.stdout) == (3, "")
        assert "there is no warehouse" in none.stderr
    assert not (tmp_path / "no.db").exists()
