"""Flows: one inbox, settings of a scratch folder, and Prefect's own test server for the session."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Everything inline and inside the test's own folder."""
    return Settings(
        warehouse=f"sqlite:///{tmp_path / 'poa.db'}", archive=tmp_path / "archive", executor="inline", batch_size=2
    )


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    """The founding workbook in time, beside what is no workbook: a cut one, a web page, a lock file, a note."""
    folder = tmp_path / "inbox"
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


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Prefect's test server with a database of its own; it takes about ten seconds to start, so once."""
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield
