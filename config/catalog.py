"""The catalogues: responsible units (UR) and the CONAC classification."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.files import ConfigError, locate


@dataclass(frozen=True)
class Unit:
    """A responsible unit: code of two digits or more, name, parent's code or None, contact address or None."""

    code: str
    name: str
    parent: str | None
    contact: str | None


@dataclass(frozen=True)
class Catalog:
    """Units by code; CONAC ``functional`` by dotted code ("1.5.2"), ``modalities`` by letter."""

    units: dict[str, Unit]
    functional: dict[str, str]
    modalities: dict[str, str]

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Name of each unit by its code."""
        return {code: unit.name for code, unit in self.units.items()}


def load_catalog(config_dir: Path | None = None) -> Catalog:
    """All catalogues; raises ConfigError naming file and line of a duplicate code or an unknown parent."""
    units = _units(locate("catalogs/units.csv", config_dir))
    functional = _codes(
        locate("catalogs/conac_funcional.csv", config_dir),
        ("finalidad", "funcion", "subfuncion"),
    )
    modalities = _codes(locate("catalogs/conac_modalidad.csv", config_dir), ("letra",))
    return Catalog(units, functional, modalities)


def _rows(path: Path, columns: set[str]) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = columns - set(reader.fieldnames or ())
        if missing:
            raise ConfigError(f"{path} line 1: missing columns {', '.join(sorted(missing))}")
        return [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]


def _units(path: Path) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    rows = _rows(path, {"code", "name", "parent", "contact"})
    for line, row in rows:
        code = row["code"].zfill(2)
        if code in units:
            raise ConfigError(f"{path} line {line}: unit {code} stands twice")
        if not (code.isascii() and code.isdigit() and row["name"]):
            raise ConfigError(f"{path} line {line}: a unit wants a code of digits and a name")
        units[code] = Unit(code, row["name"], row["parent"].zfill(2) if row["parent"] else None, row["contact"] or None)
    for line, row in rows:
        if row["parent"] and row["parent"].zfill(2) not in units:
            raise ConfigError(f"{path} line {line}: parent {row['parent']} is not in the catalogue")
    return units


def _codes(path: Path, key: tuple[str, ...]) -> dict[str, str]:
    """Name by code; the code is the filled columns of ``key`` joined by dots."""
    codes: dict[str, str] = {}
    for line, row in _rows(path, {*key, "nombre"}):
        code = ".".join(row[column] for column in key if row[column])
        if code in codes:
            raise ConfigError(f"{path} line {line}: code {code} stands twice")
        codes[code] = row["nombre"]
    return codes
