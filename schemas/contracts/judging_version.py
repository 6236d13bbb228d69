"""What a judgement is made by, beside the workbook and the configuration: the judging version, and some libraries.

Raise ``JUDGING_VERSION`` when anything that is stored of a judgement changes: facts, findings, their messages and
labels, points. Stored workbooks are then judged again. A test holds the version against what a corpus is judged to be
(tests/spec/test_judging_version.py); changes of wording are collected and raise it once.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.metadata import version
from typing import Final

JUDGING_VERSION: Final = 1
# The libraries that decide what is read of a workbook or how it compares: another version of one may judge otherwise.
LIBRARIES: Final = ("defusedxml", "olefile", "openpyxl", "polars", "python-calamine", "rapidfuzz")


@cache
def judged_by() -> str:
    """The judging version and the versions of what else decides, as TOML: one ``name = value`` a line."""
    versions = {name: version(name) for name in LIBRARIES} | {"unicode": unicodedata.unidata_version}
    lines = [f"judging_version = {JUDGING_VERSION}", *(f'{name} = "{number}"' for name, number in versions.items())]
    return "".join(f"{line}\n" for line in lines)


def differing(one: str, other: str) -> str:
    """How two such texts differ, for people: ``judging version 1 (2), polars 2.1.0 (2.2.0)``; '' where they agree."""
    mine, theirs = tomllib.loads(one), tomllib.loads(other)
    return ", ".join(
        f"{name.replace('_', ' ')} {mine.get(name, 'none')} ({theirs.get(name, 'none')})"
        for name in dict.fromkeys((*mine, *theirs))
        if mine.get(name) != theirs.get(name)
    )
