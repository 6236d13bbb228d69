"""Exports read by the programs that they are made for: DuckDB the Parquet folder, frictionless the data package."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import duckdb
import pytest

from config.settings import Settings
from flows.outputs.exporting import export_version
from flows.runs.consolidation import Request, consolidate, listed
from reports.open_data.data_package import DESCRIPTOR
from warehouse.connect import open_warehouse
from warehouse.queries.published import view
from warehouse.schema.views import PUBLIC


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, founding: Path, as_printed: Path) -> tuple[Settings, Path]:
    """Two quarters, the later in two versions, all three exported into one folder."""
    folder = tmp_path_factory.mktemp("exported")
    settings = Settings(
        warehouse=f"sqlite:///{folder / 'poa.db'}", archive=folder / "archive", executor="inline", batch_size=2
    )
    for quarter, sent in ((2, founding), (3, founding), (3, as_printed)):
        inbox = folder / f"t{quarter}"
        inbox.mkdir(exist_ok=True)
        shutil.copy(sent, inbox / f"{sent.stem}.xlsx")
        request = Request(2024, quarter, inbox)
        consolidate(request, settings, listed(request, settings))
    for quarter, version in ((2, 1), (3, 1), (3, 2)):
        export_version(2024, quarter, version, folder / "parquet", "parquet", settings)
        export_version(2024, quarter, version, folder / "csv", "csv", settings)
    return settings, folder


@pytest.mark.parametrize("name", PUBLIC)
def test_duckdb_reads_the_parquet_folders_as_one_table(exported: tuple[Settings, Path], name: str) -> None:
    settings, folder = exported
    files = folder / "parquet" / name / "**" / "*.parquet"
    table = f"read_parquet('{files}', hive_partitioning = true)"
    with duckdb.connect() as database:
        types = dict(
            database.execute(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {table})").fetchall()
        )
        assert set(types) == set(PUBLIC[name])
        assert {types[column] for column in ("ejercicio", "trimestre", "version")} == {"BIGINT"}
        found = database.execute(
            f"SELECT trimestre, version, count(*) FROM {table} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    with open_warehouse(settings.warehouse) as warehouse:
        counts = [
            (q, v, view(warehouse, name, year=2024, quarter=q, version=v).height) for q, v in ((2, 1), (3, 1), (3, 2))
        ]
    assert found == [row for row in counts if row[2]]


def test_frictionless_finds_the_package_sound(exported: tuple[Settings, Path]) -> None:
    _, folder = exported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, at import
        import frictionless
    report = frictionless.validate(str(folder / "csv" / DESCRIPTOR))
    assert report.flatten(["type", "title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    stems = [f"{name}_2024t{at}.csv" for name in PUBLIC for at in ("2_v1", "3_v1", "3_v2")]
    assert sorted(task.name for task in report.tasks) == sorted(stems)
    assert sum(task.stats.get("rows", 0) for task in report.tasks) > 30
