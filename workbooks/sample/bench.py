"""Clean workbooks of the founding workbook's size, as many as wanted, to measure with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from random import Random

from config.catalog import Catalog, Unit
from config.form import Form
from workbooks.sample.programme import programme
from workbooks.sample.stated import stated, written_date
from workbooks.write_form import write_form

PRINCIPAL_ACTIVITIES, DERIVED_ACTIVITIES = 10, 4
FIRST_CODE = 1001  # of units that the catalogue is extended by


def bench_catalog(catalog: Catalog, n: int) -> Catalog:
    """The catalogue extended by made-up units, so that ``n`` workbooks of two units need share none."""
    wanted = max(0, 2 * n - len(catalog.units))
    codes = [str(FIRST_CODE + i) for i in range(wanted)]
    made_up = {code: Unit(code, f"UNIDAD OPERATIVA {code}", None, None) for code in codes}
    return replace(catalog, units={**catalog.units, **made_up})


def bench_workbooks(
    folder: Path, form: Form, catalog: Catalog, n: int, *, seed: int = 1, quarter: int = 3
) -> list[Path]:
    """Write ``n`` distinct clean workbooks: 2 units, 10 + 4 activities, 4 pages each.

    Units come from the catalogue in its order, two a workbook, from the start again once they are used up:
    ``bench_catalog`` has enough for all. Raises OSError where ``folder`` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = list(catalog.units.values())
    drawn_up = date(form.fiscal_year + quarter // 4, quarter % 4 * 3 + 1, 5)
    paths: list[Path] = []
    for number in range(n):
        principal, derived = (units[(2 * number + i) % len(units)] for i in range(2))
        rng = Random(f"{seed}-{number}")
        first = programme(principal, rng, size=PRINCIPAL_ACTIVITIES)
        second = programme(derived, rng, size=DERIVED_ACTIVITIES, area=first.area)
        content = stated([first, second], form, catalog, quarter, written_date(drawn_up, rng))
        path = folder / f"POA_{form.fiscal_year}_UR{principal.code}_{number:05d}.xlsx"
        write_form(path, form, content, created=datetime.combine(drawn_up, time(9)))
        paths.append(path)
    return paths
