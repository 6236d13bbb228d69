"""Everything on other machines at once: judged on a Dask cluster, out of S3, into S3 and PostgreSQL.

Scheduler, workers and the command are started as docs/operacion.md has them, each a process on loopback.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from postgres_server import PostgresServer
from s3_server import s3_bucket
from stored_rows import archived

from config.settings import Settings
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.verification import verify
from warehouse.archive.storage import Remote
from warehouse.connect import open_warehouse
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.queries.published import versions, view

pytestmark = [
    pytest.mark.soak,
    # botocore, moto and distributed leave sockets to the garbage collector
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_bucket() as address:
        yield address


@contextmanager
def running(*arguments: str, folder: Path) -> Iterator[None]:
    """A command of Dask's, ended with the block."""
    with (folder / f"{arguments[0]}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "dask", *arguments], stdout=log, stderr=log, cwd=folder)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, which know neither bucket nor database."""
    from distributed import Client

    folder = tmp_path_factory.mktemp("dask")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    scheduler = ("scheduler", "--host", address, "--no-dashboard")
    workers = ("worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", ".")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "POA_"))]:
            patch.delenv(name)
        with running(*scheduler, folder=folder), running(*workers, folder=folder):
            with Client(address, timeout=120, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=120)
            yield address


@pytest.fixture
def inbox(tmp_path: Path, founding: Path) -> Path:
    """Nine good workbooks, each with bytes of its own, a cut one and a note."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(1, 10):
        path = shutil.copy(founding, folder / f"POA_2024_UR{number:02}.xlsx")
        with zipfile.ZipFile(path, "a") as package:
            package.comment = f"UR{number:02}".encode()
    (folder / "POA_2024_UR10.xlsx").write_bytes(founding.read_bytes()[:9000])
    (folder / "leeme.txt").write_text("hola", encoding="utf-8")
    return folder


def here(inbox: Path, folder: Path, upgraded_sqlite: Path) -> ConsolidationResult:
    """The same inbox consolidated in this process, on this machine's disk."""
    url = f"sqlite:///{shutil.copy(upgraded_sqlite, folder / 'here.db')}"
    settings = Settings(warehouse=url, archive=folder / "archive", executor="inline")
    request = Request(2024, 3, inbox, datetime(2024, 10, 4, 18, tzinfo=UTC))
    return consolidate(request, settings, listed(request, settings))


def test_a_quarter_of_which_nothing_is_on_this_machine(
    cluster: str, s3: str, inbox: Path, tmp_path: Path, upgraded_sqlite: Path, postgres_server: PostgresServer
) -> None:
    for path in inbox.iterdir():
        Remote(f"{s3}/inbox/2024T3").write(path.name, path.read_bytes())
    away = {
        "POA_WAREHOUSE": postgres_server.upgraded(),
        "POA_ARCHIVE": f"{s3}/archive",
        "POA_EXECUTOR": "dask",
        "POA_DASK_SCHEDULER": cluster,
        "POA_BATCH_SIZE": "2",
    }
    asked = ["--year", "2024", "--quarter", "3", "--inbox", f"{s3}/inbox/2024T3", "--received-on", "2024-10-04"]
    command = [sys.executable, "-m", "cli", "consolidate", *asked, "--direct"]
    done = subprocess.run(command, env={**os.environ, **away}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    outcome = here(inbox, tmp_path, upgraded_sqlite)
    with open_warehouse(away["POA_WAREHOUSE"]) as warehouse:
        assert versions(warehouse)["digest"].to_list() == [outcome.published.digest]
        delivered = view(warehouse, "v_entregas", year=2024, quarter=3)
    assert delivered.filter(pl.col("estado") == "rechazado")["ur"].to_list() == ["10"]
    kept = {Path(one.name).name for one in Remote(f"{s3}/archive").files()}
    assert kept == archived(tmp_path / "archive")

    told: list[Discrepancy] = []
    settings = Settings(warehouse=away["POA_WAREHOUSE"], archive=f"{s3}/archive")
    assert verify(2024, 3, settings, told.append, lambda *_: None).workbooks == 10
    assert told == []
