"""The log for programs: each record is a line of JSON, whatever it says."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from flows.schedule.json_log import json_log


def test_what_is_no_text_does_not_lose_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, logger = tmp_path / "log" / "poa.jsonl", logging.getLogger("poa.no_flow")
    monkeypatch.setattr("flows.schedule.json_log.LOGGERS", (logger.name,))
    # To no other log: pytest's workers cannot pass on what is no text.
    monkeypatch.setattr(logger, "propagate", False)
    with json_log(file):
        logger.info("inbox %s", "/srv/a\udcf1o\n\x1b")
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert r"inbox /srv/a\udcf1o\n\u001b" in line
    assert json.loads(line)["message"] == "inbox /srv/a\udcf1o\n\x1b"
