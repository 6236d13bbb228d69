"""What the office decides: severity of rules, traffic light, deviations, quality weights, measures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.files import Strict, locate, read_toml

Severity = Literal["archivo", "renglon", "aviso", "nota"]
SEVERITIES: tuple[Severity, ...] = ("archivo", "renglon", "aviso", "nota")


class TrafficLight(Strict):
    """Bounds on compliance (ratio): verde at or above green, amarillo at or above amber, azul above blue."""

    green: float
    amber: float
    blue: float

    @model_validator(mode="after")
    def _in_order(self) -> TrafficLight:
        if not self.amber <= self.green <= self.blue:
            raise ValueError("wants amber <= green <= blue")
        return self


class QualityWeights(Strict):
    """Share of a cell (0-1) that a finding of each severity takes from the quality index."""

    archivo: float
    renglon: float
    aviso: float
    nota: float


Reading = Literal["sum", "last", "average", "maximum"]
READINGS: tuple[Reading, ...] = ("sum", "last", "average", "maximum")


class Deviation(Strict):
    """When achieved to date is far from planned to date. ``share`` and ``upper`` are ratios to what was planned,
    ``minimum`` counts in the unit of measure; what is at a bound is still within it.
    """

    share: Annotated[float, Field(ge=0)]
    minimum: Annotated[float, Field(ge=0)]
    upper: Annotated[float, Field(ge=1)]


class Measure(Strict):
    """A unit of measure that the office names: how it is spelled, and how its figures read over quarters.

    ``spellings`` are other names of the same unit; a unit of measure that begins with one of ``begins`` keeps its own
    name and is read alike. ``counted`` is false of percentages, rates and the like, which number no things.
    """

    name: str
    spellings: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    reading: Reading = "sum"
    counted: bool = True


class Justification(Strict):
    """From how many words on a justification is the activity's own; shorter ones are formulas that any may repeat."""

    own_words: int


class Policy(Strict):
    """The whole policy."""

    severity: dict[str, Severity]
    traffic_light: TrafficLight
    deviation: Deviation
    measure: tuple[Measure, ...] = ()
    quality: QualityWeights
    justification: Justification


def load_policy(config_dir: Path | None = None) -> Policy:
    """The policy in force; raises ConfigError on unknown keys or values."""
    return read_toml(locate("policy.toml", config_dir), Policy)
