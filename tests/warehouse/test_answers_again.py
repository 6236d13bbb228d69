"""A unit's answers in a quarter that is closed: shown as they stood and derived again, on both databases."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from postgres_server import PostgresServer
from test_rebuilt import BY, SENT, Office

from flows.runs.decisions import ExceptionRequest, close, open_again
from flows.runs.rebuild import rebuild
from flows.runs.verification import verify
from warehouse.connect import open_warehouse
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.queries.published import view
from workbooks.reading.answer_sheet import HEADINGS, YES

ANSWER, ALONE = "Está en trámite.", "UR06_observaciones.xlsx"
PLACE = ("E03", None, None, "POA 1", "C13", "Objetivo Estratégico (10)")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path, founding: Path, upgraded_sqlite: Path) -> Office:
    """One workbook, and then an answer to what it was told."""
    url = f"sqlite:///{shutil.copy(upgraded_sqlite, tmp_path / 'poa.db')}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.upgraded()
    one = Office(tmp_path, url)
    one.send(3, founding, SENT, datetime(2024, 10, 4, 18, tzinfo=UTC))
    one.run(3)
    one.send(3, answering(tmp_path / "1.xlsx", None, ANSWER), ALONE, datetime(2024, 10, 8, 18, tzinfo=UTC))
    one.run(3)
    return one


def answering(path: Path, given: str | None, answer: str | None) -> Path:
    """The sheet of observations with one row, as the unit filled it in."""
    book = Workbook()
    book.active.append([name for name, _ in HEADINGS])  # type: ignore[union-attr]
    book.active.append(["Aviso", *PLACE, *[None] * 5, given, answer])  # type: ignore[union-attr]
    book.save(path)
    return path


def shown(office: Office) -> list[tuple[int, str]]:
    """Version and answer, of every version."""
    with open_warehouse(office.settings.warehouse) as warehouse:
        told = view(warehouse, "v_observaciones", current=False).drop_nulls("respuesta")
    return sorted(told.select("version", "respuesta").rows())


def test_a_closed_quarter_keeps_its_answers_and_is_derived_again_with_them(office: Office) -> None:
    close(2024, 3, BY, office.settings)
    open_again(ExceptionRequest(2024, 3, "06", date(2099, 12, 31)), BY, office.settings)
    taken_back = answering(office.folder / "2.xlsx", YES, None)
    office.send(3, taken_back, ALONE, datetime(2024, 11, 6, 18, tzinfo=UTC))
    office.run(3)
    # Words alone make no version of a closed quarter: they would come with a workbook that the exception lets in.
    assert (shown(office), [version for _, version, _ in office.versions()]) == ([(2, ANSWER)], [1, 2])
    told: list[Discrepancy] = []
    assert rebuild(2024, 3, 2, office.settings, told.append).same, told
    done = verify(None, None, office.settings, told.append, lambda *_: None)
    assert (told, done.versions) == ([], 2)
