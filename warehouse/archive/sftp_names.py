"""SFTP with names that are no UTF-8: a server may hold such, and paramiko by itself fails on the folder of one."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko
from paramiko.sftp import CMD_NAME

ENCODING, UNDECODED = "utf-8", "surrogateescape"


class AnyText(paramiko.Message):  # type: ignore[misc]
    """A message whose texts may be no UTF-8: such bytes become lone surrogates, as Python has them in local names."""

    def get_text(self) -> str:
        """The next text of the message."""
        return bytes(self.get_string()).decode(ENCODING, UNDECODED)


class AnyNames(paramiko.SFTPClient):  # type: ignore[misc]
    """A client that lists such names and finds the files by them."""

    def listdir_iter(self, path: str = ".", read_aheads: int = 1) -> Iterator[paramiko.SFTPAttributes]:
        """The entries of the folder ``path``, asked for one answer of the server after the other."""
        return iter(self.listdir_attr(path))

    def _request(self, kind: object, *arguments: object) -> tuple[int, paramiko.Message]:
        answer, message = super()._request(kind, *arguments)
        return answer, AnyText(message.get_remainder()) if answer == CMD_NAME else message

    def _convert_status(self, message: paramiko.Message) -> None:
        # A server's words may name the file.
        super()._convert_status(AnyText(message.get_remainder()))

    def _adjust_cwd(self, path: str) -> bytes:
        adjusted: bytes = super()._adjust_cwd(path.encode(ENCODING, UNDECODED))
        return adjusted
