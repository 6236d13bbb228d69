"""Batches that travel: the bytes of workbooks go along to where no path of this machine can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Protocol

from flows.batch import Batch, InboxFile


class Known(Protocol):
    """What a receipt and a stored workbook both tell of a file."""

    @property
    def file(self) -> str:
        """Its name as received."""

    @property
    def sha256(self) -> str:
        """Its hash."""

    @property
    def bytes(self) -> int:
        """How many."""

    @property
    def sender(self) -> str | None:
        """The UR that its place names."""


def inbox_file(kept: Path | bytes, of: Known) -> InboxFile:
    """The file whose bytes are ``kept``: at a path of this machine, or in hand."""
    named = (of.file, of.sha256, of.bytes, of.sender)
    if isinstance(kept, Path):
        return InboxFile(kept, *named)
    return InboxFile(Path(f"{of.sha256}{PurePosixPath(of.file).suffix.lower()}"), *named, kept)


def shipped(batch: Batch) -> Batch:
    """The batch with the bytes of each workbook that is to be opened; raises OSError where one cannot be read."""
    return replace(
        batch,
        files=[
            replace(file, content=file.path.read_bytes())
            if file.content is None and position not in batch.refused
            else file
            for position, file in enumerate(batch.files)
        ],
    )


@contextmanager
def unpacked(batch: Batch) -> Iterator[Batch]:
    """The batch with the bytes that came along as files of a folder that is gone afterwards.

    They are named by their position: what a unit calls its file is never part of a path.
    """
    if all(file.content is None for file in batch.files):
        yield batch
        return
    with TemporaryDirectory(prefix="poa-batch-") as folder:
        files = list(batch.files)
        for position, file in enumerate(files):
            if file.content is not None:
                path = Path(folder) / f"{position}{file.path.suffix}"
                path.write_bytes(file.content)
                files[position] = replace(file, path=path, content=None)
        yield replace(batch, files=files)
