"""The archive keeps each workbook once, under the hash of its bytes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from warehouse.archive.local import Archive
from warehouse.database.engine import WarehouseError

CONTENT = b"PK\x03\x04 un libro"
HASH = sha256(CONTENT).hexdigest()


@pytest.fixture
def received(tmp_path: Path) -> Path:
    path = tmp_path / "inbox" / "UR06.XLSX"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def test_a_workbook_is_kept_under_its_hash(tmp_path: Path, received: Path) -> None:
    archive = Archive(tmp_path / "archive")
    kept = archive.put(received, HASH)
    assert kept == tmp_path / "archive" / HASH[:2] / f"{HASH}.xlsx"
    assert kept.read_bytes() == CONTENT
    assert archive.path(HASH) == kept
    assert received.exists()


def test_putting_it_again_changes_nothing(tmp_path: Path, received: Path) -> None:
    archive = Archive(tmp_path / "archive")
    kept = archive.put(received, HASH)
    stamp = kept.stat()
    renamed = received.rename(received.with_suffix(".xls"))
    assert archive.put(renamed, HASH) == kept
    assert kept.stat() == stamp
    assert _files(tmp_path / "archive") == [kept]


def test_bytes_of_another_hash_are_refused_and_leave_nothing(tmp_path: Path, received: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with pytest.raises(WarehouseError, match=r"UR06.XLSX changed while it was read.*run again"):
        archive.put(received, "0" * 64)
    assert _files(tmp_path / "archive") == []


def test_a_copy_cut_short_leaves_nothing(tmp_path: Path, received: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_partial: str, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.archive.local.os.replace", full)
    archive = Archive(tmp_path / "archive")
    with pytest.raises(WarehouseError, match=r"UR06.XLSX cannot be kept in .*No space left"):
        archive.put(received, HASH)
    assert _files(tmp_path / "archive") == []


@pytest.mark.parametrize("garbled", [b"", CONTENT[:4], bytes(len(CONTENT))])
def test_what_a_power_cut_garbled_is_mended(tmp_path: Path, received: Path, garbled: bytes) -> None:
    kept = Archive(tmp_path / "archive").put(received, HASH)
    kept.write_bytes(garbled)
    assert Archive(tmp_path / "archive").put(received, HASH) == kept
    assert kept.read_bytes() == CONTENT
    assert _files(tmp_path / "archive") == [kept]


def test_settling_flushes_what_was_put_and_what_was_found_there(
    tmp_path: Path, received: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("warehouse.archive.local._flush", flushed.append)
    for _run in ("new", "found, perhaps not on the disk yet"):
        archive = Archive(tmp_path / "archive")
        kept = archive.put(received, HASH)
        archive.settle()
        archive.settle()
        assert set(flushed) == {kept, kept.parent, archive.folder}
        assert len(flushed) == 3
        flushed.clear()


def test_a_disk_that_refuses_is_told(tmp_path: Path, received: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    archive = Archive(tmp_path / "archive")
    monkeypatch.setattr("warehouse.archive.local.os.fsync", fails)
    archive.put(received, HASH)
    with pytest.raises(WarehouseError, match=r"archive cannot be written: Input/output error"):
        archive.settle()


def test_what_it_does_not_hold_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="does not hold abcdef"):
        Archive(tmp_path).path("abcdef")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
