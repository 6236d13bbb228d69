"""The sample inbox: what forty units sent at the end of a quarter, on time or not, sound or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from config.calendar import Calendar, Window
from config.catalog import Catalog, Unit
from config.form import Form
from workbooks.form.write import write_form
from workbooks.sample.cast import Cast, cast
from workbooks.sample.defects import Case
from workbooks.sample.planting import Planted, plant
from workbooks.sample.programme import programme
from workbooks.sample.staff_list import write_staff_list
from workbooks.sample.stated import stated, written_date

FOUNDING = Path(__file__).resolve().parent / "POA_2024_UR06.xlsx"
FOUNDING_UNITS = ("06", "63")
FOUNDING_YEAR, FOUNDING_QUARTER = 2024, 3
UNITS = 40
UNREADABLE, NO_FORM = "A01", "A04"  # the rules that find a cut file and one without the form


@dataclass(frozen=True)
class SampleInbox:
    """An inbox as written: UR codes by what became of them, and every defect planted, a cut file's too."""

    folder: Path
    quarter: int
    units: tuple[str, ...]
    missing: tuple[str, ...]
    late: tuple[str, ...]
    corrupt: tuple[str, ...]
    planted: tuple[Planted, ...]

    @property
    def clean(self) -> tuple[str, ...]:
        """Units whose workbook is there and has no defect; late ones included."""
        spoilt = {*self.missing, *(each.unit_code for each in self.planted)}
        return tuple(code for code in self.units if code not in spoilt)


@dataclass(frozen=True)
class _Quarter:
    """What all workbooks of the inbox have in common."""

    folder: Path
    form: Form
    catalog: Catalog
    calendar: Calendar
    window: Window
    seed: int
    cast: Cast

    def rng(self, purpose: str, unit: Unit) -> Random:
        """A generator of its own for each purpose and unit, so that one unit's draws move no other's."""
        return Random(f"{self.seed}-T{self.window.quarter}-{purpose}-{unit.code}")


def sample_inbox(
    folder: Path, form: Form, catalog: Catalog, calendar: Calendar, *, quarter: int, seed: int = 2024
) -> SampleInbox:
    """Write the quarter's workbooks into ``folder``, made where missing; equal arguments give equal files.

    The catalogue's first forty units other than the founding workbook's write; in its own quarter the
    founding workbook lies among theirs. Raises ConfigError where the calendar lacks the quarter, OSError
    where ``folder`` cannot be written, ValueError for a catalogue too small to cast every part.
    """
    codes = tuple(code for code in sorted(catalog.units) if code not in FOUNDING_UNITS)[:UNITS]
    parts = cast(codes, quarter, Random(f"{seed}-T{quarter}"))
    window = calendar.of(form.fiscal_year, quarter)
    common = _Quarter(folder, form, catalog, calendar, window, seed, parts)
    folder.mkdir(parents=True, exist_ok=True)
    delivering = [catalog.units[code] for code in codes if code not in parts.missing]
    planted = [each for unit in delivering for each in _deliver(common, unit)]
    if (form.fiscal_year, quarter) == (FOUNDING_YEAR, FOUNDING_QUARTER):
        _deliver_founding(common)
    return SampleInbox(folder, quarter, codes, parts.missing, parts.late, parts.corrupt, tuple(planted))


def _deliver(common: _Quarter, unit: Unit) -> list[Planted]:
    """Write a unit's workbook as its part has it; returns what was planted in it."""
    path = common.folder / f"POA_{common.form.fiscal_year}_UR{unit.code}.xlsx"
    received = _received(common, unit)
    planted = _write(common, unit, path, received)
    if unit.code in common.cast.corrupt:
        os.truncate(path, path.stat().st_size * 3 // 5)
        planted.append(Planted(unit.code, path.name, UNREADABLE))
    _stamp(path, received)
    return planted


def _write(common: _Quarter, unit: Unit, path: Path, received: datetime) -> list[Planted]:
    window, rng = common.window, common.rng("day", unit)
    drawn_up = _day(window.opens, min(received.date(), window.closes), rng)
    created = datetime.combine(drawn_up, time(9))
    if unit.code in common.cast.no_form:
        write_staff_list(path, unit.name, created=created)
        return [Planted(unit.code, path.name, NO_FORM)]
    year = programme(unit, Random(f"{common.seed}-{unit.code}"))
    content = stated([year], common.form, common.catalog, window.quarter, written_date(drawn_up, rng))
    case = Case(content, (), window.quarter, window.ends, common.form, common.catalog)
    defects = common.cast.defects.get(unit.code, ())
    content, planted = plant(case, defects, unit.code, path.name, common.rng("defects", unit))
    write_form(path, common.form, content, created=created)
    return planted


def _received(common: _Quarter, unit: Unit) -> datetime:
    """A moment in office hours, in the office's time zone, within the window or in the week after."""
    window, rng = common.window, common.rng("receipt", unit)
    day = _day(window.opens, window.closes, rng)
    if unit.code in common.cast.late:
        day = window.closes + timedelta(days=rng.randint(1, 6))
    moment = time(rng.randint(8, 17), rng.randint(0, 59), rng.randint(0, 59))
    return datetime.combine(day, moment, tzinfo=common.calendar.zone)


def _day(first: date, last: date, rng: Random) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))


def _deliver_founding(common: _Quarter) -> None:
    path = common.folder / FOUNDING.name
    path.write_bytes(FOUNDING.read_bytes())
    _stamp(path, datetime.combine(common.window.opens, time(12), tzinfo=common.calendar.zone))


def _stamp(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
