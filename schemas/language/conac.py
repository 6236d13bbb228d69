"""The nearest right pair of code and name in the CONAC classification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

# A name this alike (0-100) is meant, whatever code stands beside it.
SAME_NAME = 88.0


@dataclass(frozen=True)
class Pair:
    """A code and its name as catalogued."""

    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def nearest(code: str | None, name: str | None, names: Mapping[str, str]) -> Pair | None:
    """The pair of ``names`` (name by code) that a written code and name most likely mean; None where nothing is near.

    A name that is clearly one of the catalogue's outweighs the code: a digit is mistyped more easily than a sentence.
    """
    found = process.extractOne(name, names, scorer=fuzz.WRatio, processor=plain) if name else None
    if found is not None and found[1] >= SAME_NAME:
        return Pair(found[2], names[found[2]])
    return Pair(code, names[code]) if code is not None and code in names else None


def belongs(code: str | None, name: str | None, names: Mapping[str, str]) -> bool:
    """Whether code and name are a pair of the catalogue, whatever the case, accents and punctuation."""
    return code is not None and code in names and plain(names[code]) == plain(name or "")


def plain(text: str) -> str:
    """Text for comparison: lower case, no accents or punctuation."""
    return " ".join(utils.default_process(text.translate(ACCENTS)).split())


ACCENTS = str.maketrans("ÁÉÍÓÚÜÑáéíóúüñ", "AEIOUUNaeiouun")
