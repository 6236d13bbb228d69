"""Places: a folder of this machine, or an address of another's (``s3://bucket/folder``, ``sftp://user@host/folder``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator

ADDRESS = "://"


def place(given: Path | str) -> Path | str:
    """A path of this machine, or the address as it is; raises ValueError where one holds a password."""
    if isinstance(given, Path) or ADDRESS not in given:
        return Path(given)
    if urlsplit(given).password is not None:
        raise ValueError("an address holds no password: it would be logged; see docs/operacion.md for where keys go")
    return given.rstrip("/")


Place: TypeAlias = Annotated[Path | str, BeforeValidator(place)]
