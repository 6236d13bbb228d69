"""What the office decides: severity of rules, traffic light, quality weights."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from config.files import Strict, locate, read_toml

Severity = Literal["archivo", "renglon", "aviso", "nota"]
SEVERITIES: tuple[Severity, ...] = ("archivo", "renglon", "aviso", "nota")


class TrafficLight(Strict):
    """Bounds on compliance (ratio): verde at or above green, amarillo at or above amber, azul above blue."""

    green: float
    amber: float
    blue: float


class QualityWeights(Strict):
    """Share of a cell (0-1) that a finding of each severity takes from the quality index."""

    archivo: float
    renglon: float
    aviso: float
    nota: float


class Policy(Strict):
    """The whole policy."""

    severity: dict[str, Severity]
    traffic_light: TrafficLight
    quality: QualityWeights


def load_policy(config_dir: Path | None = None) -> Policy:
    """The policy in force; raises ConfigError on unknown keys or values."""
    return read_toml(locate("policy.toml", config_dir), Policy)
