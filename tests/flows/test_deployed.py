"""A real Prefect server: deployed as docs/operacion.md tells, a run triggered, its snapshot and artifacts found."""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from prefect_installation import ENDED, Installation, awaited, installation

from flows.schedule.plan import WORK_POOL
from warehouse.connect import open_warehouse
from warehouse.queries.published import versions

pytestmark = pytest.mark.soak
WORKER = (sys.executable, "-m", "prefect", "worker", "start", "--pool", WORK_POOL)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """An office's folder: the founding workbook in the third quarter's inbox."""
    folder = tmp_path_factory.mktemp("office")
    workbook = folder / "inbox" / "2024T3" / "POA_2024_UR06.xlsx"
    workbook.parent.mkdir(parents=True)
    shutil.copy(founding, workbook)
    os.utime(workbook, (datetime(2024, 10, 4, 18, tzinfo=UTC).timestamp(),) * 2)
    return folder


def settings_of(office: Path) -> dict[str, str]:
    return {
        "warehouse": f"sqlite:///{office / 'poa.db'}",
        "archive": str(office / "archive"),
        "inbox": str(office / "inbox" / "{year}T{quarter}"),
        "reports": str(office / "informes"),
        "outbox": str(office / "outbox"),
        "operator": "guardia@example.gob.mx",
        "executor": "inline",
        "lock_timeout": "240",
    }


@pytest.fixture(scope="module")
def server(office: Path) -> Iterator[Installation]:
    with installation(office, **settings_of(office)) as server:
        yield server


@pytest.fixture(scope="module")
def worker(server: Installation, office: Path) -> Iterator[psutil.Process]:
    """All deployed, and a worker of the pool at work: its process."""
    server.prefect("work-pool", "create", WORK_POOL, "--type", "process")
    server.prefect("work-pool", "set-concurrency-limit", WORK_POOL, "1")
    server.prefect("deploy", "--all")
    with server.running(*WORKER, log=office / "worker.log") as process:
        yield process


@pytest.mark.usefixtures("worker")
def test_a_deployed_run_leaves_its_snapshot_its_mail_and_its_artifacts(server: Installation, office: Path) -> None:
    run = server.triggered("daily intake", "daily-intake", day="2024-10-10")
    assert run["state"]["type"] == "COMPLETED", (office / "worker.log").read_text()
    assert run["name"] == "daily intake 2024-10-10"
    with open_warehouse(f"sqlite:///{office / 'poa.db'}") as warehouse:
        [(quarter, version, digest)] = versions(warehouse).select("quarter", "version", "digest").rows()
    assert (quarter, version) == (3, 1)
    left = server.artifacts()
    assert digest in left["version-2024-t3"]
    totals = {row["what"]: row["number"] for row in json.loads(left["control-2024-t3"])}
    assert (totals["files seen"], totals["observed"], totals["rows accepted"]) == (1, 1, 14)
    assert "POA_2024_UR06.xlsx" in left["completeness-2024-t3"]
    assert "R13" in left["findings-2024-t3"]
    assert (office / "informes" / "informe_secretaria_2024T3_v1.html").as_uri() in left["secretariat-2024-t3"]
    assert [path.name[:19] for path in (office / "outbox").iterdir()] == ["UR06_2024T3_informe"]


@pytest.mark.usefixtures("worker")
def test_what_is_deployed_is_limited_and_scheduled(server: Installation) -> None:
    found = server.deployments()
    assert sorted(found) == ["daily-intake", "quarterly-consolidation", "reminders"]
    for each in found.values():
        assert each["global_concurrency_limit"]["limit"] == 1
        assert {schedule["schedule"]["timezone"] for schedule in each["schedules"]} == {"America/Mazatlan"}
    assert len(found["quarterly-consolidation"]["schedules"]) == 4


@pytest.mark.usefixtures("worker")
def test_a_failed_run_is_told_to_the_operator(server: Installation, office: Path) -> None:
    run = server.triggered("quarterly consolidation", "quarterly-consolidation", year=2024, quarter=2)
    assert run["state"]["type"] == "FAILED"
    assert f"inbox {office / 'inbox' / '2024T2'} is not a folder" in run["state"]["message"]
    assert (office / "outbox" / f"falla_{run['id']}.eml").exists()


@contextmanager
def held_by_another(office: Path) -> Iterator[None]:
    """Somebody writes the warehouse, and a run that wants to waits."""
    open_warehouse(f"sqlite:///{office / 'poa.db'}").close()
    with closing(sqlite3.connect(office / "poa.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_run_whose_process_is_killed_is_told_to_the_operator_and_the_next_completes(
    server: Installation, worker: psutil.Process, office: Path
) -> None:
    """It is killed while it waits for the warehouse, which somebody else holds meanwhile."""
    with held_by_another(office):
        run = server.begun("daily intake", "daily-intake", day="2024-10-11")
        server.in_state(run, {"RUNNING"})
        for process in worker.children(recursive=True):
            process.kill()
        ended = server.in_state(run, ENDED)
    assert ended["state"]["type"] == "CRASHED", (office / "worker.log").read_text()
    told = office / "outbox" / f"falla_{run}.eml"
    assert awaited(told.exists, bool), (office / "worker.log").read_text()
    subject = email.message_from_bytes(told.read_bytes(), policy=default)["Subject"]
    assert subject == "POA: falló la corrida daily intake 2024-10-11"
    again = server.triggered("daily intake", "daily-intake", day="2024-10-11")
    assert again["state"]["type"] == "COMPLETED"


@pytest.fixture(scope="module")
def automations(server: Installation, office: Path) -> None:
    """Those of docs/operacion.md, but for the time that a run may be silent."""
    text = Path("docs/operacion.md").read_text(encoding="utf-8")
    for number, content in enumerate(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)):
        path = office / f"{number}.yaml"
        path.write_text(content.replace("ID-OF-THE-BLOCK", str(uuid4())).replace("within: 180", "within: 45"), "utf-8")
        server.prefect("automation", "create", "--from-file", str(path))


def heard_of(server: Installation, run: str) -> bool:
    """Whether the run sent a heartbeat."""
    beats = server.events("prefect.flow-run.heartbeat")
    return f"prefect.flow-run.{run}" in {beat["resource"]["prefect.resource.id"] for beat in beats}


@pytest.mark.usefixtures("automations")
@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_a_run_of_a_machine_that_is_gone_is_told_by_the_server(
    server: Installation, worker: psutil.Process, office: Path
) -> None:
    made = server.ask("POST", "/automations/filter", {})
    assert {(each["name"], each["enabled"]) for each in made} == {("POA runs late", True), ("POA run silent", True)}
    with held_by_another(office):
        run = server.begun("daily intake", "daily-intake", day="2024-10-12")
        awaited(lambda: heard_of(server, run), bool)
        for process in (worker, *worker.children(recursive=True)):
            process.kill()
        ended = server.in_state(run, ENDED)
    assert ended["state"]["message"] == "its process, or the machine that it ran on, is gone"
    with server.running(*WORKER, log=office / "worker again.log"):
        assert server.triggered("daily intake", "daily-intake", day="2024-10-12")["state"]["type"] == "COMPLETED"


def by_a_process(deployment: dict[str, Any]) -> bool:
    """Whether a deployment is served by a process of its own, not by a work pool."""
    return deployment["work_pool_name"] is None and deployment["status"] == "READY"


def without_heartbeat(server: Installation) -> Installation:
    kept = {name: value for name, value in server.environment.items() if "HEARTBEAT" not in name}
    return replace(server, environment=kept)


def test_poa_serve_serves_the_same_deployments(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    serve = (sys.executable, "-m", "cli", "serve")
    with installation(tmp_path, **settings_of(tmp_path)) as server, without_heartbeat(server).running(*serve, log=log):
        served = awaited(server.deployments, lambda found: len(found) == 3 and all(map(by_a_process, found.values())))
        assert sorted(served) == ["daily-intake", "quarterly-consolidation", "reminders"], log.read_text()
        run = server.triggered("reminders", "reminders", day="2024-10-05")
        assert awaited(lambda: heard_of(server, run["id"]), bool), "poa serve asks for heartbeats itself"
    assert run["state"]["type"] == "COMPLETED", log.read_text()
    assert [path for path in (tmp_path / "outbox").iterdir() if "UR01_2024T3_recordatorio_cierre" in path.name]
