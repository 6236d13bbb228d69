"""Settings that are worked out where nobody set them."""

from __future__ import annotations

import pytest

from config.settings import Settings


@pytest.mark.parametrize(
    ("workbooks", "workers", "size"),
    [
        (0, 2, 1),
        (1, 2, 1),
        (40, 1, 40),
        (200, 2, 100),
        (201, 2, 101),
        (399, 2, 200),
        (400, 2, 100),
        (10_000, 2, 250),
    ],
)
def test_every_worker_gets_two_batches_or_one_of_250_workbooks_at_most(workbooks: int, workers: int, size: int) -> None:
    assert Settings(workers=workers).batch_of(workbooks) == size


def test_one_process_takes_them_together() -> None:
    assert Settings(executor="inline").batch_of(200) == 200


def test_a_batch_size_that_is_set_holds() -> None:
    assert Settings(batch_size=7).batch_of(10_000) == 7
