"""What is said of begun runs when the warehouse itself is asked: it answers, or it does not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from flows.interruption import BegunRun, InterruptedRunError, began, interruptible

STARTED = datetime(2024, 10, 4, 18)


def interrupted(*runs: BegunRun) -> str:
    def command() -> None:
        for run in runs:
            began(run)
        raise KeyboardInterrupt

    with pytest.raises(InterruptedRunError) as told, interruptible():
        command()
    return str(told.value)


def test_a_warehouse_that_does_not_answer_leaves_it_open_what_is_stored() -> None:
    said = interrupted(BegunRun(2024, 3, 1, STARTED, "postgresql+psycopg://reader:secreto@127.0.0.1:1/poa", None))
    assert said.startswith("interrupted; 2024 T3: it is not known whether the run is stored (warehouse postgresql")
    assert said.endswith("; see poa runs")
    assert "secreto" not in said


def test_each_run_of_a_command_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/poa.db"
    runs = [BegunRun(2024, quarter, 1, STARTED, url, None) for quarter in (2, 3)]
    nothing = "nothing is stored and nothing published"
    assert interrupted(*runs) == f"interrupted; 2024 T2: {nothing}; 2024 T3: {nothing}"


def test_nobody_is_told_who_does_not_ask() -> None:
    began(BegunRun(2024, 3, 1, STARTED, "sqlite://", None))
    assert "no run over a quarter had begun" in interrupted()
