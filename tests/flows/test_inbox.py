"""What an inbox tells before any file is opened: what to judge, what to skip and why, whose it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from flows.inbox import InboxError, inbox, named

PATTERN = Settings().sender_pattern


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("POA_2024_UR06.xlsx", "06"),
        ("ur 7/programa.xlsx", "07"),
        ("UR-12/tercer trimestre.xlsx", "12"),
        ("programa.xlsx", None),
    ],
)
def test_the_sender_is_told_by_folder_or_file_name(tmp_path: Path, name: str, sender: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    [received] = inbox(tmp_path, PATTERN).received
    assert (received.sender, received.file) == (sender, name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$POA.xlsx", "Excel's lock file of an open workbook"),
        (".DS_Store", "hidden file"),
        ("leeme.pdf", "not a workbook (.pdf)"),
        ("sin terminacion", "not a workbook (no ending)"),
    ],
)
def test_what_is_no_workbook_is_skipped_with_its_reason(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    found = inbox(tmp_path, PATTERN)
    assert [(s.file, s.reason) for s in found.skipped] == [(name, reason)]
    assert found.seen == 1


def test_a_lock_file_named_by_hand_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "~$POA.xlsx"
    path.write_bytes(b"x")
    assert [received.file for received in named([path], PATTERN)] == ["~$POA.xlsx"]


def test_the_day_of_receipt_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    day = datetime(2024, 10, 3, tzinfo=UTC)
    assert inbox(tmp_path, PATTERN, day).received[0].received_at == day


def test_an_inbox_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="is not a folder"):
        inbox(tmp_path / "nowhere", PATTERN)
