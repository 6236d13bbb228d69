"""Clean workbooks of the founding workbook's size, as many as wanted, to measure with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from config.catalog import Catalog, Unit
from config.form import Form
from workbooks.form.write import write_form
from workbooks.sample.programme import programme
from workbooks.sample.stated import stated, written_date

# Activities of each UR of a workbook: of a principal one and a derived one, or of one alone.
TWO_UNITS: Final = (10, 4)
ONE_UNIT: Final = (14,)
LAST_CODE: Final = 9999  # a UR's code has four digits at most


def bench_catalog(catalog: Catalog, n: int, sizes: Sequence[int] = TWO_UNITS) -> Catalog:
    """The catalogue extended by made-up units, so that ``n`` workbooks, each of a UR for every size, need share none.

    Raises ValueError where there are not so many codes.
    """
    wanted = max(0, len(sizes) * n - len(catalog.units))
    free = (code for code in (f"{number:02d}" for number in range(1, LAST_CODE + 1)) if code not in catalog.units)
    codes = list(islice(free, wanted))
    if len(codes) < wanted:
        raise ValueError(f"{n} workbooks of {len(sizes)} units each need more codes than four digits have")
    made_up = {code: Unit(code, f"UNIDAD OPERATIVA {code}", None, None) for code in codes}
    return replace(catalog, units={**catalog.units, **made_up})


def bench_workbooks(
    folder: Path,
    form: Form,
    catalog: Catalog,
    n: int,
    *,
    seed: int = 1,
    quarter: int = 3,
    sizes: Sequence[int] = TWO_UNITS,
) -> list[Path]:
    """Write ``n`` distinct clean workbooks, each of a UR for every one of ``sizes``, its number of activities.

    Units come from the catalogue in its order, from the start again once they are used up: ``bench_catalog`` has enough
    for all. Raises OSError where ``folder`` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = list(catalog.units.values())
    drawn_up = date(form.fiscal_year + quarter // 4, quarter % 4 * 3 + 1, 5)
    paths: list[Path] = []
    for number in range(n):
        own = [units[(len(sizes) * number + i) % len(units)] for i in range(len(sizes))]
        rng = Random(f"{seed}-{number}")
        first = programme(own[0], rng, size=sizes[0])
        derived = [
            programme(unit, rng, size=size, area=first.area) for unit, size in zip(own[1:], sizes[1:], strict=True)
        ]
        content = stated([first, *derived], form, catalog, quarter, written_date(drawn_up, rng))
        path = folder / f"POA_{form.fiscal_year}_UR{own[0].code}_{number:05d}.xlsx"
        write_form(path, form, content, created=datetime.combine(drawn_up, time(9)))
        paths.append(path)
    return paths
