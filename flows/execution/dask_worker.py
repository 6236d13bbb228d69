"""What runs on a worker of the Dask cluster: a batch that came with its bytes, judged in guarded processes of its own.

A workbook that ends its reader ends such a process, never the Dask worker. The processes stay for the worker's next
batches, of this run and of others.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from threading import Lock

from config.errors import OperatorError
from flows.batch import Batch
from flows.execution.executor import ProcessExecutor
from flows.execution.process_pool import Workers
from schemas.contracts.context import Context
from schemas.contracts.frames import Judged
from schemas.contracts.judging_version import differing, judged_by
from workbooks.reading.admission import Limits

# By the bytes of memory that each process may take.
_WORKERS: dict[int, Workers] = {}
_LOCK = Lock()


@dataclass(frozen=True)
class WorkerGuards:
    """What guards the processes of one Dask worker (see executor.Guards). Of all settings, only these travel:
    others hold passwords.
    """

    workers: int
    workbook_timeout: float
    memory_limit: int


class OtherProgramError(OperatorError):
    """A worker of the cluster would judge by other rules than this machine."""


def same_program(wanted: str) -> None:
    """Returns where what this program judges by is ``wanted`` (`judged_by`); raises OtherProgramError."""
    if judged_by() != wanted:
        raise OtherProgramError(
            f"a worker of the Dask cluster judges otherwise than this machine: {differing(judged_by(), wanted)}; "
            "install the same version of poa on every worker, with the same libraries, and restart it"
        )


def judge(
    batch: Batch, context: Context, limits: Limits, workbook_timeout: float, memory_limit: int, wanted: str
) -> Judged:
    """The judged batch, whatever its workbooks do to the reader; raises OtherProgramError or WorkerStartError."""
    from distributed import get_worker

    same_program(wanted)
    # A process for each thread of this Dask worker, since each thread judges a batch at a time.
    guards = WorkerGuards(get_worker().state.nthreads, workbook_timeout, memory_limit)
    return ProcessExecutor(context, limits, guards, _kept(guards.workers, memory_limit)).judge(batch)


def _kept(workers: int, memory_limit: int) -> Workers:
    with _LOCK:
        kept = _WORKERS.get(memory_limit)
        if kept is None or not kept.active:
            # Dask's nanny starts its workers as daemons, which may not have children. These end with the worker: they
            # read from a pipe to it.
            if multiprocessing.current_process().daemon:
                multiprocessing.current_process().daemon = False
            kept = _WORKERS[memory_limit] = Workers(workers, memory_limit)
        return kept
