"""What verifying tells: a difference found, or a part of the warehouse found sound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.contracts import columns as c
from warehouse.snapshots.decision_seal import ABOUT

Files = Mapping[str, str]


@dataclass(frozen=True)
class Discrepancy:
    """Something that is not as it was: ``where`` (a version, the archive), in ``what`` (a table), which row or file."""

    where: str
    what: str
    which: str
    said: str


OnDiscrepancy = Callable[[Discrepancy], None]


def row_name(columns: Sequence[str], row: Sequence[Any], files: Mapping[str, str]) -> str:
    """A row for people: whose it is and where it stands; ``files`` are file names by the start of their hash."""
    has = dict(zip(columns, row, strict=True))
    if ABOUT in has:
        return str(has[ABOUT])
    whose = has.get(c.UNIT_CODE)
    parts = [f"UR {whose}" if whose else "", file_name(str(has[c.SHA256]), files) if has.get(c.SHA256) else ""]
    numbers = ((c.ACTIVITY_NO, "activity"), (c.LINE, "budget line"), (c.RULE, "rule"), (c.FIELD, "field"))
    parts += [f"{word} {has[name]}" for name, word in numbers if has.get(name) is not None]
    parts.append(_place(has))
    return ", ".join(part for part in parts if part) or "the version itself"


def key_name(key: str, files: Mapping[str, str]) -> str:
    """What a part's key stands for: a workbook by its file, a UR, or itself where it is a name for people."""
    if " " in key:
        return key
    return files.get(key) or (f"workbook {key}…" if len(key) > KEY_OF_UNIT else f"UR {key}")


def file_name(sha256: str, files: Mapping[str, str]) -> str:
    """The file of that hash, or the start of the hash where no submission has it."""
    return files.get(sha256[:12], f"workbook {sha256[:12]}…")


# A UR's code is shorter than the start of a hash.
KEY_OF_UNIT = 11


def _place(has: Mapping[str, Any]) -> str:
    sheet = has.get(c.SHEET)
    if sheet is None:
        return ""
    if has.get(c.CELL):
        return f"{sheet}!{has[c.CELL]}"
    return f"{sheet} row {has[c.ROW]}" if has.get(c.ROW) is not None else str(sheet)
