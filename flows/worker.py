"""What runs in a worker process. Imports stay inside functions: a limit must be set before a library reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.path import Batch
    from schemas.evidence import Context
    from schemas.frames import Judged
    from workbooks.admission import Limits


def start(memory_limit: int) -> None:
    """Prepare a worker: one polars thread, and at most ``memory_limit`` bytes more than it starts with."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit still holds
        return
    used = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory_limit, resource.RLIM_INFINITY))


def judge(batch: Batch, context: Context, limits: Limits) -> Judged:
    """The data path over one batch, in this process."""
    from flows.path import judged

    return judged(batch, context, limits)


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no path object worth it here
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
