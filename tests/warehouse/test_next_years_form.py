"""Next year's form is a file, no code: a year with new, renamed and moved fields stands beside the year before."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from next_years_form import changed, without, write_config, write_workbook

from config.form import load_form
from config.settings import Settings
from flows.path import Batch, InboxFile, judged
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from warehouse.connect import open_warehouse
from warehouse.queries import published
from warehouse.snapshots.digest import digest_of
from workbooks.reading.admission import Limits


@pytest.fixture
def settings(upgraded_url: str, tmp_path: Path) -> Settings:
    write_config(tmp_path / "office", changed)
    return Settings(
        warehouse=upgraded_url, archive=tmp_path / "archive", executor="inline", config_dir=tmp_path / "office"
    )


def sent(year: int, inbox: Path, settings: Settings) -> ConsolidationResult:
    request = Request(year, 3, inbox, datetime(year, 10, 3, 18, tzinfo=UTC))
    return consolidate(request, settings, listed(request, settings))


def test_both_years_stand_in_one_warehouse(settings: Settings, founding: Path, tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    shutil.copy(founding, tmp_path / "2024" / "POA_UR06.xlsx")
    write_workbook(tmp_path / "2025" / "POA_UR06.xlsx", settings.config_dir or tmp_path)
    before = sent(2024, tmp_path / "2024", settings)
    after = sent(2025, tmp_path / "2025", settings)
    assert (after.control.rows_found, after.control.rows_accepted) == (14, 14)
    with open_warehouse(settings.warehouse) as warehouse:
        judged = published.judged(warehouse, 2)
        extra = published.view(warehouse, "v_extra")
        progress = published.view(warehouse, "v_avance_actividad").drop("version", "vigente")
        with warehouse.engine.connect() as connection:
            assert digest_of(connection, 1) == before.published.digest
            assert digest_of(connection, 2) == after.published.digest
    assert judged.files[c.FORM].to_list() == ["poa_2025"]
    years = [progress.filter(ejercicio=year).drop("ejercicio") for year in (2024, 2025)]
    assert years[0].equals(years[1])
    assert extra["ejercicio"].unique().to_list() == [2025]
    shown = extra.select("ur", "no_actividad", "campo", "valor", "hoja", "celda").rows()
    assert len(shown) == 1 + 3 + 14
    assert {row for row in shown if row[1] is None} == {
        (None, None, "Folio de registro (25)", "F-2025-001", "POA 1", "T4"),
        (None, None, "Monto modificado (26)", "1000.5", "POA 1", "G5"),
        ("06", None, "Monto modificado (26)", "1001.5", "POA 1", "G6"),
        ("63", None, "Monto modificado (26)", "1002.5", "POA 1", "G7"),
    }
    assert ("06", 1, "POBLACIÓN BENEFICIADA (27)", "100", "POA 1", "F27") in shown
    assert ("63", 4, "POBLACIÓN BENEFICIADA (27)", "113", "POA 4", "F27") in shown


LEANER = [
    ("activity", c.JUSTIFICATION, c.PURPOSE, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS, c.STRATEGY_CODE, c.LEGAL_BASIS),
    ("activity", c.ASSIGNED_AMOUNT, c.MEASURE_UNIT),
    ("activity", c.ANNUAL_TARGET, c.PLANNED[3]),
    ("budget", c.COMMENTS, c.EXERCISED[0], c.REPORTED_PROGRESS, c.ASSIGNED_AMOUNT),
    ("header", "finalidad", c.DRAWN_UP_ON, c.GENERAL_AXIS),
]


@pytest.mark.parametrize("dropped", LEANER, ids=lambda dropped: f"{dropped[0]} without {dropped[1]}")
def test_rules_of_fields_that_the_form_lacks_do_not_apply(
    dropped: tuple[str, ...], third_quarter: Context, limits: Limits, tmp_path: Path
) -> None:
    block, *names = dropped
    office, path = tmp_path / "office", tmp_path / "POA_UR06.xlsx"
    write_config(office, without(block, *names))
    write_workbook(path, office)
    context = replace(third_quarter, year=2025, quarter_ends=date(2025, 9, 30), form=load_form(2025, office))
    found = judged(Batch([InboxFile(path, path.name, "0" * 64, path.stat().st_size)]), context, limits)
    assert found.files[c.ROWS_ACCEPTED].to_list() == [14]
    of_block = pl.col(c.ACTIVITY_NO).is_not_null() == (block == "activity")
    assert found.findings.filter(of_block & pl.col(c.FIELD).is_in(names)).is_empty()
