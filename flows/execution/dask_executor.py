"""Batches judged on a Dask cluster that is there already: its scheduler's address is all that this machine knows."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from config.errors import OperatorError
from config.settings import Settings
from flows.batch import Batch
from flows.execution import dask_worker
from flows.execution.executor import JUDGED, by_halves
from flows.execution.transport import shipped
from schemas.contracts.context import Context
from schemas.contracts.frames import Judged
from schemas.contracts.judging_version import judged_by
from schemas.findings.refusal import Refusal
from workbooks.reading.admission import Limits

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_CONNECT = 30.0
# A worker that joins a moment later is waited for.
SECONDS_TO_JOIN = 60.0
# A batch with its bytes is one message; Dask warns above 10 MB unless told otherwise.
MESSAGE_WARNING = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}


class ClusterError(OperatorError):
    """The Dask cluster cannot be used, or was lost; the message says what to look at."""


class DaskExecutor:
    """Judges on the workers of a cluster, each batch sent with its bytes: they need neither our paths nor our keys.

    On a worker, processes with the usual limits do the reading (dask_worker.py) and find the culprit. A worker
    that dies itself gives its batches to another; a batch that ends several in turn is judged by halves.
    """

    def __init__(self, context: Context, limits: Limits, settings: Settings) -> None:
        if settings.dask_scheduler is None:
            raise ClusterError("POA_EXECUTOR is dask: name the scheduler with POA_DASK_SCHEDULER, tcp://host:8786")
        self._address = settings.dask_scheduler
        # Of the settings only these: others hold passwords.
        self._given = (context, limits, settings.workbook_timeout, settings.memory_limit, judged_by())
        self._client: Client | None = None

    def judge(self, batch: Batch) -> Judged:
        """The judged batch; raises ClusterError where the cluster was lost, or WorkerStartError."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        assert self._client is not None, "judges while it is entered"
        try:
            future = self._client.submit(dask_worker.judge, shipped(batch), *self._given, pure=False)
            judged: Judged = future.result()
        except KilledWorker:
            return by_halves(self.judge, batch, Refusal("A03", "worker_died"), JUDGED.join)
        except (CancelledError, ConnectionError, CommClosedError) as error:
            raise ClusterError(
                f"the Dask scheduler {self._address} was lost while workbooks were judged, and nothing was stored: "
                "see that it runs, then run again"
            ) from error
        return judged

    def __enter__(self) -> DaskExecutor:
        try:
            import dask
            from distributed import Client
        except ImportError as error:
            raise ClusterError("POA_EXECUTOR is dask: install the package, pip install 'poa[dask]'") from error
        dask.config.set(MESSAGE_WARNING)
        try:
            self._client = Client(self._address, timeout=SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"the Dask scheduler {self._address} cannot be reached ({error}); check POA_DASK_SCHEDULER, and that "
                "`dask scheduler` runs there"
            ) from error
        try:
            self._ready(self._client)
        except BaseException:
            self.__exit__()
            raise
        return self

    def _ready(self, client: Client) -> None:
        """Returns when there is a worker and all have this program; raises ClusterError or OtherProgramError."""
        try:
            client.wait_for_workers(1, timeout=SECONDS_TO_JOIN)
        except TimeoutError as error:
            raise ClusterError(
                f"the Dask scheduler {self._address} has no worker; start some there: dask worker {self._address}"
            ) from error
        try:
            client.run(dask_worker.same_program, judged_by())
        except ImportError as error:
            raise ClusterError(
                f"a worker of the Dask cluster cannot import this program ({error}): install the same version of poa "
                "with the extra dask on every worker"
            ) from error

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            # What it still judges is of no use to anybody.
            self._client.close()  # type: ignore[no-untyped-call]
            self._client = None
