"""The wording of the sample workbooks, from the TOML files beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.catalog import Unit
from config.files import Strict, read_toml

HERE = Path(__file__).resolve().parent


class ActivityText(Strict):
    """An activity: what is done, its unit of measure, the annual target or about it, what for."""

    do: str
    measure: str
    target: int
    purpose: str


class WorkArea(Strict):
    """What units of one area of work declare; ``functional`` CONAC codes; ``strategies`` counts them."""

    general_axis: str
    strategic_objective: str
    strategies: int
    functional: tuple[str, str, str]
    modality: str
    sector_programme: str

    @property
    def axis_code(self) -> str:
        """The general axis' code, such as ``ER1-2.1``."""
        return self.general_axis.split()[0]


class UnitText(Strict):
    """A unit's area of work, budget programme and own activities."""

    area: str
    programme: str
    activities: tuple[ActivityText, ...]


class Texts(Strict):
    """What all units share; justifications by how the result stands to the plan."""

    institution: str
    head: str
    guiding_axis: str
    cross_axis: str
    months: tuple[str, ...]
    comments: tuple[str, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]
    even: tuple[str, ...]
    singular: dict[str, str]
    area: dict[str, WorkArea]
    common: tuple[ActivityText, ...]


class Programmes(Strict):
    """Texts of units by UR code."""

    unit: dict[str, UnitText]


@cache
def texts() -> Texts:
    """The shared texts."""
    return read_toml(HERE / "texts.toml", Texts)


@cache
def _programmes() -> dict[str, UnitText]:
    files = sorted(HERE.glob("programmes_*.toml"))
    found = {code: text for file in files for code, text in read_toml(file, Programmes).unit.items()}
    return dict(sorted(found.items()))


def unit_text(unit: Unit) -> UnitText:
    """The unit's own texts; a unit that has none borrows another's, under a programme of its own name."""
    known = _programmes()
    if unit.code in known:
        return known[unit.code]
    borrowed = list(known.values())[int(unit.code) % len(known)]
    return borrowed.model_copy(update={"programme": f"{borrowed.programme}, {unit.name}"})
