"""A workbook that kills or stalls its worker is found and refused; the others are judged as if it were not there."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from config.settings import Settings
from flows.execution import executor, worker_entry
from flows.execution.executor import InlineExecutor, ProcessExecutor, WorkerStartError
from flows.execution.process_pool import Look, WorkerLostError
from flows.path import Batch, InboxFile
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import CONTRACTS, Judged
from workbooks.reading.admission import Limits

FIRST_SHEET = "xl/worksheets/sheet1.xml"
REJECTED, OBSERVED = "rechazado", "observado"


def batch(*paths: Path) -> Batch:
    return Batch([InboxFile(path, path.name, "0" * 64, path.stat().st_size) for path in paths])


def verdicts(judged: Judged) -> list[tuple[str, str]]:
    return list(judged.files.select(c.FILE, c.VERDICT).rows())


def refusals(judged: Judged) -> list[tuple[int, str]]:
    """file_id and message of every A03."""
    return list(judged.findings.filter(judged.findings[c.RULE] == "A03").select(c.FILE_ID, c.MESSAGE).rows())


def with_row(founding: Path, target: Path, row: bytes) -> Path:
    """The founding workbook with one more row of XML in its first sheet."""
    with (
        zipfile.ZipFile(founding) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in source.namelist():
            content = source.read(name)
            made.writestr(
                name, content.replace(b"</sheetData>", row + b"</sheetData>") if name == FIRST_SHEET else content
            )
    return target


def copies(founding: Path, folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_bytes(founding.read_bytes())
    return paths


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (WorkerLostError("died"), "agotó la memoria permitida o detuvo el lector"),
        (MemoryError(), "agotó la memoria permitida o detuvo el lector"),
        (TimeoutError(), re.escape("no se pudo leer en el tiempo permitido (30 segundos)")),
    ],
)
def test_culprits_are_found_by_halving(
    error: Exception,
    message: str,
    tmp_path: Path,
    founding: Path,
    third_quarter: Context,
    limits: Limits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx"]
    culprits = {"b.xlsx", "e.xlsx"}

    def in_worker(_: ProcessExecutor, __: object, given: Batch) -> Judged:
        if any(file.file in culprits and at not in given.refused for at, file in enumerate(given.files)):
            raise error
        return worker_entry.judge(given, third_quarter, limits)

    monkeypatch.setattr(ProcessExecutor, "_in_worker", in_worker)
    judge = ProcessExecutor(third_quarter, limits, Settings())
    found = judge.judge(batch(*copies(founding, tmp_path, *names)))
    assert verdicts(found) == [(name, REJECTED if name in culprits else OBSERVED) for name in names]
    assert [file_id for file_id, _ in refusals(found)] == [1, 4]
    assert all(re.search(message, told) for _, told in refusals(found))
    assert found.activities[c.FILE_ID].value_counts(sort=True)["count"].to_list() == [14, 14, 14]


class FakeWorkers:
    """Workers of which one dies of ``error`` at a culprit, hangs at one where that is None, and else judges here."""

    def __init__(self, culprits: set[str], error: Exception | None, context: Context, limits: Limits) -> None:
        self.culprits, self.error, self.given = culprits, error, (context, limits)
        self.calls = 0

    def call(self, _: object, given: Batch, *args: object, look: Look, **__: object) -> Judged:
        progress = args[-1]
        assert isinstance(progress, Path)
        self.calls += 1
        for position, file in enumerate(given.files):
            if position in given.refused:
                continue
            progress.write_bytes(b"%d\n" % position)
            if file.file in self.culprits:
                if self.error:
                    raise self.error
                while True:
                    look()
        return worker_entry.judge(given, *self.given)


@pytest.mark.parametrize("error", [WorkerLostError("died"), MemoryError(), None])
def test_a_worker_tells_which_workbook_it_was_at(
    error: Exception | None, tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    """Each culprit costs one more round, however many workbooks there are."""
    judge = ProcessExecutor(third_quarter, limits, Settings(workbook_timeout=0.05))
    fake = FakeWorkers({"b.xlsx", "d.xlsx"}, error, third_quarter, limits)
    judge._workers = fake
    found = judge.judge(batch(*copies(founding, tmp_path, "a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "e.xlsx")))
    assert [file_id for file_id, _ in refusals(found)] == [1, 3]
    assert fake.calls == 3


@pytest.mark.parametrize(
    "error", [WorkerLostError("died"), BrokenProcessPool(), OSError("no process left"), ImportError()]
)
def test_a_worker_that_does_not_start_is_told_with_the_remedy(
    error: Exception, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    class NoWorkers:
        def call(self, *_: object, **__: object) -> Judged:
            raise error

    judge = ProcessExecutor(third_quarter, limits, Settings(memory_limit=50 * 1024**2))
    judge._workers = NoWorkers()
    with pytest.raises(WorkerStartError, match=r"with 50 MiB of memory: raise POA_MEMORY_LIMIT"):
        judge.judge(batch(founding))


@pytest.mark.parametrize("error", [WorkerLostError("died"), MemoryError()])
def test_a_worker_that_ends_with_nothing_opened_is_told_with_the_remedy(
    error: Exception, founding: Path, third_quarter: Context, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is started, and has too little memory for any workbook: even the refusal of the one it is given."""

    def in_worker(*_: object) -> Judged:
        raise error

    monkeypatch.setattr(ProcessExecutor, "_in_worker", in_worker)
    with pytest.raises(WorkerStartError, match="raise POA_MEMORY_LIMIT"):
        ProcessExecutor(third_quarter, limits, Settings()).judge(batch(founding, founding))


def test_a_worker_writes_where_it_is(tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits) -> None:
    progress = tmp_path / "reached"
    progress.touch()
    assert worker_entry.last_position(progress) is None
    worker_entry.judge_watched(batch(founding, founding), third_quarter, limits, progress)
    assert worker_entry.last_position(progress) == 2


def test_workers_judge_as_this_process_does(founding: Path, third_quarter: Context, limits: Limits) -> None:
    given = batch(founding, founding)
    with ProcessExecutor(third_quarter, limits, Settings(workers=1)) as judge:
        found = judge.judge(given)
    with InlineExecutor(third_quarter, limits) as here:
        expected = here.judge(given)
    for name in CONTRACTS:
        assert getattr(found, name).equals(getattr(expected, name)), name


@pytest.mark.soak
def test_what_kills_a_worker_is_refused_alone(
    tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    """One workbook with its last possible cell filled ends calamine's process; one with a text of 300 MB its memory."""
    far = with_row(founding, tmp_path / "far.xlsx", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    text = b"x" * 300_000_000
    hog = with_row(
        founding,
        tmp_path / "hog.xlsx",
        b'<row r="90"><c r="A90" t="inlineStr"><is><t>' + text + b"</t></is></c></row>",
    )
    [good, last] = copies(founding, tmp_path, "good.xlsx", "last.xlsx")
    settings = Settings(workers=1, memory_limit=1024**3)
    with ProcessExecutor(third_quarter, limits, settings) as judge:
        found = judge.judge(batch(good, far, hog, last))
    assert verdicts(found) == [
        ("good.xlsx", OBSERVED),
        ("far.xlsx", REJECTED),
        ("hog.xlsx", REJECTED),
        ("last.xlsx", OBSERVED),
    ]
    assert [file_id for file_id, _ in refusals(found)] == [1, 2]


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on a process's memory")
def test_too_little_memory_for_a_worker_is_told(founding: Path, third_quarter: Context, limits: Limits) -> None:
    with (
        pytest.raises(WorkerStartError),
        ProcessExecutor(third_quarter, limits, Settings(workers=1, memory_limit=30 * 1024**2)) as judge,
    ):
        judge.judge(batch(founding))


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe")
def test_what_stalls_a_worker_is_refused_alone(
    tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody writes to is read for ever."""
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    [good] = copies(founding, tmp_path, "good.xlsx")
    monkeypatch.setattr(executor, "SECONDS_TO_START", 15.0)
    with ProcessExecutor(third_quarter, limits, Settings(workers=1, workbook_timeout=1)) as judge:
        found = judge.judge(batch(pipe, good))
    assert verdicts(found) == [("pipe.xlsx", REJECTED), ("good.xlsx", OBSERVED)]
    assert refusals(found) == [(0, "El archivo no se pudo leer en el tiempo permitido (1 segundos).")]
