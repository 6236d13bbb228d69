"""Flows: one inbox, settings of a scratch folder, and Prefect's own test server for the session."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scratch_folder import kept_in

from config.settings import Settings
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed


@pytest.fixture
def settings(tmp_path: Path, upgraded_sqlite: Path) -> Settings:
    """Everything inline and inside the test's own folder."""
    shutil.copy(upgraded_sqlite, tmp_path / "poa.db")
    return kept_in(tmp_path)


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    """The founding workbook in time, beside what is no workbook: a cut one, a web page, a lock file, a note."""
    return made_inbox(tmp_path, founding)


@pytest.fixture(scope="session")
def consolidated_once(
    tmp_path_factory: pytest.TempPathFactory, founding: Path, upgraded_sqlite: Path
) -> tuple[Path, ConsolidationResult]:
    """The folder of an inbox that was consolidated for 2024 T3, its warehouse and its archive; not to be written to."""
    folder = tmp_path_factory.mktemp("consolidated")
    shutil.copy(upgraded_sqlite, folder / "poa.db")
    settings, request = kept_in(folder), Request(2024, 3, made_inbox(folder, founding))
    return folder, consolidate(request, settings, listed(request, settings))


@pytest.fixture
def consolidated(
    tmp_path: Path, consolidated_once: tuple[Path, ConsolidationResult], inbox: Path, settings: Settings
) -> ConsolidationResult:
    """``inbox`` is consolidated for 2024 T3 under ``settings``: what that came to, and a copy of all that it left."""
    folder, outcome = consolidated_once
    shutil.copy(folder / "poa.db", tmp_path / "poa.db")
    shutil.copytree(folder / "archive", tmp_path / "archive")
    return replace(outcome, inbox=listed(Request(2024, 3, inbox), settings))


def made_inbox(place: Path, founding: Path) -> Path:
    folder = place / "inbox"
    folder.mkdir()
    shutil.copy(founding, folder / "POA_2024_UR06.xlsx")
    (folder / "POA_2024_UR07.xlsx").write_bytes(founding.read_bytes()[:9000])
    (folder / "UR08.xls").write_text("<html><body><table></table></body></html>", encoding="utf-8")
    (folder / "~$POA_2024_UR06.xlsx").write_bytes(b"lock")
    (folder / "leeme.txt").write_text("hola", encoding="utf-8")
    moment = datetime(2024, 10, 4, 18, tzinfo=UTC).timestamp()
    for path in folder.iterdir():
        os.utime(path, (moment, moment))
    return folder


@pytest.fixture
def prefect_server() -> None:
    """Prefect's test server with a database of its own; it takes ten seconds to start, so tests in a row share it."""
    if PREFECT:
        return
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    from prefect.testing.utilities import prefect_test_harness

    stack = ExitStack()
    stack.enter_context(prefect_test_harness(server_startup_timeout=120))
    PREFECT.append(stack)


# What ends the server, while it runs.
PREFECT: list[ExitStack] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The server ends where the next test does not want it: idle, it takes a tenth of a core."""
    while PREFECT and "prefect_server" not in getattr(nextitem, "fixturenames", ()):
        PREFECT.pop().close()
