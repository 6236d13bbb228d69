"""The archive in a place of another machine: laid out as the local one, so that either can be copied to the other."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256 as digest
from pathlib import Path, PurePosixPath

from config.file_name import shown
from warehouse.archive.local import CONFIGURATIONS, checked_content, source_content
from warehouse.archive.storage import Remote
from warehouse.database.engine import WarehouseError

USUAL = ".xlsx"


class RemoteArchive:
    """What warehouse.archive.local.Archive is, over fsspec: write-once, named by hash, read back only by its hash.

    A name is there once all its bytes are. What is put is kept when ``put`` returns, as far as the store keeps its
    word: S3 does, an SFTP server may lose in a power cut what it said it had. Bytes are handed out, since there is no
    path of this machine. Raises RemoteError wherever the place cannot be reached.
    """

    def __init__(self, address: str) -> None:
        self.folder = address
        self._remote = Remote(address)
        self.at_once = self._remote.at_once
        self._held: dict[str, dict[str, str]] = {}

    def put(self, path: Path, sha256: str) -> bytes:
        """Keeps a copy of the file at ``path``; raises SourceError where it cannot be read or its bytes have another
        hash.
        """
        return self.put_content(source_content(path), shown(path.name), sha256)

    def put_content(self, content: bytes, file: str, sha256: str) -> bytes:
        """Keeps ``content``, received as ``file``, mending what is kept with other bytes; returns it."""
        checked_content(content, file, sha256)
        held = self._listed(sha256[:2])
        if sha256 not in held or digest(self._remote.read(held[sha256])).hexdigest() != sha256:
            name = held.get(sha256, f"{sha256[:2]}/{sha256}{PurePosixPath(file).suffix.lower()}")
            self._remote.write(name, content)
            held[sha256] = name
        return content

    def settle(self) -> None:
        """Nothing is left to do: what was put is kept."""

    def path(self, sha256: str) -> Path:
        """The name of the file of that hash, which is no path here; raises WarehouseError where it is not kept."""
        return Path(self._name(sha256))

    def kept(self, sha256: str) -> bytes:
        """The bytes of the file of that hash, as they are; raises WarehouseError where it is not kept."""
        try:
            return self._remote.read(self._name(sha256))
        except FileNotFoundError as error:
            raise self._lacks(sha256) from error

    def checked(self, sha256: str, file: str) -> bytes:
        """The bytes of ``file``; raises WarehouseError where they are not kept, or are no longer the same."""
        content = self.kept(sha256)
        found = digest(content).hexdigest()
        if found != sha256:
            raise WarehouseError(
                f"{file} (SHA-256 {sha256}) was altered in the archive {self.folder}: it has hash {found}; put it back "
                "from a copy: consolidating an inbox that holds it does so"
            )
        return content

    def state(self, sha256: str, size: int) -> str | None:
        """What is wrong with the file of that hash and size, or None; nothing is written."""
        try:
            content = self.kept(sha256)
        except WarehouseError:
            return "missing"
        if digest(content).hexdigest() == sha256:
            return None
        return "altered" if len(content) == size else f"altered: {len(content)} bytes, not {size}"

    def put_configuration(self, sha256: str, files: Mapping[str, bytes]) -> None:
        """Keeps ``files`` (content by path) under ``sha256``; a run that was killed over it left some, which stay."""
        folder = f"{CONFIGURATIONS}/{sha256}"
        kept = self._configured(folder)
        for path, content in files.items():
            if path not in kept:
                self._remote.write(f"{folder}/{path}", content)

    def configuration(self, sha256: str) -> dict[str, bytes]:
        """Content by path of the configuration kept under ``sha256``; raises WarehouseError where it is not."""
        folder = f"{CONFIGURATIONS}/{sha256}"
        files = {path: self._remote.read(f"{folder}/{path}") for path in self._configured(folder)}
        if not files:
            raise WarehouseError(f"the archive {self.folder} does not hold configuration {sha256}; check POA_ARCHIVE")
        return files

    def _configured(self, folder: str) -> list[str]:
        """Paths of a configuration's files: at most one folder deep."""
        found = []
        for name in self._remote.names(folder):
            if PurePosixPath(name).suffix:
                found.append(name)
            else:
                found += [f"{name}/{inner}" for inner in self._remote.names(f"{folder}/{name}")]
        return found

    def _name(self, sha256: str) -> str:
        name = self._listed(sha256[:2]).get(sha256)
        if name is None:
            raise self._lacks(sha256)
        return name

    def _lacks(self, sha256: str) -> WarehouseError:
        return WarehouseError(f"the archive {self.folder} does not hold {sha256}; check POA_ARCHIVE")

    def _listed(self, prefix: str) -> dict[str, str]:
        """Names by hash under ``prefix``; asked of the store once."""
        if prefix not in self._held:
            names = self._remote.names(prefix)
            self._held[prefix] = {PurePosixPath(name).stem: f"{prefix}/{name}" for name in names}
        return self._held[prefix]
