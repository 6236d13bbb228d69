"""One quarter's consolidation without Prefect: what it publishes, what it counts, what it does the second time."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from openpyxl.cell import MergedCell

from config.errors import UsageError
from config.settings import Settings
from flows.execution.executor import Executor
from flows.execution.runner import in_turn, runner, side_by_side
from flows.outputs.reporting import write_unit_reports
from flows.path import Batch
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from schemas.contracts.gate import GateError
from warehouse.archive.local import Archive
from warehouse.connect import open_warehouse
from warehouse.consolidation import ControlTotals
from warehouse.database.engine import WarehouseError
from warehouse.queries.published import versions, view


def run(inbox: Path, settings: Settings, quarter: int = 3) -> ConsolidationResult:
    request = Request(2024, quarter, inbox)
    return consolidate(request, settings, listed(request, settings))


def test_everything_seen_is_accounted_for(consolidated: ConsolidationResult) -> None:
    assert consolidated.control == ControlTotals(
        seen=5,
        accepted=0,
        observed=1,
        rejected=2,
        unchanged=0,
        skipped=2,
        rows_found=14,
        rows_accepted=14,
        rows_quarantined=0,
    )
    assert consolidated.rejected == ("POA_2024_UR07.xlsx", "UR08.xls")
    assert {s.file for s in consolidated.inbox.skipped} == {"~$POA_2024_UR06.xlsx", "leeme.txt"}


@pytest.mark.usefixtures("consolidated")
def test_the_views_answer_for_the_founding_units(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        progress = view(warehouse, "v_avance_unidad", year=2024, quarter=3)
        deliveries = view(warehouse, "v_entregas", year=2024, quarter=3)
        budget = view(warehouse, "v_presupuesto", year=2024, quarter=3)
    assert progress.select("ur", "actividades", "monto_asignado").rows() == [("06", 10, 697400.0), ("63", 4, 224112.0)]
    by_unit = {row["ur"]: row["cumplimiento"] for row in progress.iter_rows(named=True)}
    assert by_unit["06"] == pytest.approx(1.0)
    # 63: achieved to date ÷ planned to date of each activity, capped at 1, all of the same amount
    assert by_unit["63"] == pytest.approx((326 / 450 + 11 / 17 + 645 / 750 + 1 / 1) / 4)
    states = dict(deliveries.select("ur", "estado").iter_rows())
    assert (states["06"], states["63"], states["07"], states["08"]) == (
        "observado",
        "observado",
        "rechazado",
        "rechazado",
    )
    assert list(states.values()).count("faltante") == 38
    assert budget.select("nivel", "asignado").rows() == [
        ("programa", 921517.0),
        ("principal", 697403.0),
        ("derivada", 224114.0),
    ] or set(budget["nivel"]) == {"programa", "principal", "derivada"}


def test_doing_it_again_reads_nothing_and_publishes_nothing(
    consolidated: ConsolidationResult, inbox: Path, settings: Settings
) -> None:
    first, second = consolidated, run(inbox, settings)
    assert (first.published.version, first.published.new) == (1, True)
    assert (second.published.version, second.published.new) == (1, False)
    assert second.published.digest == first.published.digest
    assert second.control.unchanged == 3


@pytest.mark.usefixtures("consolidated")
def test_a_changed_policy_judges_anew(inbox: Path, settings: Settings, tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    shipped = Path("config/policy.toml").read_text(encoding="utf-8")
    (office / "policy.toml").write_text(shipped.replace('R13 = "aviso"', 'R13 = "nota"'), encoding="utf-8")
    again = run(inbox, settings.model_copy(update={"config_dir": office}))
    assert (again.control.unchanged, again.published.version, again.published.new) == (0, 2, True)


def test_the_same_bytes_under_two_names_count_once(inbox: Path, settings: Settings) -> None:
    shutil.copy2(inbox / "POA_2024_UR06.xlsx", inbox / "copia POA_2024_UR06.xlsx")
    assert run(inbox, settings).control.unchanged == 1


def test_however_the_work_was_split_the_digest_is_the_same(
    consolidated: ConsolidationResult, inbox: Path, settings: Settings, upgraded_sqlite: Path, tmp_path: Path
) -> None:
    assert settings.batch_size == 2
    for size in (1, 100):
        path = shutil.copy(upgraded_sqlite, tmp_path / f"{size}.db")
        other = settings.model_copy(update={"warehouse": f"sqlite:///{path}", "batch_size": size})
        assert run(inbox, other).published.digest == consolidated.published.digest


def test_a_failure_in_the_middle_leaves_nothing(inbox: Path, settings: Settings) -> None:
    request = Request(2024, 3, inbox)

    def dies_after_one(judge, batches):  # type: ignore[no-untyped-def]
        for number, batch in enumerate(batches):
            if number:
                raise RuntimeError("power cut")
            yield judge.judge(batch)

    with pytest.raises(RuntimeError, match="power cut"):
        consolidate(request, settings, listed(request, settings), dies_after_one)
    with open_warehouse(settings.warehouse) as warehouse:
        assert versions(warehouse).is_empty()
    assert run(inbox, settings).published.version == 1


def test_what_breaks_its_schema_is_not_stored_whoever_judged_it(inbox: Path, settings: Settings) -> None:
    def another_program(judge: Executor, batches: Iterable[Batch]) -> Iterator[Judged]:
        for judged in in_turn(judge, batches):
            below = judged.activities.with_columns(pl.lit(-1.0).alias(c.ANNUAL_TARGET))
            yield dataclasses.replace(judged, activities=below)

    request = Request(2024, 3, inbox)
    with pytest.raises(GateError, match="activities may not enter the warehouse: annual_target: greater_than_or_equal"):
        consolidate(request, settings, listed(request, settings), another_program)
    with open_warehouse(settings.warehouse) as warehouse:
        assert versions(warehouse).is_empty()


def test_the_workbooks_reach_the_disk_before_the_commit(
    inbox: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: Archive) -> None:
        raise WarehouseError("no space left")

    monkeypatch.setattr(Archive, "settle", refuses)
    with pytest.raises(WarehouseError, match="no space left"):
        run(inbox, settings)
    with open_warehouse(settings.warehouse) as warehouse:
        assert versions(warehouse).is_empty()


def test_batches_side_by_side_come_back_in_order() -> None:
    class Slowest(Executor):
        """The first batch ends last."""

        def __init__(self) -> None:
            self.last = threading.Event()

        def judge(self, batch: Batch) -> Judged:
            if batch.files == [0]:
                assert self.last.wait(timeout=60)
            if batch.files == [3]:
                self.last.set()
            return batch.files[0]  # type: ignore[return-value]

    batches = (Batch([number]) for number in range(9))  # type: ignore[list-item]
    assert list(side_by_side(2)(Slowest(), batches)) == list(range(9))


def test_few_batches_are_archived_ahead_of_the_one_that_is_loaded() -> None:
    class Echo(Executor):
        def judge(self, batch: Batch) -> Judged:
            return batch.files[0]  # type: ignore[return-value]

    asked: list[int] = []
    batches = (asked.append(number) or Batch([number]) for number in range(99))  # type: ignore[func-returns-value,list-item]
    results = side_by_side(2)(Echo(), batches)
    next(results)
    assert asked == [0, 1, 2, 3, 4]
    results.close()  # type: ignore[attr-defined]


def test_one_process_judges_in_turn(settings: Settings) -> None:
    assert runner(settings) is in_turn
    assert runner(settings.model_copy(update={"executor": "processes"})) is not in_turn


def test_what_was_received_is_kept_by_its_hash(
    consolidated: ConsolidationResult, settings: Settings, founding: Path
) -> None:
    received = next(r for r in consolidated.inbox.received if r.file == "POA_2024_UR06.xlsx")
    kept = settings.archive / received.sha256[:2] / f"{received.sha256}.xlsx"
    assert kept.read_bytes() == founding.read_bytes()


@pytest.mark.usefixtures("consolidated")
def test_every_submission_gets_its_report_and_only_once(settings: Settings, tmp_path: Path) -> None:
    first = write_unit_reports(2024, 3, tmp_path / "out", settings)
    second = write_unit_reports(2024, 3, tmp_path / "out", settings)
    names = {path.name for path in first.written}
    assert {"UR06_2024T3.html", "UR06_2024T3_anotado.xlsx", "UR07_2024T3.html", "UR08_2024T3.html"} <= names
    assert (len(second.written), len(second.unchanged)) == (0, len(first.written))


def test_a_report_tells_what_became_of_the_workbook_before(inbox: Path, settings: Settings, tmp_path: Path) -> None:
    earlier = Request(2024, 2, inbox, datetime(2024, 7, 5, 18, tzinfo=UTC))
    consolidate(earlier, settings, listed(earlier, settings))
    run(inbox, settings)
    write_unit_reports(2024, 3, tmp_path / "out", settings)
    page = (tmp_path / "out" / "UR06_2024T3.html").read_text(encoding="utf-8")
    assert "Se compara con su entrega del segundo trimestre, recibida el 5 de julio de 2024." in page
    assert "Lo que persiste" in page
    assert "Desde su entrega anterior" not in (tmp_path / "out" / "UR07_2024T3.html").read_text(encoding="utf-8")


def test_dataclasses_of_the_outcome_are_plain(consolidated: ConsolidationResult) -> None:
    assert dataclasses.asdict(consolidated.control)["seen"] == 5


def test_two_workbooks_of_one_unit_get_a_report_each(inbox: Path, settings: Settings, tmp_path: Path) -> None:
    """A later workbook of UR 06 alone speaks for it; the earlier one still speaks for its derived UR 63."""
    book = load_workbook(inbox / "POA_2024_UR06.xlsx")
    del book["POA 3"], book["POA 4"]
    for sheet in book:
        for cell in sheet[7]:
            if not isinstance(cell, MergedCell):
                cell.value = None
    # openpyxl stores no results: the formulas give way to them.
    results = load_workbook(inbox / "POA_2024_UR06.xlsx", data_only=True)
    for sheet in book:
        for row in sheet:
            for cell in row:
                if cell.data_type == "f":
                    cell.value = results[sheet.title][cell.coordinate].value
    book.save(inbox / "corregido UR06.xlsx")
    run(inbox, settings)
    written = write_unit_reports(2024, 3, tmp_path / "out", settings).written
    pages = sorted(path.name for path in written if path.name.startswith("UR06") and path.suffix == ".html")
    assert len(pages) == 2
    assert "UR06_2024T3.html" in pages


def test_reports_without_a_snapshot_say_what_to_do(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run `poa consolidate` first"):
        write_unit_reports(2024, 3, tmp_path / "out", settings)
