"""Which executor judges a run's batches: in this process, in guarded processes, or on a Dask cluster."""

from __future__ import annotations

from config.settings import Settings
from flows.context import limits_of
from flows.execution.executor import Executor, InlineExecutor, ProcessExecutor
from schemas.contracts.context import Context


def executor(context: Context, settings: Settings) -> Executor:
    """The executor that the settings ask for; it is ready once entered (``with``)."""
    limits = limits_of(settings)
    if settings.executor == "inline":
        return InlineExecutor(context, limits)
    if settings.executor == "dask":
        from flows.execution.dask_executor import DaskExecutor

        return DaskExecutor(context, limits, settings)
    return ProcessExecutor(context, limits, settings)
