"""Guarded processes: they answer, or what became of them is told and the next call has another one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from threading import Event
from typing import NoReturn

import pytest

from flows.execution import worker_entry
from flows.execution.process_pool import WorkerLostError, Workers

PATIENT = 60.0


class PlainError(Exception):
    """An error that travels."""


class PanicException(BaseException):
    """As libraries in Rust name theirs, of a module that cannot be imported."""


def lacks(memory: str) -> NoReturn:
    with worker_entry.ending_without_memory():
        raise MemoryError if memory == "its own" else PanicException


def blocked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, []))


def fails() -> NoReturn:
    raise PlainError("wrong")


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


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="has no masks of signals")
def test_an_interrupt_in_the_terminal_does_not_reach_a_process_not_even_while_it_starts(one: Workers) -> None:
    """It would print a traceback beside what the command says. What blocks it is there before its first import."""
    assert signal.SIGINT in one.call(blocked, allowed=PATIENT)
    assert signal.SIGINT not in blocked()


def test_an_error_comes_back_and_the_process_stays(one: Workers) -> None:
    before = pid(one)
    with pytest.raises(PlainError, match="wrong"):
        one.call(fails, allowed=PATIENT)
    assert pid(one) == before


def test_a_process_that_ends_is_told_and_replaced(one: Workers) -> None:
    before = pid(one)
    with pytest.raises(WorkerLostError):
        one.call(os._exit, 1, allowed=PATIENT)
    assert pid(one) != before


@pytest.mark.parametrize("memory", ["its own", "a library's"])
def test_a_process_without_memory_ends_and_is_replaced(one: Workers, memory: str) -> None:
    before = pid(one)
    with pytest.raises(WorkerLostError):
        one.call(lacks, memory, allowed=PATIENT)
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


def test_what_is_under_way_when_they_stop_ends() -> None:
    workers, begun = Workers(1, 2 * 1024**3), Event()
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(workers.call, time.sleep, PATIENT, allowed=PATIENT, look=begun.set, pause=0.01)
        begun.wait()
        workers.stop()
        with pytest.raises(CancelledError):
            call.result()
    assert not workers.active
