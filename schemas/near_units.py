"""The catalogue's unit that an unknown code most likely means."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from schemas.conac import SAME_NAME, plain


def nearest_unit(code: str, name: str | None, own: Collection[str], names: Mapping[str, str]) -> str | None:
    """Code of the unit of ``names`` (name by code) that is meant; None where none is clearly nearest.

    The ``name`` that the header gives the code says most, then words where the code should be, then a code of the
    workbook's ``own`` units, then of any, that is one slip away and the only one.
    """
    return nearest_name(name, names) or nearest_name(code, names) or _one_slip(code, own) or _one_slip(code, names)


def nearest_name(name: str | None, names: Mapping[str, str]) -> str | None:
    """Code of the unit whose name reads like ``name``; None where none does."""
    found = process.extractOne(name, names, scorer=fuzz.token_sort_ratio, processor=plain) if name else None
    return found[2] if found is not None and found[1] >= SAME_NAME else None


def _one_slip(code: str, codes: Collection[str]) -> str | None:
    near = [other for other in codes if OSA.distance(code, other, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None
