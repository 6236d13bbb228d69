"""The Prefect flow: the same result as the plain path, a task a batch, artifacts for whoever watches."""

from __future__ import annotations

import os
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from config.settings import Settings
from flows.batch import Batch
from flows.intake.folder import InboxError, UnreadableInboxError
from flows.intake.inbox import Inbox
from flows.interruption import InterruptedRunError, interruptible
from flows.runs.consolidation import Request, consolidate, listed
from warehouse.archive.storage import RemoteError


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The flow takes its settings from the environment, as a deployment does."""
    settings = settings.model_copy(update={"reports": tmp_path / "informes"})
    for name, value in settings.model_dump(exclude_none=True).items():
        monkeypatch.setenv(f"POA_{name.upper()}", str(value))
    return settings


@pytest.mark.usefixtures("prefect_server")
def test_the_flow_publishes_what_the_plain_path_publishes(inbox: Path, environment: Settings, tmp_path: Path) -> None:
    from prefect.artifacts import Artifact
    from prefect.client.orchestration import get_client

    from flows.schedule.quarterly import PROGRESS, consolidate_quarter

    steps: list[int] = []
    token = PROGRESS.set(steps.append)
    outcome = consolidate_quarter(2024, 3, inbox)
    PROGRESS.reset(token)

    other = environment.model_copy(update={"warehouse": f"sqlite:///{tmp_path / 'plain.db'}"})
    request = Request(2024, 3, inbox)
    plain = consolidate(request, other, listed(request, other))
    assert outcome.published == plain.published
    assert outcome.control == plain.control
    assert sum(steps) == 3

    page = tmp_path / "informes" / "informe_secretaria_2024T3_v1.html"
    assert page.as_uri() in str(Artifact.get("secretariat-2024-t3").data)
    assert "Informe del tercer trimestre de 2024" in page.read_text(encoding="utf-8")
    completeness, findings = Artifact.get("completeness-2024-t3"), Artifact.get("findings-2024-t3")
    with get_client(sync_client=True) as client:
        tasks = sorted(run.name for run in client.read_task_runs())
    assert "POA_2024_UR06.xlsx" in str(completeness.data)
    assert "R13" in str(findings.data)
    assert {name for name in tasks if name.startswith("judge batch")} == {"judge batch 1", "judge batch 2"}


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (UnreadableInboxError("the share does not answer"), 3),
        (RemoteError("the store does not answer"), 3),
        (OSError("stale file handle"), 3),
        (InboxError("there is no such folder"), 1),
        (ValueError("a mistake of ours"), 1),
    ],
)
def test_only_what_a_disk_or_a_network_did_is_tried_again(
    error: Exception, tries: int, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect import flow

    from flows.schedule import quarterly

    tried: list[Exception] = []

    def listed(*_: object) -> None:
        tried.append(error)
        raise error

    monkeypatch.setattr(quarterly, "listed", listed)
    at_once = quarterly.list_inbox.with_options(retry_delay_seconds=0)
    with pytest.raises(type(error)):
        flow(lambda: at_once(Request(2024, 3, tmp_path), settings), name="look")()
    assert len(tried) == tries


@pytest.mark.usefixtures("prefect_server")
def test_who_interrupts_the_flow_after_the_run_is_told_of_its_version(
    inbox: Path, environment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cli.quarter.consolidate import run
    from flows.schedule import quarterly

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quarterly, "publish_artifacts", interrupted)
    stored = "2024 T3: the run is stored; version 1 is published"
    with pytest.raises(InterruptedRunError, match=stored), interruptible():
        run(2024, 3, inbox, environment)


def test_a_batch_whose_workers_were_stopped_is_cancelled() -> None:
    """As an error of the task, Prefect would print its traceback."""
    from flows.schedule.quarterly import judge_batch

    class Stopped:
        def judge(self, _: Batch) -> None:
            raise CancelledError

    assert judge_batch.fn(Stopped(), Batch([]), 1).is_cancelled()


@pytest.mark.usefixtures("prefect_server")
def test_as_typed_the_inbox_is_read_once(inbox: Path, environment: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.quarter.consolidate import run
    from flows.schedule import quarterly

    monkeypatch.delattr(quarterly, "listed")
    outcome = run(2024, 3, inbox, environment)
    assert (outcome.published.version, outcome.inbox.seen) == (1, 5)


@pytest.mark.usefixtures("prefect_server")
def test_files_of_any_name_and_one_that_goes_away_leave_their_traces(
    inbox: Path, environment: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.artifacts import Artifact

    from flows.schedule import quarterly

    def gone_since(request: Request, settings: Settings) -> Inbox:
        found = listed(request, settings)
        (inbox / "POA_2024_UR07.xlsx").unlink()
        return found

    try:
        (inbox / "POA_2024_UR06.xlsx").rename(inbox / os.fsdecode(b"UR06\n`\xf1.xlsx"))
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    (inbox / "nota.\x1b<b>").write_bytes(b"x")
    monkeypatch.setattr(quarterly, "listed", gone_since)
    outcome = quarterly.consolidate_quarter(2024, 3, inbox)
    assert (outcome.control.seen, outcome.control.observed, outcome.control.skipped) == (6, 1, 4)
    version, completeness = Artifact.get("version-2024-t3").data, Artifact.get("completeness-2024-t3").data
    assert "- skipped: `POA_2024_UR07.xlsx` (`cannot be read: No such file or directory`)" in version
    assert r"- skipped: `nota.\x1b<b>` (`not a workbook (.\x1b<b>)`)" in version
    assert r"UR06\\x0a`\\xf1.xlsx" in str(completeness)
