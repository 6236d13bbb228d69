"""Files of another machine, by address: S3, SFTP and whatever else fsspec knows.

Keys come from where each kind of store looks for them (``AWS_*``, ``FSSPEC_SFTP_*``, an SSH agent), never from here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

from config.errors import OperatorError
from config.file_name import printable

T = TypeVar("T")
# Stores where a file is there whole or not at all as soon as it is written; elsewhere it gets its name afterwards.
WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"})
SFTP = frozenset({"sftp", "ssh"})
# Where each kind of store says when a file was last written.
WRITTEN = ("LastModified", "mtime", "updated", "last_modified", "created")
AT_ONCE = 16


class RemoteError(OperatorError):
    """Files of another machine cannot be reached; the message names the address and the remedy."""


class NotAllowedError(RemoteError):
    """A file of another machine may not be read by the account that the keys are of."""


@dataclass(frozen=True)
class Found:
    """A file under an address: its name from there, with forward slashes, its bytes, when it was written, and whether
    it only points elsewhere.
    """

    name: str
    bytes: int
    written_at: datetime
    link: bool = False


class Remote:
    """The files under one address. Several threads may use it; ``at_once`` is how many gain by it."""

    def __init__(self, address: str) -> None:
        self.address = address
        protocol = urlsplit(address).scheme
        with self._telling("opened"):
            self._fs, root = _opened(address, protocol)
        self._root = root.rstrip("/")
        self._whole = protocol in WHOLE
        self.at_once = AT_ONCE if self._fs.async_impl else 1
        self._turn: Any = nullcontext() if self._fs.async_impl else Lock()

    def files(self) -> Iterator[Found]:
        """Every file under the address, at any depth; none where an object store holds nothing there (a folder without
        files is none to it). Raises RemoteError where the bucket or the folder is not there, or cannot be listed whole.
        """
        try:
            infos = self._told("listed", self._infos)
        except FileNotFoundError as error:
            raise RemoteError(f"{self.address} does not exist; check the address") from error
        for path, info in infos.items():
            name = path.removeprefix(self._root).lstrip("/")
            if not name and not path.endswith("/"):
                raise RemoteError(f"{self.address} is a file; name the folder that it lies in")
            if info.get("type") != "directory" and not path.endswith("/"):
                yield Found(name, info.get("size") or 0, _time(info) or datetime.now(UTC), _is_link(info))

    def _infos(self) -> dict[str, dict[str, Any]]:
        if self._fs.async_impl:
            return dict(self._fs.find(self._root, detail=True))
        found, folders = dict[str, dict[str, Any]](), [self._root]
        while folders:
            # Not by fsspec's own walk, which takes a folder that cannot be listed for an empty one.
            for info in self._entries(folders.pop()):
                if info["type"] == "directory":
                    folders.append(info["name"])
                else:
                    found[info["name"]] = info
        return found

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        try:
            return list(self._fs.ls(folder, detail=True))
        except FileNotFoundError:
            if folder == self._root:
                raise
            return []  # it went away meanwhile

    def names(self, folder: str) -> list[str]:
        """The names of the files of one subfolder; none where it is not there. Raises RemoteError."""
        try:
            paths = self._told("listed", lambda: self._fs.ls(self._path(folder), detail=False))
        except FileNotFoundError:
            return []
        return [path.rstrip("/").rpartition("/")[2] for path in paths]

    def read(self, name: str) -> bytes:
        """The bytes of a file; raises FileNotFoundError where it is not there, NotAllowedError, else
        RemoteError."""
        content: bytes = self._told("read", lambda: self._fs.cat_file(self._path(name)))
        return content

    def is_still(self, file: Found, content: bytes) -> bool:
        """Whether the file is the one that was listed, ``content`` being what was read of it; raises as `read` does.

        A store that has files whole gives an old one or a new one; elsewhere somebody may have written meanwhile.
        """
        if self._whole:
            return len(content) == file.bytes
        info = self._told("read", lambda: self._fs.info(self._path(file.name)))
        size, written_at = info.get("size"), _time(info)
        return size in (None, len(content)) and size in (None, file.bytes) and written_at in (None, file.written_at)

    def write(self, name: str, content: bytes) -> None:
        """Keeps ``content`` under ``name``, whole or not at all; raises RemoteError."""
        path = self._path(name)
        if self._whole:
            self._told("written", lambda: self._fs.pipe_file(path, content))
            return
        partial = f"{path.rpartition('/')[0]}/partial-{uuid.uuid4().hex}"
        self._told("written", lambda: self._named_after(path, partial, content))

    def _named_after(self, path: str, partial: str, content: bytes) -> None:
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        try:
            self._fs.pipe_file(partial, content)
            self._fs.mv(partial, path)
        except BaseException:
            with suppress(OSError):
                self._fs.rm_file(partial)
            raise

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def _told(self, done: str, work: Callable[[], T]) -> T:
        with self._turn, self._telling(done):
            # What others wrote meanwhile is seen.
            self._fs.invalidate_cache()
            return work()

    @contextmanager
    def _telling(self, done: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, RemoteError):
            raise
        except Exception as error:
            if not isinstance(error, OSError | EOFError) and type(error).__module__.partition(".")[0] not in STORES:
                raise
            raised = NotAllowedError if isinstance(error, PermissionError) else RemoteError
            raise raised(
                f"{self.address} cannot be {done} ({type(error).__name__}: {printable(str(error))}); check the "
                "address, the network and the keys that the environment gives"
            ) from error


def _time(info: dict[str, Any]) -> datetime | None:
    """When a file was written, where its store says so."""
    told = next((info[key] for key in WRITTEN if info.get(key) is not None), None)
    if isinstance(told, int | float):
        return datetime.fromtimestamp(told, UTC)
    if not isinstance(told, datetime):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _is_link(info: dict[str, Any]) -> bool:
    return info.get("type") == "link" or bool(info.get("islink"))


# Packages whose errors mean that the store or the way to it failed.
STORES = frozenset({"botocore", "aiobotocore", "aiohttp", "s3fs", "paramiko", "gcsfs", "adlfs"})


def _opened(address: str, protocol: str) -> tuple[Any, str]:
    """The file system of an address and the path in it; raises RemoteError where no package knows it."""
    from fsspec.core import url_to_fs

    options: dict[str, Any] = {}
    try:
        if protocol in SFTP:
            from warehouse.archive.known_hosts import KnownHosts

            # Each with a connection of its own: one that was lost is not handed out again.
            options |= {"host_key_policy": KnownHosts(), "skip_instance_cache": True}
        fs, root = url_to_fs(address, **options)
    except ImportError as error:
        raise RemoteError(
            f"{address} needs a package that is not installed ({error}): pip install 'poa[s3]' or 'poa[sftp]'"
        ) from error
    except ValueError as error:
        raise RemoteError(f"{address} is no address that can be read: {error}") from error
    if protocol in SFTP:
        from warehouse.archive.sftp_names import AnyNames

        fs.ftp.close()
        fs.ftp = AnyNames.from_transport(fs.client.get_transport())
    return fs, str(root)
