"""How far a unit's activities came of what they planned: the chart of its page."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from config.policy import TrafficLight
from reports.unit.rows import ActivityLine, UnitActivities

# What a bar shows at most (ratio): farther ones end in an arrow.
LONGEST = 1.5


@dataclass(frozen=True)
class Light:
    """A colour of the traffic light, told by its word and sign too; ``many`` is its word of several activities."""

    code: str
    word: str
    many: str
    sign: str


GREEN = Light("verde", "Verde", "en verde", "✓")
AMBER = Light("amarillo", "Amarillo", "en amarillo", "◐")
RED = Light("rojo", "Rojo", "en rojo", "✕")
BLUE = Light("azul", "Azul", "en azul", "↑")
UNPLANNED = Light("sin-programar", "Sin programar", "sin programar", "–")
LIGHTS = (GREEN, AMBER, RED, BLUE, UNPLANNED)


@dataclass(frozen=True)
class Bar:
    """One activity: its compliance (ratio, None where nothing was planned to date) and its light."""

    activity: ActivityLine
    compliance: float | None
    light: Light

    @property
    def length(self) -> float:
        """Of the bar, 0 to LONGEST."""
        return min(max(self.compliance or 0.0, 0.0), LONGEST)

    @property
    def cut(self) -> bool:
        """Whether the bar would go on."""
        return (self.compliance or 0.0) > LONGEST


@dataclass(frozen=True)
class UnitChart:
    """The bars of one UR, its own compliance (ratio), and how many activities are of each light, none left out."""

    unit_code: str
    unit_name: str
    compliance: float | None
    counts: tuple[tuple[Light, int], ...]
    bars: tuple[Bar, ...]


def charts(units: tuple[UnitActivities, ...], light: TrafficLight) -> tuple[UnitChart, ...]:
    """A chart for each UR, as the public views say it of its activities."""
    return tuple(_chart(unit, light) for unit in units)


def light_of(compliance: float | None, bounds: TrafficLight) -> Light:
    """The light of a compliance (ratio); None: nothing was planned to date."""
    if compliance is None:
        return UNPLANNED
    if compliance > bounds.blue:
        return BLUE
    if compliance >= bounds.green:
        return GREEN
    return AMBER if compliance >= bounds.amber else RED


def _chart(unit: UnitActivities, light: TrafficLight) -> UnitChart:
    bars = tuple(_bar(line, light) for line in unit.activities)
    counts = tuple((one, sum(bar.light is one for bar in bars)) for one in LIGHTS)
    return UnitChart(unit.unit_code, unit.unit_name, _mean(bars), tuple((one, n) for one, n in counts if n), bars)


def _bar(line: ActivityLine, light: TrafficLight) -> Bar:
    # Nothing achieved is written as such or left blank: of what was planned it is nothing either way.
    compliance = (line.achieved or 0.0) / line.planned if line.planned and line.planned > 0 else None
    return Bar(line, compliance, light_of(compliance, light))


def _mean(bars: tuple[Bar, ...]) -> float | None:
    """The mean weighted by amount, each activity capped at 1; plain where no amounts are stated."""
    capped = [(min(bar.compliance, 1.0), bar.activity.amount) for bar in bars if bar.compliance is not None]
    if not capped:
        return None
    weight = fsum(amount for _, amount in capped)
    if weight > 0:
        return fsum(ratio * amount for ratio, amount in capped) / weight
    return fsum(ratio for ratio, _ in capped) / len(capped)
