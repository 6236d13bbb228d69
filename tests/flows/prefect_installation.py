"""A Prefect server with its own database, and what is asked of it over its API: nothing of it in the test's process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
import pytest
from mail_server import free_port

from flows.schedule.own_server import own_server

SECONDS_AT_MOST = 240.0
# What Prefect's server answers while its database is locked; its own client asks again too.
BUSY = 503
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@dataclass(frozen=True)
class Installation:
    """A server at ``api``, and the environment of commands and workers that belong to it."""

    api: str
    environment: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.api}{path}", data, {"Content-Type": "application/json"}, method=method)
        until = monotonic() + SECONDS_AT_MOST
        while True:
            try:
                with urlopen(request, timeout=60) as response:
                    return json.loads(response.read())
            except HTTPError as error:
                if error.code != BUSY or monotonic() > until:
                    raise
                sleep(0.5)

    def prefect(self, *arguments: str) -> str:
        """A command of Prefect's, as docs/operacion.md has it, in the project's folder."""
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, *command: str, log: Path) -> Iterator[psutil.Process]:
        """A command that stays, ended with the block; its process."""
        with log.open("wb") as out, subprocess.Popen(command, env=self.environment, stdout=out, stderr=out) as process:
            try:
                yield psutil.Process(process.pid)
            finally:
                process.terminate()

    def deployments(self) -> dict[str, Any]:
        return {found["name"]: found for found in self.ask("POST", "/deployments/filter", {})}

    def triggered(self, flow: str, deployment: str, **parameters: Any) -> Any:
        """The flow run as it ended, after it was triggered."""
        return self.in_state(self.begun(flow, deployment, **parameters), ENDED)

    def begun(self, flow: str, deployment: str, **parameters: Any) -> str:
        """The id of a flow run that was triggered."""
        found = self.ask("GET", f"/deployments/name/{quote(flow)}/{deployment}")
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run: dict[str, str] = self.ask("POST", f"/deployments/{found['id']}/create_flow_run", body)
        return run["id"]

    def in_state(self, run: str, states: set[str]) -> Any:
        """The flow run once it is in one of ``states``."""
        return awaited(lambda: self.ask("GET", f"/flow_runs/{run}"), lambda run: run["state"]["type"] in states)

    def events(self, name: str) -> list[Any]:
        """The events of that name."""
        found: list[Any] = self.ask("POST", "/events/filter", {"filter": {"event": {"name": [name]}}})["events"]
        return found

    def artifacts(self) -> dict[str, str]:
        return {found["key"]: found["data"] for found in self.ask("POST", "/artifacts/latest/filter", {})}


def awaited(ask: Callable[[], Any], enough: Callable[[Any], bool]) -> Any:
    """What ``ask`` answers once it is ``enough``; the last answer where time is up."""
    until, answer = monotonic() + SECONDS_AT_MOST, ask()
    while not enough(answer) and monotonic() < until:
        sleep(0.5)
        answer = ask()
    return answer


@contextmanager
def installation(folder: Path, **poa: str) -> Iterator[Installation]:
    """A server on a free port of this machine, its database in ``folder``."""
    own = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "DO_NOT_TRACK": "1",
        **{f"POA_{name.upper()}": value for name, value in poa.items()},
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PREFECT_API_URL", "PREFECT_LOGGING_LEVEL"):
            patch.delenv(name, raising=False)
        for name, value in own.items():
            patch.setenv(name, value)
        with own_server(free_port()) as api:
            yield Installation(api, {**os.environ, "PREFECT_API_URL": api})
