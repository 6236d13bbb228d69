"""Every command that the guides name exists, with the options that they give it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(r"(?:^|`)poa ([a-z][a-z-]*)([^`\n]*)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z-]+")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def wrong(page: str) -> list[str]:
    """Commands and options of the page that there are not."""
    found = []
    for name, rest in COMMAND.findall(page):
        if name not in COMMANDS:
            found.append(f"poa {name}")
            continue
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts} | {"--help"}
        found += [f"poa {name} {option}" for option in OPTION.findall(rest) if option not in known]
    return found


@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_commands_of_a_page_exist(path: Path) -> None:
    assert wrong(path.read_text(encoding="utf-8")) == []


def test_what_is_not_there_is_found() -> None:
    assert wrong("use `poa statsu --year 2024`\npoa status --years 2024") == ["poa statsu", "poa status --years"]


def test_pictures_of_a_page_exist_and_are_small() -> None:
    for path in PAGES:
        for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / picture).stat().st_size < 200_000, picture


def test_the_planning_office_finds_its_whole_quarter() -> None:
    named = {name for name, _ in COMMAND.findall((ROOT / "docs" / "guia_planeacion.md").read_text(encoding="utf-8"))}
    assert named >= {
        *("template", "consolidate", "status", "reports", "send", "remind", "waive", "diff", "trace"),
        *("report-secretariat", "close", "exception", "export", "verify"),
    }
