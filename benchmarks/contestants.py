"""Who is measured: the bare decoder, a pandas script, and our path with one, two or no workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks import pandas_script
from benchmarks.inputs import QUARTER, YEAR, Inputs
from benchmarks.totals import OURS, PANDAS
from config.settings import Settings
from flows.consolidation import Request, consolidate, listed
from flows.context import context
from flows.executor import Executor, executor
from flows.path import Batch, InboxFile
from flows.runner import side_by_side

FLOOR, SCRIPT = "floor: calamine decodes, 1 process", "pandas + openpyxl script"
INLINE, ONE_WORKER, TWO_WORKERS = "ours, inline", "ours, 1 worker", "ours, 2 workers"
DATABASE = "warehouse.db"
WARM_UP = 8  # workbooks in each batch that wakes a worker


@dataclass(frozen=True)
class Contestant:
    """One way through ``files``. ``run`` gets an empty folder to write into; ``query`` asks its database for totals."""

    name: str
    files: Sequence[Path]
    run: Callable[[Path], object]
    query: str | None = None


@contextmanager
def contestants(given: Inputs, subset: int) -> Iterator[list[Contestant]]:
    """All of them, their worker processes started and warm; the pandas script works on ``subset`` workbooks."""
    with ExitStack() as stack:
        ours = [
            Contestant(name, given.files, _ours(given, stack.enter_context(_warm(given, workers)), workers), OURS)
            for name, workers in ((INLINE, 0), (ONE_WORKER, 1), (TWO_WORKERS, 2))
        ]
        few = given.files[:subset]
        yield [
            Contestant(FLOOR, given.files, lambda _: decode(given.files)),
            Contestant(SCRIPT, few, lambda out: pandas_script.load(few, out / DATABASE), PANDAS),
            *ours,
        ]


def decode(files: Iterable[Path]) -> int:
    """Every cell and merged area of every sheet, as Python values, and nothing else; how many rows there were."""
    rows = 0
    for file in files:
        workbook = CalamineWorkbook.from_path(file)
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            rows += len(sheet.to_python(skip_empty_area=False)) + len(sheet.merged_cell_ranges or ())
    return rows


def settings(given: Inputs, out: Path, workers: int) -> Settings:
    """Settings of a run that writes into ``out``; no workers: in this process."""
    return Settings(
        config_dir=given.config_dir,
        warehouse=f"sqlite:///{out / DATABASE}",
        archive=out / "archive",
        executor="processes" if workers else "inline",
        workers=max(1, workers),
    )


def consolidated(given: Inputs, chosen: Settings, judge: Executor) -> None:
    """The whole inbox into a fresh warehouse, by an executor that is ready."""
    request = Request(YEAR, QUARTER, given.inbox)
    consolidate(request, chosen, listed(request, chosen), hire=lambda *_: nullcontext(judge))


def _ours(given: Inputs, judge: Executor, workers: int) -> Callable[[Path], None]:
    return lambda out: consolidated(given, settings(given, out, workers), judge)


@contextmanager
def _warm(given: Inputs, workers: int) -> Iterator[Executor]:
    """An executor that has judged before; several batches at once, so that every worker gets one."""
    chosen = settings(given, given.inbox, workers)
    files = [InboxFile(path, path.name, "", path.stat().st_size) for path in given.files[:WARM_UP]]
    with executor(context(YEAR, QUARTER, chosen)[0], chosen) as judge:
        for _ in side_by_side(max(1, workers))(judge, [Batch(files)] * 4 * max(1, workers)):
            pass
        yield judge
