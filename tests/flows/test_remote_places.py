"""Inbox and archive on another machine: a real S3 server on loopback, and a store in memory for what S3 cannot show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from s3_server import s3_bucket

from config.settings import Settings
from flows.intake.remote_inbox import remote_inbox
from flows.outputs.reporting import write_unit_reports
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.rebuild import rebuild
from flows.runs.rejudging import rejudge
from flows.runs.verification import verify
from warehouse.archive.archives import archive_at
from warehouse.archive.remote import RemoteArchive
from warehouse.archive.storage import Remote, RemoteError
from warehouse.database.engine import WarehouseError
from warehouse.integrity.discrepancy import Discrepancy

CONTENT = b"PK\x03\x04 un libro"
HASH = sha256(CONTENT).hexdigest()
PATTERN = Settings.model_fields["sender_pattern"].default
pytestmark = [
    # botocore and moto leave sockets to the garbage collector
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_bucket() as address:
        yield address


@pytest.fixture
def memory(request: pytest.FixtureRequest) -> Iterator[str]:
    import fsspec

    address = f"memory://{request.node.name.replace('[', '-').rstrip(']')}"
    yield address
    store = fsspec.filesystem("memory")
    if store.exists(address):
        store.rm(address, recursive=True)


def sent(inbox: Path, address: str) -> str:
    """The inbox's files under an address."""
    remote = Remote(address)
    for path in inbox.iterdir():
        remote.write(path.name, path.read_bytes())
    return address


def run(inbox: Path | str, settings: Settings) -> ConsolidationResult:
    request = Request(2024, 3, inbox, datetime(2024, 10, 4, 18, tzinfo=UTC))
    return consolidate(request, settings, listed(request, settings))


def test_a_quarter_lives_on_s3(
    s3: str, inbox: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inbox and archive there: the same snapshot; what was kept proves it, makes it again, and is given back marked."""
    away = settings.model_copy(update={"warehouse": f"sqlite:///{tmp_path / 'away.db'}", "archive": f"{s3}/archive"})
    monkeypatch.chdir(tmp_path)
    there, here = run(sent(inbox, f"{s3}/inbox/2024T3"), away), run(inbox, settings)
    assert there.published.digest == here.published.digest
    assert there.control == here.control
    assert {one.file for one in there.inbox.skipped} == {one.file for one in here.inbox.skipped}
    told: list[Discrepancy] = []
    checked = verify(2024, 3, away, told.append, lambda *_: None)
    assert (told, checked.workbooks, checked.notes) == ([], 3, ())
    assert rebuild(2024, 3, 1, away, told.append).same
    assert rejudge(2024, 3, away).control.unchanged == 3
    reports = write_unit_reports(2024, 3, tmp_path / "reports", away)
    assert reports.failed == ()
    assert (tmp_path / "reports" / "UR06_2024T3_anotado.xlsx").is_file()
    assert run(f"{s3}/inbox/2024T3", away).control.unchanged == 3
    assert not list(tmp_path.glob("s3*"))


def test_what_was_altered_on_s3_is_told_and_mended(s3: str, inbox: Path, settings: Settings) -> None:
    away = settings.model_copy(update={"archive": f"{s3}/altered"})
    run(inbox, away)
    remote = Remote(f"{s3}/altered")
    [kept] = [one for one in remote.files() if one.bytes == 9000]
    remote.write(kept.name, b"otra cosa")
    told: list[Discrepancy] = []
    verify(2024, 3, away, told.append, lambda *_: None)
    assert ["altered: 9 bytes, not 9000" in str(one) for one in told] == [True]
    archive = archive_at(f"{s3}/altered")
    archive.put(inbox / "POA_2024_UR07.xlsx", Path(kept.name).stem)
    assert archive.state(Path(kept.name).stem, 9000) is None


@pytest.mark.parametrize("store", ["s3", "memory"])
def test_an_archive_keeps_each_workbook_once_under_its_hash(store: str, request: pytest.FixtureRequest) -> None:
    address = f"{request.getfixturevalue(store)}/once"
    archive = RemoteArchive(address)
    assert archive.put_content(CONTENT, "carpeta/UR06.XLSX", HASH) == CONTENT
    archive.put_content(CONTENT, "otro.xls", HASH)
    archive.settle()
    assert [one.name for one in Remote(address).files()] == [f"{HASH[:2]}/{HASH}.xlsx"]
    again = RemoteArchive(address)
    assert (again.kept(HASH), again.checked(HASH, "UR06.XLSX"), again.state(HASH, 1)) == (CONTENT, CONTENT, None)
    with pytest.raises(WarehouseError, match=r"UR06.xlsx changed while it was read.*run again"):
        archive.put_content(CONTENT, "UR06.xlsx", "0" * 64)
    with pytest.raises(WarehouseError, match="does not hold 000"):
        again.path("0" * 64)
    assert again.state("0" * 64, 1) == "missing"


def test_a_name_is_there_once_all_its_bytes_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As over SFTP, where a file is written under another name first: fsspec's own local files stand in for it."""
    remote = Remote(f"file://{tmp_path}/archive")
    remote.write("ab/abc.xlsx", CONTENT)
    assert remote.read("ab/abc.xlsx") == CONTENT

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(remote._fs), "mv", full)
    with pytest.raises(RemoteError, match=r"archive cannot be written .*No space left"):
        remote.write("ab/other.xlsx", CONTENT)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abc.xlsx"]


def test_configuration_of_which_a_killed_run_kept_a_part_is_completed(memory: str) -> None:
    files = {"policy.toml": b"a", "catalogs/units.csv": b"b"}
    archive = RemoteArchive(memory)
    archive.put_configuration(HASH, {"policy.toml": b"a"})
    archive.put_configuration(HASH, files)
    assert archive.configuration(HASH) == files
    with pytest.raises(WarehouseError, match="does not hold configuration 000"):
        archive.configuration("0" * 64)


def test_names_in_an_inbox_are_labels_not_paths(memory: str, founding: Path, settings: Settings) -> None:
    import fsspec

    store: Any = fsspec.filesystem("memory")
    for name in ("a/../../UR06.xlsx", "UR 07 [*].xlsx", "~$UR08.xlsx", "nota.txt", "nota"):
        store.pipe_file(f"{memory}/{name}", founding.read_bytes())
    found = remote_inbox(memory, PATTERN)
    assert [(one.file, one.sender) for one in found.received] == [
        ("UR 07 [*].xlsx", "07"),
        ("a/../../UR06.xlsx", "06"),
    ]
    assert {one.file: one.reason for one in found.skipped} == {
        "nota": "not a workbook (no ending)",
        "nota.txt": "not a workbook (.txt)",
        "~$UR08.xlsx": "Excel's lock file of an open workbook",
    }
    assert run(memory, settings).control.observed >= 1


def test_an_inbox_before_anything_came_is_empty_as_a_folder_is(s3: str, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    there, here = (
        listed(Request(2024, 3, f"{s3}/nothing"), settings),
        listed(Request(2024, 3, tmp_path / "empty"), settings),
    )
    assert there == here
    assert there.seen == 0


def test_a_bucket_that_is_not_there_is_told(s3: str) -> None:
    for address in ("s3://elsewhere", "s3://elsewhere/2024T3"):
        with pytest.raises(RemoteError, match=f"{address} does not exist; check the address"):
            remote_inbox(address, PATTERN)


def test_an_address_of_a_file_is_told(s3: str, founding: Path) -> None:
    Remote(f"{s3}/one").write("UR06.xlsx", founding.read_bytes())
    with pytest.raises(RemoteError, match=r"/one/UR06.xlsx is a file; name the folder that it lies in"):
        remote_inbox(f"{s3}/one/UR06.xlsx", PATTERN)


def test_a_file_that_would_fill_the_memory_is_named_and_not_fetched(s3: str, settings: Settings) -> None:
    Remote(f"{s3}/large").write("UR06.xlsx", bytes(6_000))
    found = listed(Request(2024, 3, f"{s3}/large"), settings.model_copy(update={"max_bytes": 1_000}))
    assert [(one.file, one.reason) for one in found.skipped] == [
        ("UR06.xlsx", "0 MiB, far beyond what POA_MAX_BYTES allows")
    ]


def test_an_empty_inbox_with_a_marker_is_read(s3: str) -> None:
    import fsspec

    fsspec.filesystem("s3").call_s3("put_object", Bucket="poa", Key="marked/", Body=b"")
    assert remote_inbox(f"{s3}/marked", PATTERN).seen == 0


def test_a_store_that_does_not_answer_is_told_without_its_keys(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import fsspec

    fsspec.filesystem("s3").clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(
        RemoteError, match=r"s3://poa cannot be listed .*check the address, the network and the keys"
    ) as told:
        list(Remote("s3://poa").files())
    assert "s3cret" not in str(told.value)
    fsspec.filesystem("s3").clear_instance_cache()


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsspec.core.url_to_fs", _without_package)
    with pytest.raises(RemoteError, match=r"s3://poa needs a package .*pip install 'poa\[s3\]'"):
        Remote("s3://poa")


def _without_package(*_: object, **__: object) -> None:
    raise ImportError("Install s3fs to access S3")


def test_an_address_holds_no_password() -> None:
    with pytest.raises(ValueError, match="an address holds no password"):
        Settings(archive="sftp://poa:s3cret@host/archive")
    assert Settings(archive="sftp://poa@host/archive/").archive == "sftp://poa@host/archive"
    assert Settings(archive="archive").archive == Path("archive")


@pytest.mark.parametrize("store", ["s3", "memory"])
def test_names_that_command_a_terminal_are_shown_escaped_and_found(
    store: str, request: pytest.FixtureRequest, founding: Path, settings: Settings
) -> None:
    address = f"{request.getfixturevalue(store)}/names"
    remote = Remote(address)
    remote.write("A\u202eO/UR06\x1b[31m.xlsx", founding.read_bytes())
    remote.write(r"UR07_\xf1.xlsx", b"x")
    remote.write("nota.t\x1bt", b"x")
    outcome = run(address, settings)
    assert {one.file for one in outcome.inbox.received} == {r"A\u202eO/UR06\x1b[31m.xlsx", r"UR07_\x5cxf1.xlsx"}
    assert [(one.file, one.reason) for one in outcome.inbox.skipped] == [(r"nota.t\x1bt", r"not a workbook (.t\x1bt)")]
    assert (outcome.control.observed, outcome.rejected) == (1, (r"UR07_\x5cxf1.xlsx",))


@pytest.mark.parametrize("store", ["s3", "memory"])
def test_workbooks_that_change_or_go_away_before_they_are_archived_cost_themselves_only(
    store: str, request: pytest.FixtureRequest, inbox: Path, settings: Settings
) -> None:
    import fsspec

    address = sent(inbox, f"{request.getfixturevalue(store)}/changing")
    of = Request(2024, 3, address, datetime(2024, 10, 4, 18, tzinfo=UTC))
    found = listed(of, settings)
    Remote(address).write("UR08.xls", b"another")
    fsspec.filesystem(address.partition(":")[0]).rm_file(f"{address}/POA_2024_UR07.xlsx")
    outcome = consolidate(of, settings, found)
    assert (outcome.control.seen, outcome.control.observed, outcome.control.skipped) == (5, 1, 4)
    reasons = {one.file: one.reason for one in outcome.inbox.skipped}
    assert reasons["UR08.xls"] == "changed while it was read"
    assert reasons["POA_2024_UR07.xlsx"] == "cannot be read: it is no longer there"
    assert run(address, settings).control.rejected == 1


def test_an_object_that_is_replaced_while_the_inbox_is_listed_is_left_for_the_next_look(
    memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Remote(memory).write("UR06.xlsx", b"x")
    read = Remote.read

    def replaced(self: Remote, name: str) -> bytes:
        self.write(name, b"another")
        return read(self, name)

    monkeypatch.setattr(Remote, "read", replaced)
    [skipped] = remote_inbox(memory, PATTERN).skipped
    assert (skipped.file, skipped.reason) == ("UR06.xlsx", "changed while it was read")


@pytest.mark.parametrize("more", [b"y", b"x and more"], ids=["same length", "longer"])
def test_a_file_that_is_written_on_while_the_inbox_is_listed_is_left_for_the_next_look(
    more: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As over SFTP: fsspec's own local files stand in for it."""
    path = tmp_path / "UR06.xlsx"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    read = Remote.read

    def written_on(self: Remote, name: str) -> bytes:
        content = read(self, name)
        path.write_bytes(more)
        return content

    monkeypatch.setattr(Remote, "read", written_on)
    [skipped] = remote_inbox(f"file://{tmp_path}", PATTERN).skipped
    assert (skipped.file, skipped.reason) == ("UR06.xlsx", "changed while it was read")
    monkeypatch.undo()
    assert [one.file for one in remote_inbox(f"file://{tmp_path}", PATTERN).received] == ["UR06.xlsx"]
