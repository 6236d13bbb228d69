"""A normal install: the wheel holds every file of the packages, and the command runs from it without the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
# Packages that stay in the checkout.
NOT_INSTALLED = {"benchmarks", "developers"}
SAMPLE = "workbooks/sample/POA_2024_UR06.xlsx"
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
PLACES = "import importlib, sys; print(*(importlib.import_module(name).__file__ for name in sys.argv[1:]), sep='\\n')"
QUARTER = ("--year", "2024", "--quarter", "3")
BIN = "Scripts" if sys.platform == "win32" else "bin"


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files of the checkout that git knows."""
    if shutil.which("git") is None:
        pytest.skip("there is no git to tell which files belong to the product")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip(f"git does not tell which files belong to the product: {listed.stderr.strip()}")
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def packages(tracked: list[str]) -> set[str]:
    """The packages that are installed."""
    parts = [name.split("/") for name in tracked]
    return {folder for folder, *rest in parts if rest == ["__init__.py"]} - NOT_INSTALLED


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, tracked: list[str]) -> Path:
    """The wheel, built from a copy of the tracked files in which each package was compiled."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in tracked:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for package in ("cli", "warehouse/migrations"):
        (copy / package / "__pycache__").mkdir()
        (copy / package / "__pycache__" / "old.cpython-311.pyc").touch()
    subprocess.run([sys.executable, "-P", "-c", BUILD, out], cwd=copy, capture_output=True, check=True)
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The wheel unpacked into a folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(wheel) as package:
        package.extractall(folder)
    return folder


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """What a command prints that is run in ``folder``, with no setting of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POA_", "PYTHON"))}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_tracked_files_of_all_packages_and_no_others(
    tracked: list[str], packages: set[str], wheel: Path
) -> None:
    expected = {name for name in tracked if name.split("/")[0] in packages}
    with ZipFile(wheel) as package:
        found = {name for name in package.namelist() if ".dist-info/" not in name}
    assert sorted(expected - found) == []
    assert sorted(found - expected) == []
    assert SAMPLE in expected


def test_the_command_runs_from_the_wheel_alone(unpacked: Path, packages: set[str], tmp_path: Path) -> None:
    def python(*arguments: str | Path) -> str:
        return run([sys.executable, "-P", *arguments], tmp_path, PYTHONPATH=str(unpacked))

    # The environment of the tests leads to the checkout as well: nothing may come from there.
    places = python("-c", PLACES, *packages, "cli.main").splitlines()
    assert len(places) == len(packages) + 1
    assert [place for place in places if not Path(place).is_relative_to(unpacked)] == []

    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert python("-m", "cli", "--version") == f"poa {version}\n"
    assert "poa_2024: " in python("-m", "cli", "form", "--year", "2024")
    document = json.loads(python("-m", "cli", "check", unpacked / SAMPLE, *QUARTER, "--json"))
    assert (document["verdict"], len(document["findings"])) == ("observado", 18)


@pytest.mark.soak
def test_the_wheel_installed_with_what_it_asks_for_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own: no extras, nothing that only tests need."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert uv, "uv is missing; `make .venv/bin/poa` installs it"
    environment = tmp_path / "venv"
    run([uv, "venv", "--quiet", "--python", sys.executable, environment], tmp_path)
    install = [uv, "pip", "install", "--quiet", "--python", environment / BIN / "python"]
    install += [wheel, "--constraint", ROOT / "requirements.lock"]
    cached = subprocess.run([*install, "--offline"], cwd=tmp_path, capture_output=True, check=False)
    if cached.returncode:
        run(install, tmp_path)

    def poa(*arguments: str) -> str:
        return run([environment / BIN / "poa", *arguments], tmp_path)

    assert "2024 T3, 42 units" in poa("demo")
    store = ("--warehouse", "sqlite:///demo/poa.db")
    poa("export", *QUARTER, *store, "--format", "csv", "--out", "open")
    assert (tmp_path / "open" / "v_entregas_2024T3_v1.csv").stat().st_size
    written = poa("report-secretariat", *QUARTER, *store, "--out", "secretariat").splitlines()
    assert [Path(tmp_path, line).is_file() for line in written] == [True, True]
