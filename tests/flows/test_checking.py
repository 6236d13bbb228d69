"""What `poa check` tells is the same wherever workbooks are judged, and whatever becomes of a worker."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from flows.batch import Batch, InboxFile
from flows.context import context
from flows.execution import worker_entry
from flows.execution.executor import ProcessExecutor
from flows.execution.process_pool import WorkerLostError
from flows.runs.checking import Document, checked


@pytest.fixture(scope="module")
def batches(founding: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Batch]:
    """Two, of a workbook each; the second is no workbook."""
    folder = tmp_path_factory.mktemp("checked")
    shutil.copy(founding, folder / "UR06.xlsx")
    (folder / "carta.xlsx").write_text("Estimados: adjunto el POA", encoding="utf-8")
    return [Batch([InboxFile(path, path.name, path.name, path.stat().st_size)]) for path in sorted(folder.iterdir())]


def told(batches: list[Batch], settings: Settings) -> list[Document]:
    judged_against, window = context(2024, 3, settings)
    return checked(batches, judged_against, window.closes, settings)


@pytest.fixture(scope="module")
def here(batches: list[Batch]) -> list[Document]:
    """Told by this process alone."""
    return told(batches, Settings(executor="inline"))


def test_it_is_told_of_every_workbook_in_their_order(here: list[Document]) -> None:
    assert [(one["file"], one["verdict"]) for one in here] == [("UR06.xlsx", "observado"), ("carta.xlsx", "rechazado")]


def test_workers_tell_the_same(batches: list[Batch], here: list[Document]) -> None:
    assert told(batches, Settings(workers=1)) == here


@pytest.mark.parametrize("error", [WorkerLostError(), MemoryError(), TimeoutError()])
def test_what_is_too_much_for_a_worker_is_told_by_this_process(
    error: Exception, batches: list[Batch], here: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each workbook was judged; all of them together may be more than a worker may hold."""

    def judged_here(judge: ProcessExecutor, _: object, batch: Batch) -> list[bytes]:
        return [pickle.dumps(worker_entry.judge(batch, judge._context, judge._limits))]

    def lost(*_: object, **__: object) -> list[Document]:
        raise error

    replaced: dict[str, Callable[..., object]] = {"answer": judged_here, "call": lost}
    for name, stand_in in replaced.items():
        monkeypatch.setattr(ProcessExecutor, name, stand_in)
    assert told(batches, Settings(workers=1)) == here
