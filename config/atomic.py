"""Files written whole or not at all: a reader never sees half of one, and a crash leaves what was there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write to, its folder made if missing; left normally, it takes the place of ``path``.

    An exception leaves ``path`` as it was. Raises OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Writes ``content`` to ``path`` in one step; raises OSError where that is not possible."""
    with replacing(path) as fresh:
        fresh.write_bytes(content)


def write_if_changed(path: Path, content: bytes) -> bool:
    """The same where ``path`` does not hold ``content`` already; returns whether it was written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True
