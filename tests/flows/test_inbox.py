"""What an inbox tells before any file is opened: what to judge, what to skip and why, whose it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.errors import RUN_FAILED
from config.settings import Settings
from flows.intake.folder import InboxError, UnreadableInboxError
from flows.intake.inbox import complain_of_unread, inbox, named, sender_of
from flows.runs.consolidation import Request, listed

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
    ("name", "sender"),
    [
        ("UR6.xlsx", "06"),
        ("ur06.xlsx", "06"),
        ("UR_06.xlsx", "06"),
        ("UR063.xlsx", "063"),
        ("UR1203.xlsx", "1203"),
        ("UR06-2024.xlsx", "06"),
        ("UR 06 (2).xlsx", "06"),
        ("UR06_v2.xlsx", "06"),
        ("2024UR06.xlsx", "06"),
        ("POA (UR 06), tercer trimestre.xlsx", "06"),
        ("Dirección_UR06.xlsx", "06"),
        # A year is no UR, nor is a date or any longer number.
        ("UR2024.xlsx", None),
        ("UR 2024/programa.xlsx", None),
        ("POA_UR_2024_T3.xlsx", None),
        ("UR20241003.xlsx", None),
        ("UR2024_UR06.xlsx", "06"),
        ("UR 2024/UR06.xlsx", "06"),
        # The end of a word is not "UR".
        ("augur 3.xlsx", None),
        ("Delegación SUR 3.xlsx", None),
        ("ÑUR 3.xlsx", None),
        ("zona sur-12/UR06.xlsx", "06"),
        # Nor is an ordinal a code.
        ("UR 3er trimestre.xlsx", None),
        ("UR 3º trimestre.xlsx", None),
        ("UR 2do trimestre/UR06.xlsx", "06"),
        ("UR06T3.xlsx", None),
        ("UR².xlsx", None),
        ("UR٣.xlsx", None),
    ],
)
def test_a_name_tells_its_ur_by_a_word_of_its_own(name: str, sender: str | None) -> None:
    assert sender_of(name, PATTERN) == sender


def test_an_office_may_read_its_names_in_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POA_SENDER_PATTERN", r"UR(\d{4})")
    (tmp_path / "UR2024.xlsx").write_bytes(b"x")
    assert [one.sender for one in listed(Request(2024, 3, tmp_path), Settings()).received] == ["2024"]


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
    assert [received.file for received in named([path], PATTERN).received] == ["~$POA.xlsx"]


def test_the_day_of_receipt_may_be_given(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"x")
    day = datetime(2024, 10, 3, tzinfo=UTC)
    assert inbox(tmp_path, PATTERN, day).received[0].received_at == day


def test_an_inbox_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match="is not a folder"):
        inbox(tmp_path / "nowhere", PATTERN)


def skipped(folder: Path) -> dict[str, str]:
    return {one.file: one.reason for one in inbox(folder, PATTERN).skipped}


def test_links_out_of_the_inbox_are_named_and_not_read(tmp_path: Path) -> None:
    """Whoever may write into the inbox could else have any file read that this account may read."""
    outside, folder = tmp_path / "outside", tmp_path / "inbox"
    outside.mkdir()
    (outside / "secret.xlsx").write_bytes(b"x")
    (folder / "UR07").mkdir(parents=True)
    (folder / "UR06.xlsx").symlink_to(outside / "secret.xlsx")
    (folder / "UR07" / "up.xlsx").symlink_to("../../outside/secret.xlsx")
    (folder / "UR08").symlink_to(outside)
    (folder / "UR09.xlsx").symlink_to("nothing.xlsx")
    (folder / "UR10.xlsx").symlink_to("UR10.xlsx")
    assert inbox(folder, PATTERN).received == ()
    assert skipped(folder) == {
        "UR06.xlsx": "a link out of the inbox, which is not followed",
        "UR07/up.xlsx": "a link out of the inbox, which is not followed",
        "UR08": "a link to a folder, which is not followed",
        "UR09.xlsx": "a link that leads nowhere",
        "UR10.xlsx": "a link that leads nowhere",
    }


def test_links_inside_the_inbox_and_an_inbox_that_is_a_link_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "2024T3"
    folder.mkdir()
    (folder / "UR06.xlsx").write_bytes(b"x")
    (folder / "UR07.xlsx").symlink_to("UR06.xlsx")
    (tmp_path / "inbox").symlink_to(folder)
    assert [one.file for one in inbox(tmp_path / "inbox", PATTERN).received] == ["UR06.xlsx", "UR07.xlsx"]


def test_whoever_checks_a_folder_of_their_own_has_its_links_followed(tmp_path: Path) -> None:
    (tmp_path / "UR06.xlsx").write_bytes(b"x")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "UR06.xlsx").symlink_to(tmp_path / "UR06.xlsx")
    assert [one.file for one in named([tmp_path / "own"], PATTERN).received] == ["UR06.xlsx"]


def test_what_is_skipped_of_what_was_named_is_told_by_its_whole_path(tmp_path: Path) -> None:
    """A link that leads nowhere may stand for a workbook, where its name is one's; a note is none whatever it is."""
    own = tmp_path / "own"
    (own / "UR08").mkdir(parents=True)
    (own / "UR06.xlsx").write_bytes(b"x")
    for name, target in (("UR07.xlsx", "nothing.xlsx"), ("UR08/a.xlsx", "a.xlsx"), ("b.txt", "c.txt"), ("d", "UR08")):
        (own / name).symlink_to(target)
    (tmp_path / "alone.xlsx").symlink_to("nothing.xlsx")
    found = named([own, tmp_path / "alone.xlsx"], PATTERN)
    assert [one.file for one in found.received] == ["UR06.xlsx"]
    assert {Path(one.file).relative_to(tmp_path).as_posix(): (one.reason, one.unreadable) for one in found.skipped} == {
        "own/UR07.xlsx": ("a link that leads nowhere", True),
        "own/UR08/a.xlsx": ("a link that leads nowhere", True),
        "own/b.txt": ("a link that leads nowhere", False),
        "own/d": ("a link to a folder, which is not followed", False),
        "alone.xlsx": ("a link that leads nowhere", True),
    }
    assert found.seen == 6


def test_a_path_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match=r"nowhere.xlsx does not exist"):
        named([tmp_path / "nowhere.xlsx"], PATTERN)


def test_a_file_that_would_fill_the_memory_is_named_and_not_read(tmp_path: Path) -> None:
    for name, size in (("UR06.xlsx", 30 * 1024**2), ("UR07.xlsx", 10 * 1024**4)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)  # takes no room on the disk
    found = listed(Request(2024, 3, tmp_path), Settings(max_bytes=20 * 1024**2))
    assert [one.file for one in found.received] == ["UR06.xlsx"]
    assert [(one.file, one.reason) for one in found.skipped] == [
        ("UR07.xlsx", "10,485,760 MiB, far beyond what POA_MAX_BYTES allows")
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
def test_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "UR06.xlsx")
    assert skipped(tmp_path) == {"UR06.xlsx": "not a file"}


@pytest.fixture
def another() -> Iterator[Path]:
    """A folder, and the rights of an account that does not own it; root may read everything."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can take another account's rights")
    folder = Path(tempfile.mkdtemp(prefix="poa-inbox-"))
    (folder / "inbox" / "UR06").mkdir(parents=True)
    (folder / "inbox" / "UR06" / "poa.xlsx").write_bytes(b"x")
    folder.chmod(0o755)
    os.seteuid(65534)
    yield folder / "inbox"
    os.seteuid(0)
    shutil.rmtree(folder)


def as_owner(path: Path, mode: int) -> None:
    os.seteuid(0)
    path.chmod(mode)
    os.seteuid(65534)


def test_an_inbox_that_cannot_be_read_is_not_taken_for_an_empty_one(another: Path) -> None:
    for closed in (another, another.parent):
        as_owner(closed, 0o700)
        with pytest.raises(UnreadableInboxError, match=r"inbox .* cannot be read: Permission denied; check") as told:
            inbox(another, PATTERN)
        assert told.value.exit_code == RUN_FAILED
        as_owner(closed, 0o755)
    assert inbox(another, PATTERN).seen == 1


def test_a_subfolder_or_a_workbook_that_cannot_be_read_is_named(another: Path) -> None:
    as_owner(another, 0o777)
    (another / "UR07.xlsx").write_bytes(b"y")
    as_owner(another / "UR06", 0o700)
    found = inbox(another, PATTERN)
    assert [one.file for one in found.received] == ["UR07.xlsx"]
    assert skipped(another) == {"UR06": "a folder that cannot be listed"}
    as_owner(another / "UR06", 0o755)
    as_owner(another / "UR06" / "poa.xlsx", 0o600)
    assert skipped(another) == {"UR06/poa.xlsx": "cannot be read: Permission denied"}


def test_an_inbox_of_which_nothing_can_be_read_ends_the_run(another: Path) -> None:
    as_owner(another / "UR06" / "poa.xlsx", 0o600)
    with pytest.raises(UnreadableInboxError, match=r"nothing in the inbox .*1 of 1 files, first UR06/poa.xlsx"):
        inbox(another, PATTERN)


def put(folder: Path, *names: str | bytes) -> None:
    """Files of these names, each with its own content; skips where the file system takes no such name."""
    for name in names:
        path = folder / os.fsdecode(name)
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(os.fsencode(name))
        except OSError:
            pytest.skip("the file system takes UTF-8 names only")


def test_any_name_is_taken_and_shown_escaped(tmp_path: Path) -> None:
    put(tmp_path, b"A\xd1O UR 6/POA.xlsx", b"POA_\xf1UR07.xlsx", "UR08\n\x1b[31m.xlsx", "UR09\u202exslx.xlsx")
    found = inbox(tmp_path, PATTERN)
    assert [(one.file, one.sender) for one in found.received] == [
        (r"A\xd1O UR 6/POA.xlsx", "06"),
        (r"POA_\xf1UR07.xlsx", "07"),
        (r"UR08\x0a\x1b[31m.xlsx", "08"),
        (r"UR09\u202exslx.xlsx", "09"),
    ]
    assert all(one.path.is_file() for one in found.received)


def test_what_is_skipped_is_shown_escaped_with_its_reason(tmp_path: Path) -> None:
    put(tmp_path, b"nota_\xf1.t\x1bt", b"~$\xf1.xlsx")
    assert skipped(tmp_path) == {
        r"nota_\xf1.t\x1bt": r"not a workbook (.t\x1bt)",
        r"~$\xf1.xlsx": "Excel's lock file of an open workbook",
    }


def test_a_name_that_looks_like_an_escaped_one_is_another(tmp_path: Path) -> None:
    put(tmp_path, b"POA_\xf1.xlsx", rb"POA_\xf1.xlsx")
    found = {one.file: one.path.read_bytes() for one in inbox(tmp_path, PATTERN).received}
    assert found == {r"POA_\xf1.xlsx": b"POA_\xf1.xlsx", r"POA_\x5cxf1.xlsx": rb"POA_\xf1.xlsx"}


def test_files_named_by_hand_may_have_any_name(tmp_path: Path) -> None:
    put(tmp_path, b"POA_\xf1.xlsx", b"\xf1/UR06\n.xlsx")
    paths = [tmp_path / os.fsdecode(b"POA_\xf1.xlsx"), tmp_path / os.fsdecode(b"\xf1")]
    assert [one.file for one in named(paths, PATTERN).received] == [r"POA_\xf1.xlsx", r"UR06\x0a.xlsx"]
    with pytest.raises(InboxError, match=r"/no\\x1b\\xf1 does not exist"):
        named([tmp_path / os.fsdecode(b"no\x1b\xf1")], PATTERN)


@pytest.fixture
def written_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that somebody writes on while it is read."""
    path = tmp_path / "UR06.xlsx"
    path.write_bytes(b"half")
    read = Path.read_bytes

    def read_while_written(of: Path) -> bytes:
        content = read(of)
        if of == path:
            path.write_bytes(b"half and more")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_while_written)
    return path


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_look(
    tmp_path: Path, written_meanwhile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "UR07.xlsx").write_bytes(b"y")
    found = inbox(tmp_path, PATTERN)
    assert [one.file for one in found.received] == ["UR07.xlsx"]
    assert [(one.file, one.reason, one.unreadable) for one in found.skipped] == [
        ("UR06.xlsx", "changed while it was read", False)
    ]
    monkeypatch.undo()
    assert [one.file for one in inbox(tmp_path, PATTERN).received] == ["UR06.xlsx", "UR07.xlsx"]


def test_a_file_named_by_hand_that_changes_is_not_read(written_meanwhile: Path) -> None:
    found = named([written_meanwhile], PATTERN)
    assert (found.received, [one.reason for one in found.unreadable]) == ((), ["changed while it was read"])
    with pytest.raises(UnreadableInboxError, match=r"UR06.xlsx \(changed while it was read\)"):
        complain_of_unread(found, [written_meanwhile])


def test_a_file_that_goes_away_while_it_is_listed_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "UR06.xlsx"
    path.write_bytes(b"x")
    read = Path.read_bytes

    def gone(of: Path) -> bytes:
        path.unlink()
        return read(of)

    monkeypatch.setattr(Path, "read_bytes", gone)
    found = inbox(tmp_path, PATTERN)
    assert found.received == ()
    assert [(one.file, one.reason) for one in found.skipped] == [
        ("UR06.xlsx", "cannot be read: No such file or directory")
    ]


def test_what_was_named_and_cannot_be_read_is_told_and_the_rest_is_read(another: Path) -> None:
    as_owner(another, 0o777)
    (another / "UR07.xlsx").write_bytes(b"y")
    paths = [another / "UR06", another / "UR06" / "poa.xlsx", another / "UR07.xlsx"]
    for closed, reasons in {
        another / "UR06": ["a folder that cannot be listed", "cannot be read: Permission denied"],
        another / "UR06" / "poa.xlsx": ["cannot be read: Permission denied"] * 2,
    }.items():
        mode = closed.stat().st_mode
        as_owner(closed, 0o600)
        found = named(paths, PATTERN)
        as_owner(closed, mode)
        assert [one.file for one in found.received] == ["UR07.xlsx"]
        assert [(one.reason, one.unreadable) for one in found.skipped] == [(reason, True) for reason in reasons]
