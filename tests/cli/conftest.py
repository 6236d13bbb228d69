"""What tests of commands share."""

from __future__ import annotations

import pytest
from as_typed import Poa


@pytest.fixture
def poa(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Poa:
    return Poa(monkeypatch, capsys)
