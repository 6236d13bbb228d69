"""The command as a user types it, in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main

INLINE = {"POA_EXECUTOR": "inline", "COLUMNS": "160"}


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


class Poa:
    """The command in this process: as a user types it, without the second that a new process takes."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = patch, capsys

    def __call__(self, *arguments: str | Path, **environment: str) -> Done:
        for name, value in {**INLINE, **environment}.items():
            self._patch.setenv(name, value)
        self._patch.setattr(sys, "argv", ["poa", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)
