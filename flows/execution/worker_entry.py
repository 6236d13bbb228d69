"""What runs in a worker process. Imports stay inside functions: a limit must be set before a library reads it."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.findings.refusal import is_panic

if TYPE_CHECKING:
    from datetime import date

    from flows.batch import Batch
    from schemas.contracts.context import Context
    from schemas.contracts.frames import Judged
    from workbooks.reading.admission import Limits

STDERR = 2
OUT_OF_MEMORY = 3  # exit code


def start(memory_limit: int) -> None:
    """Prepare a worker: one polars thread, and at most ``memory_limit`` bytes more than it starts with.

    What native code prints before it dies would reach the operator's terminal as a traceback: it goes nowhere, for
    the executor tells what happened.
    """
    os.environ["POLARS_MAX_THREADS"] = "1"
    os.environ["RUST_BACKTRACE"] = "0"
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDERR)
    os.close(nowhere)
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


def judge_watched(batch: Batch, context: Context, limits: Limits, progress: Path) -> Judged:
    """The same; ``progress`` names at every moment the position of the workbook being read (see reached())."""
    judged = _path()

    with progress.open("r+b", buffering=0) as file, ending_without_memory():

        def tell(position: int) -> None:
            # Positions only grow, so a later one covers an earlier one whole.
            file.seek(0)
            file.write(b"%d\n" % position)

        return judged(batch, context, limits, tell)


def judge_sealed(batch: Batch, context: Context, limits: Limits, progress: Path) -> list[bytes]:
    """The same, pickled: see documents()."""
    return [pickle.dumps(judge_watched(batch, context, limits, progress))]


def documents(sealed: Sequence[bytes], context: Context, closes: date) -> list[dict[str, Any]]:
    """The workbooks that judge_sealed() judged, held against each other and told as documents."""
    from flows.document import documents_alone
    from schemas.contracts.frames import joined

    with ending_without_memory():
        return documents_alone(reduce(joined, map(pickle.loads, sealed)), context, closes)


@contextmanager
def ending_without_memory() -> Iterator[None]:
    """Ends this process where it lacks memory: it holds what it could not finish, and what it is asked next, however
    small, would fail too. A library's panic, which could not travel to another process, is taken for the same.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, MemoryError) or is_panic(error):
            os._exit(OUT_OF_MEMORY)
        raise


def _path() -> Callable[..., Judged]:
    """The data path; raises ImportError where it does not come up.

    A library that lacks memory while it is imported may leave itself half defined, and fail with anything.
    """
    try:
        from flows.path import judged
    except Exception as error:
        raise ImportError("the data path cannot be imported") from error
    return judged


def last_position(progress: Path) -> int | None:
    """The position that judge_watched() wrote last: the batch's length once all is read, None before the first."""
    line = progress.read_bytes().partition(b"\n")
    return int(line[0]) if line[1] else None


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - no path object worth it here
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
