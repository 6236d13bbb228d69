"""A Prefect server of one's own on this machine, where none was named: one that schedules, or an ephemeral one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from time import monotonic, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from pebble import concurrent

from config.errors import OperatorError
from flows.interruption import out_of_reach

HOST: Final = "127.0.0.1"
SECONDS_TO_START: Final = 180.0
SECONDS_TO_STOP: Final = 20.0


class ServerError(OperatorError):
    """Prefect's server did not start."""


@contextmanager
def own_server(port: int) -> Iterator[str]:
    """Prefect's server on loopback, reachable from this machine alone, ended with the block; yields its API's address.

    Raises ServerError where it ends at once or does not answer: mostly the port is taken.
    """
    api = f"http://{HOST}:{port}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    environment = {**os.environ, "PREFECT_API_URL": api, "PREFECT_UI_API_URL": api}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _await(server, api, port)
            yield api
        finally:
            server.terminate()
            try:
                server.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                server.kill()


def _await(server: subprocess.Popen[bytes], api: str, port: int) -> None:
    until = monotonic() + SECONDS_TO_START
    while monotonic() < until:
        if server.poll() is not None:
            raise ServerError(
                f"Prefect's server ended at once (exit code {server.returncode}): port {port} may be taken by another; "
                "name a free one with --port, or a running server in PREFECT_API_URL"
            )
        if answers(api):
            return
        sleep(0.25)
    raise ServerError(
        f"Prefect's server did not answer at {api} within {SECONDS_TO_START:g} s; start it by hand "
        "(prefect server start) and name it in PREFECT_API_URL"
    )


def answers(api: str) -> bool:
    """Whether a Prefect server answers at ``api``."""
    try:
        with urlopen(f"{api}/health", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def start_ephemeral() -> None:
    """Starts Prefect's ephemeral server, out of reach of Ctrl+C, where no other server is named.

    A flow would start it within reach: interrupted, it would then wait in vain for a server that has ended. Raises what
    Prefect raises where it cannot start.
    """
    # In a thread of its own, and waited for, this one can be interrupted meanwhile.
    concurrent.thread(copy_context().run)(_first_client).result()


def _first_client() -> None:
    """Makes the client that starts the server."""
    from prefect.client.orchestration import get_client

    with out_of_reach(), get_client(sync_client=True):
        pass
