"""docs/architecture.md names files and functions that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:[a-z_]+/)+[a-z_0-9]*(?:\.(?:py|toml|sql))?)`", PAGE)))
FUNCTIONS = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)` `([A-Za-z_.]+)`", PAGE)


@pytest.mark.parametrize("path", NAMED)
def test_a_file_or_folder_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), FUNCTIONS, ids=[name for _, name in FUNCTIONS])
def test_a_function_is_defined_there(path: str, name: str) -> None:
    inside: list[ast.stmt] = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for part in name.split("."):
        found = [node for node in inside if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part]
        assert len(found) == 1, f"{path} defines no {part}"
        inside = found[0].body


def test_the_steps_are_numbered_without_a_gap() -> None:
    steps = [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(FUNCTIONS) >= len(steps)
