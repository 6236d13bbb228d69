"""Rendering workbooks' reports: in this process or in guarded worker processes, as the executor's setting says."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from config.settings import Settings
from flows.execution.executor import SECONDS_TO_START
from flows.execution.process_pool import Workers
from flows.execution.runner import AHEAD

T = TypeVar("T")


@dataclass(frozen=True)
class Rendering:
    """One workbook to report on: its judgement, and the name of its files where it is not the usual one."""

    judgement_id: int
    sender: str | None
    sha256: str
    received: str
    stem: str | None
    key: str


@dataclass(frozen=True)
class Rendered:
    """What came of one: its files, and which of them were written; or why there are none."""

    of: Rendering
    written: tuple[Path, ...] = ()
    unchanged: tuple[Path, ...] = ()
    failure: str | None = None


def rendered(
    render: Callable[[Rendering], Rendered], wanted: Sequence[Rendering], settings: Settings
) -> Iterator[Rendered]:
    """What comes of each, in their order; one that fails is told and does not stop the others.

    ``render`` must be picklable. No more than a few are under way at once.
    """
    if settings.executor == "inline" or not wanted:
        yield from (_outcome(lambda one=one: render(one), one) for one in wanted)  # type: ignore[misc]
        return
    allowed = SECONDS_TO_START + settings.workbook_timeout
    under_way: deque[tuple[Rendering, Future[Rendered]]] = deque()
    with (
        Workers(settings.workers, settings.memory_limit) as workers,
        ThreadPoolExecutor(settings.workers) as threads,
    ):
        for one in wanted:
            under_way.append((one, threads.submit(workers.call, render, one, allowed=allowed)))
            if len(under_way) > AHEAD * settings.workers:
                yield _came(under_way)
        while under_way:
            yield _came(under_way)


def _came(under_way: deque[tuple[Rendering, Future[Rendered]]]) -> Rendered:
    one, future = under_way.popleft()
    return _outcome(future.result, one)


def _outcome(result: Callable[[], Rendered], one: Rendering) -> Rendered:
    try:
        return result()
    except Exception as error:  # noqa: BLE001 - whatever one workbook does to its report, the others get theirs
        return Rendered(one, failure=f"{type(error).__name__}: {error}")
