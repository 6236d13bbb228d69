"""A file is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.atomic import replacing, write_if_changed, write_whole


class CrashedError(Exception):
    """The writer ends here."""


def test_what_was_there_stays_until_all_is_written(tmp_path: Path) -> None:
    page = tmp_path / "informes" / "página.html"
    write_whole(page, b"old")
    with replacing(page) as fresh:
        fresh.write_bytes(b"half")
        assert page.read_bytes() == b"old"
        fresh.write_bytes(b"new and whole")
    assert page.read_bytes() == b"new and whole"
    assert list(page.parent.iterdir()) == [page]


def test_a_crash_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "página.html"
    write_whole(page, b"old")

    def crash(fresh: Path) -> None:
        fresh.write_bytes(b"half")
        raise CrashedError

    with pytest.raises(CrashedError), replacing(page) as fresh:
        crash(fresh)
    assert (page.read_bytes(), list(tmp_path.iterdir())) == (b"old", [page])


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    page = tmp_path / "página.html"
    assert write_if_changed(page, b"one")
    before = page.stat().st_mtime_ns
    assert not write_if_changed(page, b"one")
    assert page.stat().st_mtime_ns == before
    assert write_if_changed(page, b"two")
