"""What a unit answers in the sheet of observations comes back with its next workbook, is stored and shown."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook
from scratch_folder import kept_in

from config.settings import Settings
from flows.outputs.reporting import write_unit_reports
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from schemas.contracts import columns as c
from warehouse.connect import open_warehouse, reading_current
from warehouse.integrity.verification import files_by_hash, verify_version, versions
from warehouse.queries.published import view
from workbooks.export.observations import HEADING_ROW, SHEET_NAME
from workbooks.reading.answer_sheet import HEADINGS

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>"
ALONE = "UR06_observaciones.xlsx"
NAMES = [name for name, _ in HEADINGS]


def run(inbox: Path, settings: Settings) -> ConsolidationResult:
    request = Request(2024, 3, inbox)
    return consolidate(request, settings, listed(request, settings))


def reports(settings: Settings, out: Path) -> Path:
    write_unit_reports(2024, 3, out, settings)
    return out


def answered(settings: Settings, *, current: bool = True) -> list[tuple[str, str, int | None, str]]:
    with open_warehouse(settings.warehouse) as warehouse:
        shown = view(warehouse, "v_observaciones", current=current).drop_nulls("respuesta")
    return shown.select("regla", "ur", "no_actividad", "respuesta").rows()


def sent_back(received: Path, told: Path, answers: dict[str, str], path: Path) -> None:
    """The workbook received, without formulas, and the sheet of observations with ``answers`` by rule."""
    book = load_workbook(received)
    results = load_workbook(received, data_only=True)
    for cell in (cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"):
        cell.value = results[cell.parent.title][cell.coordinate].value
    copy_answered(told, answers, book)
    book.save(path)


def copy_answered(told: Path, answers: dict[str, str], book: Workbook) -> None:
    sheet = book.create_sheet(SHEET_NAME, 0)
    for row in load_workbook(told)[SHEET_NAME].iter_rows(min_row=HEADING_ROW + 1):
        values = [cell.value for cell in row[: len(NAMES)]]
        values[-1] = answers.get(str(values[NAMES.index("Regla")]), values[-1])
        sheet.append(values)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type


@pytest.fixture(scope="module")
def told_once(founding: Path, upgraded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office that reported to UR 06 on its first delivery."""
    folder = tmp_path_factory.mktemp("told")
    shutil.copy(upgraded_sqlite, folder / "poa.db")
    inbox, settings = folder / "inbox", kept_in(folder)
    inbox.mkdir()
    deliver(founding, inbox / "POA_2024_UR06.xlsx", datetime(2024, 10, 4, 18, tzinfo=UTC))
    run(inbox, settings)
    reports(settings, folder / "out")
    return folder


@pytest.fixture
def told(told_once: Path, settings: Settings, tmp_path: Path) -> Path:
    """UR 06's workbook as it was sent back after its first delivery, in a copy of that office under ``settings``."""
    shutil.copytree(told_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out" / "UR06_2024T3_anotado.xlsx"


def deliver(source: Path, path: Path, when: datetime) -> None:
    if source != path:
        shutil.copy(source, path)
    os.utime(path, (when.timestamp(), when.timestamp()))


def test_answers_come_back_with_the_next_workbook(told: Path, settings: Settings, founding: Path) -> None:
    inbox = told.parent.parent / "inbox"
    again = inbox / "UR06 segunda entrega.xlsx"
    sent_back(founding, told, {"R05": HOSTILE, "E03": "Está en trámite."}, again)
    deliver(again, again, datetime(2024, 10, 8, 18, tzinfo=UTC))
    outcome = run(inbox, settings)
    assert outcome.control.rejected == 0
    assert {row[3] for row in answered(settings)} == {HOSTILE, "Está en trámite."}
    out = reports(settings, told.parent)
    page = (out / "UR06_2024T3.html").read_text(encoding="utf-8")
    assert "Está en trámite." in page
    assert "<script>" not in page
    carried = load_workbook(told)[SHEET_NAME]
    cells = [row[-1] for row in carried.iter_rows(min_row=HEADING_ROW + 2, max_col=len(NAMES)) if row[-1].value]
    assert {cell.value for cell in cells} == {HOSTILE, "Está en trámite."}
    assert {cell.data_type for cell in cells} == {"s"}

    # What persists keeps its answer, though the next workbook comes without the sheet.
    book = load_workbook(again)
    del book[SHEET_NAME]
    book.save(again)
    deliver(again, again, datetime(2024, 10, 9, 18, tzinfo=UTC))
    assert run(inbox, settings).published.version == 3
    assert {row[3] for row in answered(settings)} == {HOSTILE, "Está en trámite."}

    # An answer that was there and is emptied is taken back.
    sent_back(founding, told, {"E03": ""}, again)
    deliver(again, again, datetime(2024, 10, 10, 18, tzinfo=UTC))
    run(inbox, settings)
    assert {row[3] for row in answered(settings)} == {HOSTILE}
    reports(settings, told.parent)
    assert carried_over(told) == {HOSTILE}
    verified(settings)


def test_answers_may_come_in_a_workbook_of_their_own(told: Path, settings: Settings) -> None:
    inbox = told.parent.parent / "inbox"
    alone = Workbook()
    copy_answered(told, {"E03": "Está en trámite."}, alone)
    alone.save(inbox / ALONE)
    deliver(inbox / ALONE, inbox / ALONE, datetime(2024, 10, 8, 18, tzinfo=UTC))
    outcome = run(inbox, settings)
    assert (outcome.published.version, outcome.control.rejected) == (2, 1)
    assert answered(settings)[0][3] == "Está en trámite."
    with open_warehouse(settings.warehouse) as warehouse:
        current = view(warehouse, "v_entregas").filter(pl.col("ur") == "06")
        told_of_it = view(warehouse, "v_observaciones").filter(pl.col("regla") == "A04")["mensaje"]
    assert current.select("estado", "libro").row(0) == ("observado", "POA_2024_UR06.xlsx")
    assert [message for message in told_of_it if "libro de observaciones" not in message] == []
    assert run(inbox, settings).published.new is False


def test_nobody_answers_for_another_unit(told: Path, settings: Settings) -> None:
    inbox = told.parent.parent / "inbox"
    alone = Workbook()
    copy_answered(told, {"E03": "No es mío."}, alone)
    alone.save(inbox / "UR10_observaciones.xlsx")
    run(inbox, settings)
    assert answered(settings, current=False) == []


def test_what_is_gone_keeps_its_answer_in_the_warehouse(told: Path, settings: Settings) -> None:
    inbox = told.parent.parent / "inbox"
    alone = Workbook()
    alone.active.append(NAMES)
    alone.active.append(["Aviso", "R10", "06", 99999999999999999999, *[None] * 9, "Ya se corrigió"])
    alone.save(inbox / ALONE)
    assert run(inbox, settings).published.new is False
    with reading_current(settings.warehouse) as connection:
        stored = pl.read_database("SELECT rule, unit_code, activity_no, answer FROM answer", connection)
    assert stored.rows() == [("R10", "06", None, "Ya se corrigió")]
    assert stored.columns[-1] == c.ANSWER


def carried_over(told: Path) -> set[object]:
    """The answers in the sheet that goes back to the unit."""
    table = load_workbook(told)[SHEET_NAME].iter_rows(min_row=HEADING_ROW + 2, max_col=len(NAMES), values_only=True)
    return {row[-1] for row in table if row[-1]}


def verified(settings: Settings) -> None:
    """Every version still has the digest that it was published with."""
    with reading_current(settings.warehouse) as connection:
        for version in versions(connection):
            assert verify_version(connection, version, files_by_hash(connection), lambda told: None) == 0
