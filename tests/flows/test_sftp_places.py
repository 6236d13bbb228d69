"""Inbox and archive on a real SFTP server on loopback: which keys are trusted, what is read, what is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import paramiko
import pytest
from sftp_server import SftpServer, sftp_server

from config.settings import Settings
from flows.intake.folder import UnreadableInboxError
from flows.intake.remote_inbox import remote_inbox
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.rebuild import rebuild
from flows.runs.verification import verify
from warehouse.archive.storage import Remote, RemoteError
from warehouse.integrity.discrepancy import Discrepancy

PATTERN = Settings.model_fields["sender_pattern"].default
pytestmark = [
    # paramiko leaves sockets to the garbage collector
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    with sftp_server(tmp_path_factory.mktemp("sftp")) as served:
        yield served


@pytest.fixture
def home(server: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Who runs the program holds a key that the server lets in, as ssh keeps it; no server is known."""
    keys = tmp_path / "home" / ".ssh"
    keys.mkdir(parents=True)
    server.user_key.write_private_key_file(str(keys / "id_ecdsa"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return keys


@pytest.fixture
def known(server: SftpServer, home: Path) -> str:
    """The server's address, its key known."""
    (home / "known_hosts").write_text(server.known_as(server.key), encoding="utf-8")
    return server.address


def run(inbox: Path | str, settings: Settings) -> ConsolidationResult:
    request = Request(2024, 3, inbox, datetime(2024, 10, 4, 18, tzinfo=UTC))
    return consolidate(request, settings, listed(request, settings))


def test_a_quarter_lives_on_an_sftp_server(
    known: str, server: SftpServer, inbox: Path, settings: Settings, tmp_path: Path
) -> None:
    """Inbox and archive there: the same snapshot, and what was kept proves it and makes it again."""
    inbox.rename(server.root / "2024T3")
    away = settings.model_copy(update={"warehouse": f"sqlite:///{tmp_path / 'away.db'}", "archive": f"{known}/archive"})
    there, here = run(f"{known}/2024T3", away), run(server.root / "2024T3", settings)
    assert there.published.digest == here.published.digest
    assert there.control == here.control
    assert [one.file for one in there.inbox.skipped] == [one.file for one in here.inbox.skipped]
    told: list[Discrepancy] = []
    verify(2024, 3, away, told.append, lambda *_: None)
    assert told == []
    assert rebuild(2024, 3, 1, away, told.append).same
    assert run(f"{known}/2024T3", away).control.unchanged == 3
    assert not list((server.root / "archive").rglob("partial-*"))


def test_a_server_that_is_not_known_is_refused(server: SftpServer, home: Path) -> None:
    with pytest.raises(RemoteError) as told:
        Remote(f"{server.address}/2024T3")
    assert f"{server.address}/2024T3 cannot be opened" in str(told.value)
    said = f"the key of [127.0.0.1]:{server.port} (ecdsa-sha2-nistp256) is not in {home / 'known_hosts'}: see that"
    assert said in str(told.value)


def test_a_server_with_another_key_than_the_known_one_is_refused(server: SftpServer, home: Path) -> None:
    other = paramiko.ECDSAKey.generate()
    (home / "known_hosts").write_text(server.known_as(other), encoding="utf-8")
    with pytest.raises(RemoteError, match="another machine may stand in its place"):
        Remote(f"{server.address}/2024T3")


def test_who_is_not_let_in_is_told(known: str, home: Path) -> None:
    paramiko.ECDSAKey.generate().write_private_key_file(str(home / "id_ecdsa"))
    with pytest.raises(RemoteError, match=r"cannot be opened \(AuthenticationException.*the keys that the environment"):
        Remote(f"{known}/2024T3")


def test_a_folder_that_is_not_there_is_told_and_an_empty_one_is_read(known: str, server: SftpServer) -> None:
    with pytest.raises(RemoteError, match="/nowhere does not exist; check the address"):
        remote_inbox(f"{known}/nowhere", PATTERN)
    (server.root / "empty").mkdir()
    assert remote_inbox(f"{known}/empty", PATTERN).seen == 0


def test_a_subfolder_that_cannot_be_listed_is_not_taken_for_an_empty_one(known: str, server: SftpServer) -> None:
    (server.root / "closed" / "UR07").mkdir(parents=True)
    server.turned_away.add("/closed/UR07")
    with pytest.raises(RemoteError, match=r"/closed cannot be listed \(PermissionError"):
        remote_inbox(f"{known}/closed", PATTERN)


def test_a_workbook_that_may_not_be_read_is_named_and_the_others_are_read(known: str, server: SftpServer) -> None:
    folder = server.root / "some"
    folder.mkdir()
    for name in ("UR06.xlsx", "UR07.xlsx"):
        (folder / name).write_bytes(b"x")
    server.turned_away.add("/some/UR07.xlsx")
    found = remote_inbox(f"{known}/some", PATTERN)
    assert [one.file for one in found.received] == ["UR06.xlsx"]
    assert [(one.file, one.reason[:14]) for one in found.skipped] == [("UR07.xlsx", "cannot be read")]
    server.turned_away.add("/some/UR06.xlsx")
    with pytest.raises(UnreadableInboxError, match=r"nothing in the inbox .*/some can be read: 2 of 2 files"):
        remote_inbox(f"{known}/some", PATTERN)


def test_links_are_named_and_not_followed(known: str, server: SftpServer, founding: Path) -> None:
    folder = server.root / "linked"
    folder.mkdir()
    (folder / "UR06.xlsx").symlink_to(founding)
    (folder / "UR07").symlink_to(server.root)
    found = remote_inbox(f"{known}/linked", PATTERN)
    assert found.received == ()
    assert {(one.file, one.reason) for one in found.skipped} == {
        ("UR06.xlsx", "a link, which is not followed"),
        ("UR07", "a link, which is not followed"),
    }


def test_a_connection_that_is_lost_is_told_and_the_next_run_has_its_own(known: str, server: SftpServer) -> None:
    (server.root / "lost").mkdir()
    remote = Remote(f"{known}/lost")
    assert list(remote.files()) == []
    server.hang_up()
    with pytest.raises(RemoteError, match=r"/lost cannot be listed .*check the address, the network"):
        list(remote.files())
    assert list(Remote(f"{known}/lost").files()) == []


def test_names_that_are_no_utf_8_are_listed_and_found(
    known: str, server: SftpServer, founding: Path, settings: Settings
) -> None:
    for name in (b"A\xd1O/UR06_\xf1.xlsx", b"UR07_\xf1\x1b.xlsx"):
        path = server.root / "names" / os.fsdecode(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(founding.read_bytes() if b"06" in name else b"x")
        except OSError:
            pytest.skip("the file system takes UTF-8 names only")
    outcome = run(f"{known}/names", settings)
    assert {one.file for one in outcome.inbox.received} == {r"A\xd1O/UR06_\xf1.xlsx", r"UR07_\xf1\x1b.xlsx"}
    assert (outcome.control.observed, outcome.rejected) == (1, (r"UR07_\xf1\x1b.xlsx",))
    server.turned_away.add(os.fsdecode(b"/names/UR07_\xf1\x1b.xlsx"))
    [skipped] = remote_inbox(f"{known}/names", PATTERN).skipped
    assert skipped.file == r"UR07_\xf1\x1b.xlsx"


def test_a_workbook_that_may_not_be_read_any_more_is_skipped(
    known: str, server: SftpServer, inbox: Path, settings: Settings
) -> None:
    inbox.rename(server.root / "turned")
    request = Request(2024, 3, f"{known}/turned", datetime(2024, 10, 4, 18, tzinfo=UTC))
    found = listed(request, settings)
    server.turned_away.add("/turned/POA_2024_UR07.xlsx")
    outcome = consolidate(request, settings, found)
    assert (outcome.control.seen, outcome.control.observed, outcome.control.skipped) == (5, 1, 3)
    assert "POA_2024_UR07.xlsx" in {one.file for one in outcome.inbox.skipped if one.unreadable}
