"""Where the values of a drawn form stand, by what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.form.job import Place
from workbooks.prefilled.prefilled import Key


@dataclass(frozen=True)
class Drawn:
    """Every place of a value, the pages from the first; one a page for the header and the budget block."""

    cells: Mapping[Key, tuple[Place, ...]]

    def at(self, block: str, nth: int, name: str) -> Place | None:
        """The first place of a value; None where the form lacks it."""
        found = self.cells.get((block, nth, name))
        return found[0] if found else None

    def address(self, block: str, nth: int, name: str) -> str | None:
        """Its address within its sheet, such as ``H31``."""
        place = self.at(block, nth, name)
        return address(place) if place else None

    @cached_property
    def activities(self) -> int:
        """How many rows of activities were drawn."""
        return 1 + max((nth for block, nth, _ in self.cells if block == "activity"), default=-1)

    @cached_property
    def lines(self) -> int:
        """How many budget lines were drawn."""
        return 1 + max((nth for block, nth, _ in self.cells if block == "budget"), default=-1)


def drawn(places: Iterable[Place]) -> Drawn:
    """The places by key; rows of activities are numbered as they were drawn."""
    cells: dict[Key, list[Place]] = defaultdict(list)
    rows: dict[tuple[str, int], int] = {}
    for place in places:
        nth = place.nth
        if place.block == "activity":
            nth = rows.setdefault((place.sheet.get_name(), place.row), len(rows))
        cells[place.block, nth, place.name].append(place)
    return Drawn({key: tuple(found) for key, found in cells.items()})


def address(place: Place, *, fixed: bool = False) -> str:
    """The address of a place's first cell, ``$H$31`` if ``fixed``."""
    return str(xl_rowcol_to_cell(place.row, place.left, fixed, fixed))


def reference(place: Place) -> str:
    """The same as another sheet names it."""
    return f"'{place.sheet.get_name()}'!{address(place, fixed=True)}"
