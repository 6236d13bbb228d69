"""Start-up: how long a command takes that does next to nothing, and what its imports cost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import Inputs
from benchmarks.rounds import Spread, spread
from benchmarks.tables import Row, Table, figures, target

HELP, CHECK, BARE = "poa --help", "poa check one.xlsx", "python -c pass"
CODES = (0, 1)  # check ends in 1 where it finds something
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")
LISTED = 12
MOST_HELP, MOST_CHECK = 0.5, 1.5


@dataclass(frozen=True)
class StartUp:
    """Seconds on the clock and of processor by command, and what the imports of `check` cost: name, milliseconds."""

    clock: dict[str, Spread]
    processor: dict[str, Spread]
    imports: list[tuple[str, float]]


def start_up(given: Inputs, count: int) -> StartUp:
    """Each command in a process of its own, by turns."""
    cli = [sys.executable, "-m", "cli"]
    with tempfile.TemporaryDirectory(prefix="poa-bench-") as folder:
        check = [*cli, "check", str(given.files[0]), "--year", "2024", "--quarter", "3"]
        commands = {BARE: [sys.executable, "-c", "pass"], HELP: [*cli, "--help"], CHECK: check}
        environment = {**os.environ, "POA_CONFIG_DIR": str(given.config_dir)}
        rounds = [
            {name: _run(command, folder, environment) for name, command in commands.items()} for _ in range(count + 1)
        ]
        # As elsewhere the first does not count: in it the disk is read and Python compiles.
        taken = {name: [each[name] for each in rounds[1:]] for name in commands}
        imports = _imports(check, folder, environment)
    clock = {name: spread(seconds for seconds, _ in runs) for name, runs in taken.items()}
    return StartUp(clock, {name: spread(cpu for _, cpu in runs) for name, runs in taken.items()}, imports)


def _run(command: Sequence[str], folder: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=_housed(environment), capture_output=True, check=False)
    seconds, after = time.perf_counter() - start, os.times()
    if done.returncode not in CODES:
        raise RuntimeError(f"{command} ended in {done.returncode}: {done.stderr.decode()}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def _housed(environment: dict[str, str]) -> dict[str, str]:
    """With the house on the path; what was compiled once is kept, as it is where nothing forbids it."""
    environment = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**environment, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def _imports(command: Sequence[str], folder: str, environment: dict[str, str]) -> list[tuple[str, float]]:
    """Milliseconds of processor-bound import of each package, all its modules and what it alone brings in together.

    All in one process: what a worker writes to its standard error goes nowhere.
    """
    timed = [command[0], "-X", "importtime", *command[1:]]
    inline = {**_housed(environment), "POA_EXECUTOR": "inline"}
    told = subprocess.run(timed, cwd=folder, env=inline, capture_output=True, check=False, text=True).stderr
    packages: dict[str, float] = {}
    for own, _, _, name in LINE.findall(told):
        package = name.partition(".")[0]
        packages[package] = packages.get(package, 0.0) + int(own) / 1000
    return sorted(packages.items(), key=lambda pair: -pair[1])[:LISTED]


def started(found: StartUp) -> Table:
    """Each command's time."""
    rows = [
        (name, *figures(found.clock[name], ".2f"), *figures(found.processor[name], ".2f")[:1]) for name in found.clock
    ]
    return Table("Start-up, seconds", ("", "median", "min", "max", "processor"), rows)


def imported(found: StartUp) -> Table:
    """What an import costs."""
    rows = [(name, f"{milliseconds:.0f}") for name, milliseconds in found.imports]
    return Table(f"Imports of `{CHECK}` that cost most, milliseconds, with -X importtime", ("package", "own"), rows)


def start_targets(found: StartUp) -> list[Row]:
    """Of the commands, on the clock."""
    return [
        target(f"`{HELP}`: seconds", found.clock[HELP], most=MOST_HELP),
        target(f"`{CHECK}`: seconds", found.clock[CHECK], most=MOST_CHECK),
    ]
