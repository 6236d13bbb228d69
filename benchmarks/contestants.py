"""Who is measured: the bare decoder, scripts that others would write, and our path: with one, two or no workers, and
through Prefect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks import dlt_pipeline, pandas_script
from benchmarks.inputs import QUARTER, YEAR, Inputs
from benchmarks.prefect_run import prefect_server, through_prefect
from benchmarks.totals import OURS, TABLE
from config.settings import Settings
from flows.context import context
from flows.execution.executor import Executor
from flows.execution.factory import executor
from flows.execution.runner import side_by_side
from flows.path import Batch, InboxFile
from flows.runs.consolidation import Request, consolidate, listed

FLOOR, SCRIPT = "floor: calamine decodes, 1 process", "pandas + openpyxl script"
CALAMINE_SCRIPT, PIPELINE = "pandas + calamine script", "dlt + openpyxl pipeline"
INLINE, ONE_WORKER, TWO_WORKERS = "ours, inline", "ours, 1 worker", "ours, 2 workers"
PREFECT, PREFECT_ONE = "ours, 2 workers, through Prefect", "the same, an inbox of one workbook"
ONE = "ours, 2 workers, an inbox of one workbook"
# Those that may get fewer workbooks.
OTHERS = (SCRIPT, CALAMINE_SCRIPT, PIPELINE)
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
def contestants(given: Inputs, subset: int, single: Inputs) -> Iterator[list[Contestant]]:
    """All of them, their worker processes and Prefect's server started and warm; those of others work on ``subset``
    workbooks, and ``single`` is an inbox of one workbook, that what a run costs at all can be told from the workbooks.
    """
    with ExitStack() as stack:
        inline, one, two = (stack.enter_context(warm(given, workers)) for workers in (0, 1, 2))
        stack.enter_context(prefect_server())
        few = given.files[:subset]
        yield [
            Contestant(FLOOR, given.files, lambda _: decode(given.files)),
            Contestant(SCRIPT, few, lambda out: pandas_script.load(few, out / DATABASE), TABLE),
            Contestant(CALAMINE_SCRIPT, few, lambda out: pandas_script.load(few, out / DATABASE, "calamine"), TABLE),
            Contestant(PIPELINE, few, lambda out: dlt_pipeline.load(few, out / DATABASE), TABLE),
            Contestant(INLINE, given.files, ours(given, inline, 0), OURS),
            Contestant(ONE_WORKER, given.files, ours(given, one, 1), OURS),
            Contestant(TWO_WORKERS, given.files, ours(given, two, 2), OURS),
            Contestant(ONE, single.files, ours(single, two, 2)),
            Contestant(PREFECT, given.files, _through_prefect(given, two), OURS),
            Contestant(PREFECT_ONE, single.files, _through_prefect(single, two)),
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


def ours(given: Inputs, judge: Executor, workers: int) -> Callable[[Path], None]:
    """A run of our path, by an executor that is ready."""
    return lambda out: consolidated(given, settings(given, out, workers), judge)


def _through_prefect(given: Inputs, judge: Executor) -> Callable[[Path], None]:
    return lambda out: through_prefect(given.inbox, settings(given, out, workers=2), judge)


@contextmanager
def warm(given: Inputs, workers: int) -> Iterator[Executor]:
    """An executor that has judged before; several batches at once, so that every worker gets one."""
    chosen = settings(given, given.inbox, workers)
    files = [InboxFile(path, path.name, "", path.stat().st_size) for path in given.files[:WARM_UP]]
    with executor(context(YEAR, QUARTER, chosen)[0], chosen) as judge:
        for _ in side_by_side(max(1, workers))(judge, [Batch(files)] * 4 * max(1, workers)):
            pass
        yield judge
