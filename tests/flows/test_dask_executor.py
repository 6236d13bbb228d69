"""Batches judged on a Dask cluster: as here, guarded, and whatever becomes of its workers."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import psutil
import pytest
from distributed.comm.core import CommClosedError

from config.settings import Settings
from flows.execution import dask_executor, dask_worker
from flows.execution.dask_executor import ClusterError, DaskExecutor
from flows.execution.dask_worker import OtherProgramError
from flows.execution.executor import Executor, InlineExecutor, WorkerStartError
from flows.execution.factory import executor
from flows.execution.runner import Runner, side_by_side
from flows.execution.transport import shipped, unpacked
from flows.path import Batch, InboxFile
from flows.runs.consolidation import Request, consolidate, listed
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.judging_version import JUDGING_VERSION, judged_by
from schemas.findings.refusal import Refusal
from workbooks.reading.admission import Limits

FIRST_SHEET = "xl/worksheets/sheet1.xml"
OBSERVED, REJECTED = "observado", "rechazado"
SCHEDULER = "tcp://127.0.0.1:8786"
pytestmark = [
    # distributed leaves sockets and loops of its workers' connections to the garbage collector
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
    # a second scheduler of this machine takes another port for its page
    pytest.mark.filterwarnings("ignore:Port 8787 is already in use:UserWarning"),
]


@pytest.fixture(scope="module")
def threads() -> Iterator[str]:
    """Address of a real scheduler with two workers, all in threads of this process: it starts in a second."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as running:
        yield running.scheduler_address


@pytest.fixture(scope="module")
def processes() -> Iterator[str]:
    """Address of a scheduler whose two workers are processes on loopback, each with a nanny."""
    from distributed import LocalCluster

    given = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "host": "127.0.0.1"}
    with LocalCluster(dashboard_address=None, **given) as running:
        yield running.scheduler_address


def batch(*paths: Path) -> Batch:
    return Batch([InboxFile(path, path.name, "0" * 64, path.stat().st_size) for path in paths])


def verdicts(judged: Judged) -> list[tuple[str, str]]:
    return list(judged.files.select(c.FILE, c.VERDICT).rows())


def digest(inbox: Path, settings: Settings, run: Runner | None = None, **changed: Any) -> str:
    """The digest of the inbox's snapshot under changed settings, in a warehouse of its own."""
    place = settings.archive.parent / "-".join(map(str, changed.values())).replace("/", "")[:20]
    place.mkdir()
    own = {"warehouse": f"sqlite:///{place / 'poa.db'}", "archive": place / "archive", **changed}
    chosen, request = settings.model_copy(update=own), Request(2024, 3, inbox)
    return consolidate(request, chosen, listed(request, chosen), run).published.digest


class Unguarded(InlineExecutor):
    """Stands in for the guarded processes of a Dask worker, which take seconds to start."""

    def __init__(self, context: Context, limits: Limits, *_: object) -> None:
        super().__init__(context, limits)


def test_a_run_on_a_cluster_publishes_what_a_run_here_does(
    threads: str, inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_worker, "ProcessExecutor", Unguarded)
    on_dask = digest(inbox, settings, executor="dask", dask_scheduler=threads, batch_size=1)
    assert on_dask == digest(inbox, settings, executor="inline")


@pytest.mark.soak
def test_a_cluster_is_spoken_to_under_its_certificates(
    inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/operacion.md has it: tls:// and Dask's own settings, which may come from its environment."""
    import dask
    from distributed import LocalCluster
    from distributed.security import Security

    monkeypatch.setattr(dask_worker, "ProcessExecutor", Unguarded)
    own = Security.temporary()
    files = {"ca-file": own.tls_ca_file, "client.cert": own.tls_client_cert, "client.key": own.tls_client_key}
    with (
        LocalCluster(1, 1, False, dashboard_address=None, protocol="tls://", security=own) as running,
        dask.config.set({f"distributed.comm.tls.{name}": content for name, content in files.items()}),
    ):
        assert running.scheduler_address.startswith("tls://")
        on_dask = digest(inbox, settings, executor="dask", dask_scheduler=running.scheduler_address, batch_size=1)
    assert on_dask == digest(inbox, settings, executor="inline")


class FakeClient:
    """A cluster whose workers die over a culprit, or that is lost altogether."""

    def __init__(self, judge: InlineExecutor, culprit: str, error: Exception) -> None:
        self.judge, self.culprit, self.error = judge, culprit, error

    def submit(self, _: object, given: Batch, *__: object, pure: bool) -> FakeClient:
        self.given = given
        return self

    def result(self) -> Judged:
        for position, file in enumerate(self.given.files):
            if file.file == self.culprit and position not in self.given.refused:
                raise self.error
        return self.judge.judge(self.given)


def judged_despite(error: Exception, given: Batch, context: Context, limits: Limits) -> Judged:
    judge = DaskExecutor(context, limits, Settings(dask_scheduler=SCHEDULER))
    judge._client = FakeClient(InlineExecutor(context, limits), "b.xlsx", error)  # type: ignore[assignment]
    return judge.judge(given)


def copies(founding: Path, folder: Path, *names: str) -> list[Path]:
    return [Path(shutil.copy(founding, folder / name)) for name in names]


def test_a_workbook_that_ends_worker_after_worker_is_found_by_halving(
    tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    from distributed import KilledWorker

    given = batch(*copies(founding, tmp_path, "a.xlsx", "b.xlsx", "c.xlsx"))
    found = judged_despite(KilledWorker("judge", None, 3), given, third_quarter, limits)
    assert verdicts(found) == [("a.xlsx", OBSERVED), ("b.xlsx", REJECTED), ("c.xlsx", OBSERVED)]


@pytest.mark.parametrize("error", [CancelledError(), ConnectionRefusedError(), CommClosedError()])
def test_a_cluster_that_is_lost_is_told(
    error: Exception, tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    with pytest.raises(ClusterError, match=rf"{SCHEDULER} was lost .* nothing was stored: see that it runs"):
        judged_despite(error, batch(*copies(founding, tmp_path, "b.xlsx")), third_quarter, limits)


def test_without_an_address_there_is_no_cluster(third_quarter: Context) -> None:
    with pytest.raises(ClusterError, match="name the scheduler with POA_DASK_SCHEDULER"):
        executor(third_quarter, Settings(executor="dask"))


def test_a_scheduler_that_does_not_answer_is_told(
    third_quarter: Context, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_executor, "SECONDS_TO_CONNECT", 0.2)
    with (
        pytest.raises(ClusterError, match=r"tcp://127.0.0.1:9 cannot be reached .*check POA_DASK_SCHEDULER"),
        DaskExecutor(third_quarter, limits, Settings(dask_scheduler="tcp://127.0.0.1:9")),
    ):
        pass


def test_a_missing_package_is_told(third_quarter: Context, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ClusterError, match=r"pip install 'poa\[dask\]'"),
        DaskExecutor(third_quarter, limits, Settings(dask_scheduler=SCHEDULER)),
    ):
        pass


def test_a_worker_with_other_rules_does_not_judge() -> None:
    other = judged_by().replace(f"judging_version = {JUDGING_VERSION}", "judging_version = 0")
    difference = rf"judging version {JUDGING_VERSION} \(0\); install the same version of poa on every worker"
    with pytest.raises(OtherProgramError, match=difference):
        dask_worker.same_program(other)
    dask_worker.same_program(judged_by())


def test_what_a_worker_raises_arrives_as_it_was() -> None:
    error = WorkerStartError(1024**2)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_no_password_travels(third_quarter: Context, limits: Limits) -> None:
    settings = Settings(dask_scheduler=SCHEDULER, warehouse="postgresql+psycopg://poa:s3cret@db/poa")
    assert b"s3cret" not in pickle.dumps(DaskExecutor(third_quarter, limits, settings)._given)


def test_what_travels_is_unpacked_under_names_of_ours(tmp_path: Path, founding: Path) -> None:
    [path, refused] = copies(founding, tmp_path, "a.xlsx", "b.xlsx")
    named = InboxFile(path, "../../etc/passwd.xlsx", "0" * 64, 1)
    given = Batch([named, InboxFile(refused, "b.xlsx", "1" * 64, 1)], {1: Refusal("A03", "worker_died")})
    with unpacked(shipped(given)) as local:
        [first, second] = local.files
        assert (first.path.name, first.file, first.content) == ("0.xlsx", "../../etc/passwd.xlsx", None)
        assert first.path.read_bytes() == founding.read_bytes()
        assert second.path == refused
    assert not first.path.exists()


@pytest.mark.soak
def test_cluster_processes_and_this_process_publish_the_same(processes: str, inbox: Path, settings: Settings) -> None:
    digests = {
        digest(inbox, settings, executor="inline"),
        digest(inbox, settings, executor="processes", batch_size=1),
        digest(inbox, settings, executor="dask", dask_scheduler=processes, batch_size=1),
    }
    assert len(digests) == 1


def with_rows(founding: Path, target: Path, rows: bytes) -> Path:
    """The founding workbook with more rows of XML in its first sheet."""
    with (
        zipfile.ZipFile(founding) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == FIRST_SHEET:
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            made.writestr(name, content)
    return target


@pytest.mark.soak
def test_a_hostile_workbook_loses_only_itself(
    processes: str, tmp_path: Path, founding: Path, third_quarter: Context
) -> None:
    """One ends calamine's process, one takes all its memory, one takes longer than it may."""
    long = b"".join(b'<row r="%d">' % row + b"<c><v>1</v></c>" * 18 + b"</row>" for row in range(100, 300_100))
    text = b'<row r="90"><c r="A90" t="inlineStr"><is><t>' + b"x" * 300_000_000 + b"</t></is></c></row>"
    far = with_rows(founding, tmp_path / "far.xlsx", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    hog = with_rows(founding, tmp_path / "hog.xlsx", text)
    slow = with_rows(founding, tmp_path / "slow.xlsx", long)
    [good, last] = copies(founding, tmp_path, "good.xlsx", "last.xlsx")
    larger = {"max_expanded_bytes": 400 * 1024**2, "max_cells": 9_000_000}
    for hostile, guards in (([far, hog], {"memory_limit": 1024**3}), ([slow], {"workbook_timeout": 2})):
        settings = Settings(executor="dask", dask_scheduler=processes, **larger, **guards)
        with executor(third_quarter, settings) as judge:
            found = judge.judge(batch(good, *hostile, last))
        assert verdicts(found) == [
            ("good.xlsx", OBSERVED),
            *((path.name, REJECTED) for path in hostile),
            ("last.xlsx", OBSERVED),
        ]
        told = found.findings.filter(found.findings[c.RULE] == "A03")
        assert told[c.FILE_ID].to_list() == list(range(1, len(hostile) + 1))
    assert "no se pudo leer en el tiempo permitido" in told[c.MESSAGE][0]


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_dask_worker_that_is_killed_costs_nothing(
    processes: str, tmp_path: Path, founding: Path, settings: Settings
) -> None:
    """Its batches are judged by the other; its guarded processes end with it."""
    from distributed import Client

    inbox = tmp_path / "many"
    inbox.mkdir()
    copies(founding, inbox, *(f"UR{number:02}.xlsx" for number in range(1, 13)))
    left: list[psutil.Process] = []

    def killing(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
        for number, judged in enumerate(side_by_side(2)(judge, batches)):
            if number == 2:
                with Client(processes, set_as_default=False) as client:
                    victim = next(iter(client.run(os.getpid).values()))
                left.extend(psutil.Process(victim).children(recursive=True))
                os.kill(victim, signal.SIGKILL)
            yield judged

    on_dask = {"executor": "dask", "dask_scheduler": processes, "batch_size": 1}
    assert digest(inbox, settings, killing, **on_dask) == digest(inbox, settings, executor="inline")
    assert left
    assert psutil.wait_procs(left, timeout=60)[1] == []
