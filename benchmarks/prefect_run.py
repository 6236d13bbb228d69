"""Our path as the operator runs it: as a Prefect flow, against a server that is up already."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.inputs import QUARTER, YEAR
from config.settings import Settings
from flows.execution.executor import Executor
from flows.runs.consolidation import consolidate

SECONDS_TO_START = 120


@contextmanager
def prefect_server() -> Iterator[None]:
    """A Prefect server of the benchmark's own, with a database of its own, for as long as the block lasts."""
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "ERROR"}
    with patch.dict(os.environ, quiet):
        from prefect.testing.utilities import prefect_test_harness

        logging.getLogger("prefect").setLevel(logging.ERROR)
        with prefect_test_harness(server_startup_timeout=SECONDS_TO_START):
            yield


def through_prefect(inbox: Path, chosen: Settings, judge: Executor) -> None:
    """The flow over the whole inbox into a fresh warehouse, by an executor that is ready."""
    from flows.schedule import quarterly

    environment = {f"POA_{name.upper()}": str(value) for name, value in chosen.model_dump(exclude_unset=True).items()}
    ready = partial(consolidate, hire=lambda *_: nullcontext(judge))
    with patch.dict(os.environ, environment), patch.object(quarterly, "consolidate", ready):
        quarterly.consolidate_quarter(YEAR, QUARTER, inbox, report=False)
