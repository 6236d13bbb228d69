"""Guarded processes: they answer, or what became of them is told and the next call has another one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import NoReturn

import pytest

from flows.workers import StoppedError, WorkerLostError, Workers

PATIENT = 60.0


class PlainError(Exception):
    """An error that travels."""


class HeldError(Exception):
    """An error that cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("held")
        self.by = lambda: None


def fails() -> NoReturn:
    raise PlainError("wrong")


def fails_held() -> NoReturn:
    raise HeldError


@pytest.fixture(scope="module")
def one() -> Iterator[Workers]:
    workers = Workers(1, 2 * 1024**3)
    yield workers
    workers.close()


def pid(workers: Workers) -> int:
    return workers.call(os.getpid, allowed=PATIENT)


def test_one_process_answers_call_after_call(one: Workers) -> None:
    assert one.call(divmod, 7, 2, allowed=PATIENT) == (3, 1)
    assert os.getpid() != pid(one) == pid(one)


def test_an_error_comes_back_with_where_it_was_raised(one: Workers) -> None:
    before = pid(one)
    with pytest.raises(PlainError, match="wrong") as told:
        one.call(fails, allowed=PATIENT)
    assert "in fails" in told.value.__notes__[0]
    with pytest.raises(RuntimeError, match="HeldError: held"):
        one.call(fails_held, allowed=PATIENT)
    assert pid(one) == before


def test_what_cannot_be_imported_there_is_told_as_such(one: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("only_here")
    module.answer = lambda: 1  # type: ignore[attr-defined]
    module.answer.__module__, module.answer.__qualname__ = "only_here", "answer"
    monkeypatch.setitem(sys.modules, "only_here", module)
    with pytest.raises(ImportError, match="what a worker is asked"):
        one.call(module.answer, allowed=PATIENT)


def test_a_process_that_ends_is_told_and_replaced(one: Workers) -> None:
    before = pid(one)
    with pytest.raises(WorkerLostError):
        one.call(os._exit, 1, allowed=PATIENT)
    assert pid(one) != before


@pytest.mark.parametrize("impatient", ["the time allowed", "who looks"])
def test_what_takes_too_long_ends(one: Workers, impatient: str) -> None:
    def look() -> None:
        if impatient == "who looks":
            raise TimeoutError

    before = pid(one)
    allowed = 0.01 if impatient == "the time allowed" else PATIENT
    with pytest.raises(TimeoutError):
        one.call(time.sleep, PATIENT, allowed=allowed, look=look, pause=0.01)
    assert pid(one) != before


def test_an_answer_may_be_larger_than_the_pipe(one: Workers) -> None:
    assert one.call(bytes, 10_000_000, allowed=PATIENT) == bytes(10_000_000)


def test_what_is_under_way_when_they_stop_is_told_as_stopped() -> None:
    workers, begun = Workers(1, 2 * 1024**3), Event()
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(workers.call, time.sleep, PATIENT, allowed=PATIENT, look=begun.set, pause=0.01)
        begun.wait()
        workers.stop()
        with pytest.raises(StoppedError):
            call.result()
    assert not workers.active
    with pytest.raises(StoppedError):
        pid(workers)


FORKED = """
import os, sys
from flows.workers import Workers
{before}
workers = Workers(1, 2 * 1024**3)
print(workers.call(eval, "'marked' in __import__('sys').modules", allowed=60))
{after}
"""


def run(before: str, after: str) -> str:
    script = FORKED.format(before=f"sys.modules['marked'] = sys\n{before}", after=after)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=PATIENT)
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="forks nowhere else")
@pytest.mark.parametrize(
    ("before", "forked"),
    [
        ("", True),
        ("import polars", False),
        ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", False),
    ],
)
def test_a_process_is_forked_where_no_thread_and_no_polars_is(before: str, forked: bool) -> None:
    assert run(before, "workers.close()") == str(forked)


def test_a_process_does_not_outlive_who_asked_it() -> None:
    """Nobody tells it: it sees that the other end of its pipe is gone. run() ends after it."""
    assert run("", "sys.stdout.flush()\nos._exit(0)") in ("True", "False")
