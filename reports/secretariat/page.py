"""The secretariat's report as one HTML page that stands by itself: no network, no clock, no script but its own."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any, Final

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.secretariat.method import DEFAULT
from reports.secretariat.page_data import page_data, ratio
from reports.secretariat.report import Secretariat
from reports.secretariat.units import QUADRANTS
from reports.unit.html import TEMPLATES, environment

VEGA_LITE: Final = "6.4"  # what the specifications are written for
MOVED: Final = 10  # movements each way
SIGNS: Final = {"verde": "●", "amarillo": "▲", "rojo": "■", "azul": "◆", "sin programar": "○"}


def render_secretariat(report: Secretariat) -> str:
    """The page; the same version gives the same bytes."""
    scripts = (_charting(), (TEMPLATES / "secretariat.js").read_text(encoding="utf-8"))
    return environment().get_template("secretariat.html").render(
        r=report,
        figures={row["clave"]: row for row in report.headline.iter_rows(named=True)},
        units=report.units.to_dicts(),
        strategies=report.strategies.with_columns(pl.col("estrategia").fill_null("")).to_dicts(),
        matrix=_matrix(report),
        trend=report.trend.to_dicts(),
        quadrants=_quadrants(report),
        quality=report.units.drop_nulls("calidad").sort("lugar_calidad", "ur").to_dicts(),
        edits=report.edits.to_dicts(),
        risen=report.movements.filter(pl.col("cambio") > 0).head(MOVED).to_dicts(),
        fallen=report.movements.filter(pl.col("cambio") < 0).head(MOVED).to_dicts(),
        data=Markup(page_data(report)),
        scripts=[Markup(script) for script in scripts],
        policy=" ".join(f"'sha256-{_hash(script)}'" for script in scripts),
        default=DEFAULT,
        signs=SIGNS,
        ratio=ratio,
        change=change,
    )  # fmt: skip


def change(difference: float | None, scale: float = 100.0) -> str:
    """A change in points, signed: 0.031 is "+3.1"; a dash where there is nothing to compare with."""
    if difference is None:
        return "—"
    text = wording.figure(abs(difference) * scale, 1)
    return text if text == "0" else f"{'+' if difference > 0 else '−'}{text}"


@cache
def _charting() -> str:
    """The charting library with all that it needs, for a script element."""
    from vl_convert import javascript_bundle

    bundle = javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]
    return f"\n{bundle}\n"


def _hash(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()


def _matrix(report: Secretariat) -> list[dict[str, Any]]:
    """One row a UR: its ``cells`` by quarter up to this one, None where no version of the quarter names it."""
    rows: dict[str, dict[str, Any]] = {}
    for row in report.matrix.iter_rows(named=True):
        of_unit = rows.setdefault(row["ur"], {"ur": row["ur"], "cells": dict.fromkeys(range(1, report.of.quarter + 1))})
        of_unit["unidad"] = row["unidad"]  # the last quarter's name
        of_unit["cells"][row["trimestre"]] = row
    return list(rows.values())


def _quadrants(report: Secretariat) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(name, report.units.filter(pl.col("cuadrante") == name).to_dicts()) for name in QUADRANTS]
