"""A real SFTP server on loopback over a folder, for whoever holds the right key."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import paramiko
from paramiko.sftp import SFTP_FAILURE, SFTP_OK

from warehouse.archive.sftp_names import AnyText

HOST, USER = "127.0.0.1", "poa"


@dataclass
class SftpServer:
    """Where it listens, the key it shows, and the key that it lets in; ``turned_away`` are paths that it refuses."""

    port: int
    root: Path
    key: paramiko.PKey
    user_key: paramiko.PKey
    turned_away: set[str] = field(default_factory=set)
    transports: list[paramiko.Transport] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"sftp://{USER}@{HOST}:{self.port}"

    def known_as(self, key: paramiko.PKey) -> str:
        """A line of known_hosts."""
        return f"[{HOST}]:{self.port} {key.get_name()} {key.get_base64()}\n"

    def hang_up(self) -> None:
        """Ends every connection."""
        for transport in self.transports:
            transport.close()


class Login(paramiko.ServerInterface):  # type: ignore[misc]
    def __init__(self, served: SftpServer) -> None:
        self.served = served

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        right = username == USER and key == self.served.user_key
        return int(paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)


class Folder(paramiko.SFTPServerInterface):  # type: ignore[misc]
    """What a client asks for, done in the server's folder."""

    def __init__(self, server: Login, *_: object) -> None:
        self.served = server.served

    def _at(self, path: str) -> Path:
        if path in self.served.turned_away:
            raise PermissionError(13, "Permission denied")
        return self.served.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        return self._done(lambda: [_attributes(found) for found in self._at(path).iterdir()])

    def stat(self, path: str) -> Any:
        return self._done(lambda: paramiko.SFTPAttributes.from_stat(self._at(path).stat()))

    def lstat(self, path: str) -> Any:
        return self._done(lambda: _attributes(self._at(path)))

    def mkdir(self, path: str, attr: Any) -> Any:
        return self._done(lambda: self._at(path).mkdir())

    def remove(self, path: str) -> Any:
        return self._done(lambda: self._at(path).unlink())

    def posix_rename(self, oldpath: str, newpath: str) -> Any:
        return self._done(lambda: self._at(oldpath).replace(self._at(newpath)) and None)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        def opened() -> paramiko.SFTPHandle:
            handle = paramiko.SFTPHandle(flags)
            file = os.fdopen(os.open(self._at(path), flags, 0o644), "wb" if flags & os.O_WRONLY else "rb")
            handle.readfile = handle.writefile = file
            return handle

        return self._done(opened)

    @staticmethod
    def _done(work: Callable[[], Any]) -> Any:
        try:
            result = work()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0) or SFTP_FAILURE
        return SFTP_OK if result is None else result


class AnyNames(paramiko.SFTPServer):  # type: ignore[misc]
    """Names are bytes to it, as to OpenSSH; paramiko by itself serves UTF-8 only."""

    def _process(self, kind: int, number: int, message: paramiko.Message) -> None:
        super()._process(kind, number, AnyText(message.get_remainder()))


def _attributes(path: Path) -> paramiko.SFTPAttributes:
    return paramiko.SFTPAttributes.from_stat(path.lstat(), os.fsencode(path.name))


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServer]:
    """Serves ``root`` on a free port of this machine until the block ends."""
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
        served = SftpServer(port, root, paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate())
        thread = Thread(target=_served, args=(listening, served), daemon=True)
        thread.start()
        yield served
        served.hang_up()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _served(listening: socket.socket, served: SftpServer) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:  # it was shut
            return
        transport = paramiko.Transport(connection)
        served.transports.append(transport)
        transport.add_server_key(served.key)
        transport.set_subsystem_handler("sftp", AnyNames, Folder)
        with suppress(paramiko.SSHException, EOFError):  # a client that does not like the key
            transport.start_server(server=Login(served))
