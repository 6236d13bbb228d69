"""The catalogue's unit that an unknown code most likely means."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from schemas.language.conac import SAME_NAME, plain


class NearUnits:
    """The units of a catalogue, by what they are mistaken for; each distinct name and code is looked for once."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """``names`` are the units' names by code."""
        self._codes = list(names)
        self._names = [plain(name) for name in names.values()]
        self._named: dict[str, str | None] = {}
        self._slips: dict[str, str | None] = {}

    def unit(self, code: str, name: str | None, own: Collection[str]) -> str | None:
        """Code of the unit that is meant; None where none is clearly nearest.

        The ``name`` that the header gives the code says most, then words where the code should be, then a code of the
        workbook's ``own`` units, then of any, that is one slip away and the only one.
        """
        return self.named(name) or self.named(code) or _one_slip(code, own) or self._one_slip(code)

    def named(self, name: str | None) -> str | None:
        """Code of the unit whose name reads like ``name``; None where none does."""
        if not name:
            return None
        if name not in self._named:
            found = process.extractOne(plain(name), self._names, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME)
            self._named[name] = None if found is None else self._codes[found[2]]
        return self._named[name]

    def _one_slip(self, code: str) -> str | None:
        if code not in self._slips:
            self._slips[code] = _one_slip(code, self._codes)
        return self._slips[code]


def _one_slip(code: str, codes: Collection[str]) -> str | None:
    near = process.extract(code, codes, scorer=OSA.distance, score_cutoff=1, limit=2)
    return near[0][0] if len(near) == 1 else None
