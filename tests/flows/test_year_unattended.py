"""A year in minutes: every day's unattended runs under a clock that the test moves, through four quarters.

Four units deliver into a folder a quarter. In the first quarter UR 03 sends a cut file and mends it late, and UR 04
sends only after the quarter was closed: an exception lets it in. In the third, UR 02 is late.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.form import load_form
from config.mail import MailSettings
from config.settings import Settings
from flows.runs.decisions import ExceptionRequest, close, open_again
from flows.schedule.unattended import QuarterDone, Reminded, after_closing, raise_unfinished, remind, take_in
from warehouse.connect import open_warehouse
from warehouse.consolidation import Decision
from warehouse.queries.published import versions, view
from workbooks.form.write import write_form
from workbooks.sample.programme import programme
from workbooks.sample.stated import stated

UNITS = ("01", "02", "03", "04")
ZONE = load_calendar().zone
BY = Decision("Dirección de Planeación", "Oficio 12/2024")
FIRST, LAST = date(2024, 3, 30), date(2025, 1, 31)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ZONE)


@dataclass
class Office:
    """An office whose clock the test moves; ``happened`` is what its unattended runs did, each with its moment."""

    settings: Settings
    mail: MailSettings
    inbox: Path
    happened: list[str] = field(default_factory=list)

    def runs_of(self, day: date) -> None:
        """The three runs of a day, at their hours."""
        common = (self.settings, self.mail)
        for hour, run in ((7, after_closing), (8, remind), (18, take_in)):
            moment = at(day, hour)
            done: Sequence[QuarterDone | Reminded] = run(day, lambda moment=moment: moment, *common)
            raise_unfinished(done)
            self.happened += [f"{moment:%m-%d %H} T{one.turn.quarter} {said}" for one in done if (said := told(one))]

    def deliver(self, unit: str, quarter: int, day: date, *, cut: bool = False) -> None:
        form, catalog = load_form(2024), load_catalog(self.settings.config_dir)
        content = stated([programme(catalog.units[unit], Random(unit), size=4)], form, catalog, quarter, day)
        path = self.inbox / f"2024T{quarter}" / f"POA_UR{unit}{'_cortado' if cut else ''}.xlsx"
        write_form(path, form, content, created=datetime.combine(day, time(9)))
        if cut:
            os.truncate(path, 5000)
        os.utime(path, (at(day, 12).timestamp(),) * 2)

    def states(self, quarter: int, version: int | None = None) -> dict[str, str]:
        with open_warehouse(self.settings.warehouse) as warehouse:
            rows = view(warehouse, "v_entregas", year=2024, quarter=quarter, version=version)
        return dict(rows.select("ur", "estado").iter_rows())

    def late(self, quarter: int) -> list[str]:
        with open_warehouse(self.settings.warehouse) as warehouse:
            rows = view(warehouse, "v_entregas", year=2024, quarter=quarter).select("ur", "oportuna").rows()
        return [ur for ur, on_time in rows if on_time is False]

    def last_state(self, quarter: int) -> str:
        with open_warehouse(self.settings.warehouse) as warehouse:
            state: str = versions(warehouse).filter(quarter=quarter, current=True)["state"].item()
        return state


def told(one: QuarterDone | Reminded) -> str:
    """What a run did of a quarter; nothing where nothing changed."""
    sent = [f"{message.entry.kind} {message.entry.unit}" for message in one.sent.told]
    if isinstance(one, QuarterDone):
        assert one.outcome is not None
        published = one.outcome.published
        sent = [*([f"version {published.version}"] if published.new else []), *sent]
    return ", ".join(sent)


def days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, upgraded_sqlite: Path) -> Office:
    """The year, lived once."""
    folder = tmp_path_factory.mktemp("year")
    shutil.copy(upgraded_sqlite, folder / "poa.db")
    (folder / "config" / "catalogs").mkdir(parents=True)
    units = Path("config/catalogs/units.csv").read_text(encoding="utf-8").splitlines()[:5]
    (folder / "config" / "catalogs" / "units.csv").write_text("\n".join([*units, ""]), encoding="utf-8")
    for quarter in (1, 2, 3, 4):
        (folder / "inbox" / f"2024T{quarter}").mkdir(parents=True)
    settings = Settings(
        warehouse=f"sqlite:///{folder / 'poa.db'}",
        archive=folder / "archive",
        inbox=str(folder / "inbox" / "{year}T{quarter}"),
        config_dir=folder / "config",
        executor="inline",
    )
    office = Office(settings, MailSettings(outbox=folder / "outbox"), folder / "inbox")
    for day in days():
        live(office, day)
        office.runs_of(day)
    return office


def live(office: Office, day: date) -> None:
    """What units send and the office decides on a day, before noon."""
    sent = {
        "2024-04-03": [("01", 1), ("02", 1)],
        "2024-04-18": [("03", 1)],
        "2024-04-25": [("04", 1)],
        "2024-07-10": [(unit, 2) for unit in UNITS],
        "2024-10-14": [("01", 3), ("03", 3), ("04", 3)],
        "2024-10-17": [("02", 3)],
        "2025-01-16": [("01", 4), ("02", 4), ("03", 4)],
        "2025-01-17": [("04", 4)],
    }
    closed = {"2024-04-22": 1, "2024-07-22": 2, "2024-10-22": 3, "2025-01-24": 4}
    for unit, quarter in sent.get(str(day), []):
        office.deliver(unit, quarter, day)
    if str(day) == "2024-04-05":
        office.deliver("03", 1, day, cut=True)
    if str(day) in closed:
        close(2024, closed[str(day)], BY, office.settings, at(day, 12))
    if str(day) == "2024-04-26":
        request = ExceptionRequest(2024, 1, "04", date(2024, 4, 30))
        open_again(request, BY, office.settings, at(day, 12))


# Month, day, hour and quarter, then what the run did; runs that changed nothing are not listed. The units are told the
# same day, nobody is told twice, and nobody is reminded of what was delivered.
HAPPENED = """
04-01 08 T1 opening 01, opening 02, opening 03, opening 04
04-01 18 T1 version 1
04-03 18 T1 version 2, report 01, report 02
04-05 08 T1 closing 03, closing 04
04-05 18 T1 version 3, report 03
04-16 08 T1 overdue 03, overdue 04
04-18 18 T1 version 4, report 03
04-26 18 T1 version 5, report 04
07-01 08 T2 opening 01, opening 02, opening 03, opening 04
07-01 18 T2 version 1
07-05 08 T2 closing 01, closing 02, closing 03, closing 04
07-10 18 T2 version 2, report 01, report 02, report 03, report 04
10-01 08 T3 opening 01, opening 02, opening 03, opening 04
10-01 18 T3 version 1
10-05 08 T3 closing 01, closing 02, closing 03, closing 04
10-14 18 T3 version 2, report 01, report 03, report 04
10-16 08 T3 overdue 02
10-17 18 T3 version 3, report 02
01-02 08 T4 opening 01, opening 02, opening 03, opening 04
01-02 18 T4 version 1
01-07 08 T4 closing 01, closing 02, closing 03, closing 04
01-16 18 T4 version 2, report 01, report 02, report 03
01-17 18 T4 version 3, report 04
"""


@pytest.mark.soak
def test_what_happened_on_which_day(office: Office) -> None:
    assert office.happened == HAPPENED.strip().splitlines()


@pytest.mark.soak
def test_how_each_quarter_ended(office: Office) -> None:
    assert office.states(1, version=2) == {"01": "aceptado", "02": "aceptado", "03": "faltante", "04": "faltante"}
    assert office.states(1, version=3)["03"] == "rechazado"
    late = {1: ["03", "04"], 2: [], 3: ["02"], 4: []}
    for quarter, units in late.items():
        assert office.late(quarter) == units
        assert office.states(quarter) == {unit: "observado" if unit in units else "aceptado" for unit in UNITS}
        assert office.last_state(quarter) == "definitivo"
