"""What `poa check` tells of workbooks. Where worker processes judge them, these do all of it: only what is to be told
comes back, so that this process imports neither polars nor the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, TypeAlias

from config.calendar import Window
from config.settings import Settings
from flows.batch import Batch
from flows.execution import worker_entry
from flows.execution.executor import LOST, SEALED, Executor, ProcessExecutor
from flows.execution.factory import executor
from schemas.contracts.context import Context

if TYPE_CHECKING:
    from schemas.contracts.frames import Judged

Document: TypeAlias = dict[str, Any]


def checked(batches: Sequence[Batch], context: Context, closes: date, settings: Settings) -> list[Document]:
    """A document of each workbook, in their order; they are held against each other."""
    with executor(context, settings) as judge:
        if isinstance(judge, ProcessExecutor):
            return _checked_in_workers(judge, batches, context, closes)
        judged = _judged(judge, batches)
    from flows.document import documents_alone

    return documents_alone(judged, context, closes)


def checked_against(
    warehouse: str, batches: Sequence[Batch], context: Context, window: Window, settings: Settings
) -> list[Document]:
    """The same, held against what a warehouse knows as well; it is only read."""
    from flows.document import documents
    from flows.history import with_history
    from warehouse.what_if import what_if_history

    with executor(context, settings) as judge:
        judged = _judged(judge, batches)
    history, waivers = what_if_history(warehouse, judged, window)
    return documents(with_history(judged, history, context, waivers), context)


def _judged(judge: Executor, batches: Sequence[Batch]) -> Judged:
    from schemas.contracts.frames import joined

    return reduce(joined, (judge.judge(batch) for batch in batches))


def _checked_in_workers(
    judge: ProcessExecutor, batches: Sequence[Batch], context: Context, closes: date
) -> list[Document]:
    sealed = reduce(add, (judge.answer(SEALED, batch) for batch in batches))
    try:
        return judge.call(worker_entry.documents, sealed, context, closes, workbooks=sum(len(b.files) for b in batches))
    except LOST:
        # Judged they are, one by one guarded: what they are together may be more than a worker may hold.
        return worker_entry.documents(sealed, context, closes)
