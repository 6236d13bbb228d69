"""The context of a run out of its settings: form, policy, catalogues, the quarter asked for, and their hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from config.calendar import Window, load_calendar
from config.catalog import load_catalog
from config.files import SHIPPED, locate
from config.form import load_form
from config.policy import load_policy
from config.settings import Settings
from schemas.core import usable
from schemas.evidence import Context

CATALOGS = ("catalogs/units.csv", "catalogs/conac_funcional.csv", "catalogs/conac_modalidad.csv")
# What decides a judgement: the steps from cells to verdict. Another version of any of them judges anew.
RULE_CODE = ("schemas", "transforms", "workbooks")


def context(year: int, quarter: int, settings: Settings) -> tuple[Context, Window]:
    """Context and reporting window of a quarter; raises ConfigError where a file is missing or wrong."""
    folder = settings.config_dir
    window = load_calendar(folder).of(year, quarter)
    form, policy, catalog = usable(load_form(year, folder)), load_policy(folder), load_catalog(folder)
    return Context(year, quarter, window.ends, form, policy, catalog, settings.apply_proposals), window


@dataclass(frozen=True)
class Hashes:
    """SHA-256 of what a judgement was made under."""

    rules: str
    form: str
    policy: str
    catalogs: str


def hashes(year: int, settings: Settings) -> Hashes:
    """Hashes of the rules' code, the form, the policy and the catalogues in force."""
    folder = settings.config_dir
    return Hashes(
        rules=_digest(_rule_files()),
        form=_digest([locate(f"forms/poa_{year}.toml", folder)]),
        policy=_digest(
            [locate("policy.toml", folder), locate("calendar.toml", folder)], f"proposals={settings.apply_proposals}"
        ),
        catalogs=_digest([locate(name, folder) for name in CATALOGS]),
    )


def _rule_files() -> list[Path]:
    house = SHIPPED.parent
    return [
        path for package in RULE_CODE for path in sorted((house / package).rglob("*.py")) if "sample" not in path.parts
    ]


def _digest(paths: list[Path], chosen: str = "") -> str:
    digest = hashlib.sha256(chosen.encode())
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
