"""What a folder of reports was made from: so that only what changed is rendered, and what was altered is made again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from config.atomic import write_whole
from config.errors import OperatorError


@dataclass
class Manifest:
    """The reports in ``path``'s folder by name: the key that they were made from, and the hash of each file."""

    path: Path
    entries: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def stands(self, name: str, key: str) -> tuple[Path, ...] | None:
        """The files, where they were made from that key and are as they were written; else None."""
        made_from, files = self.entries.get(name, ("", {}))
        paths = {self.path.parent / file: sha for file, sha in files.items()}
        sound = made_from == key and files and all(_hash(path) == sha for path, sha in paths.items())
        return tuple(paths) if sound else None

    def made(self, name: str, key: str, files: Iterable[Path]) -> None:
        """Remembers what was made just now."""
        self.entries[name] = key, {path.name: _hash(path) or "" for path in files}

    def forget(self, kept: Collection[str]) -> tuple[Path, ...]:
        """Takes away the files of reports by other names, as far as they are as written and are none of the kept ones'.

        Returns what was taken away.
        """
        gone = [self.entries.pop(name) for name in sorted(self.entries.keys() - set(kept))]
        wanted = {file for _, files in self.entries.values() for file in files}
        stale = {self.path.parent / file: sha for _, files in gone for file, sha in files.items() if file not in wanted}
        removable = [path for path, sha in stale.items() if _hash(path) == sha]
        for path in removable:
            with suppress(OSError):  # a file that cannot be taken away stays, and is not told as removed
                path.unlink()
        return tuple(path for path in removable if not path.exists())

    def write(self) -> None:
        """Puts it in its folder in one step; raises OperatorError where that cannot be written."""
        try:
            write_whole(self.path, json.dumps(self.entries, indent=1, sort_keys=True).encode())
        except OSError as error:
            folder, reason = self.path.parent, error.strerror or error
            raise OperatorError(f"reports cannot be written to {folder}: {reason}; mend that and run again") from error


def manifest(out: Path, year: int, quarter: int, of: str = "informes") -> Manifest:
    """The quarter's manifest in ``out``, of the units' reports or of others; an empty one where there is none, or it
    cannot be read.
    """
    path = out / f".{of}_{year}T{quarter}.json"
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(path, {name: (str(key), dict(files)) for name, (key, files) in read.items()})
    except (OSError, ValueError, AttributeError, TypeError):
        return Manifest(path)


def _hash(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
