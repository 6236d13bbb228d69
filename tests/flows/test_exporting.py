"""A version as open data: read back by other programs, and described column by column."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from flows.outputs.exporting import export_version
from flows.runs.consolidation import ConsolidationResult
from reports.open_data.data_package import DESCRIPTOR
from reports.open_data.export import export, neutral
from warehouse.connect import open_warehouse
from warehouse.queries.published import view
from warehouse.schema.views import PUBLIC


@pytest.fixture
def store(consolidated: ConsolidationResult, settings: Settings) -> Settings:
    return settings


def rows(store: Settings, name: str) -> pl.DataFrame:
    with open_warehouse(store.warehouse) as warehouse:
        return view(warehouse, name, year=2024, quarter=3, version=1)


def test_parquet_reads_as_one_partitioned_table(store: Settings, tmp_path: Path) -> None:
    written = export_version(2024, 3, None, tmp_path, "parquet", store)
    assert len(written) == len(PUBLIC) + 1
    for name in PUBLIC:
        read = pl.read_parquet(tmp_path / name, hive_partitioning=True).select(list(PUBLIC[name]))
        assert read.rows() == rows(store, name).rows()


def test_csv_holds_the_same_and_runs_nothing(store: Settings, tmp_path: Path) -> None:
    export_version(2024, 3, 1, tmp_path, "csv", store)
    read = pl.read_csv(tmp_path / "v_avance_unidad_2024T3_v1.csv", schema_overrides={"ur": pl.String})
    assert read["ur"].to_list() == rows(store, "v_avance_unidad")["ur"].to_list()
    assert read["monto_asignado"].to_list() == rows(store, "v_avance_unidad")["monto_asignado"].to_list()


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "-2", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_neutralised(text: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"said": [text, "plain", None], "number": [-1.0, 2.0, None]})
    assert neutral(frame).rows() == [(f"'{text}", -1.0), ("plain", 2.0), (None, None)]


def test_a_workbook_keeps_text_as_text(tmp_path: Path) -> None:
    form = load_form(2024)

    def read(name: str) -> pl.DataFrame:
        types = PUBLIC[name]
        values = {column: "=1+1" if kind is pl.String else None for column, kind in types.items()}
        return pl.DataFrame([values], schema=types)

    export(read, form, tmp_path, "xlsx", year=2024, quarter=3, version=2)
    sheet = openpyxl.load_workbook(tmp_path / "v_cambios_2024T3_v2.xlsx").active
    assert sheet is not None
    cells = {cell.value: cell.data_type for cell in sheet[2] if cell.value is not None}
    assert cells == {"=1+1": "s"}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:K2")


def test_the_package_describes_every_column(store: Settings, tmp_path: Path) -> None:
    export_version(2024, 3, 1, tmp_path, "csv", store)
    package = json.loads((tmp_path / DESCRIPTOR).read_text(encoding="utf-8"))
    of_view = {resource["name"].removesuffix("_2024t3_v1.csv"): resource for resource in package["resources"]}
    assert set(of_view) == set(PUBLIC)
    for name, resource in of_view.items():
        assert (tmp_path / resource["path"]).is_file()
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(PUBLIC[name])
        assert all(field["description"] for field in fields)
    fields = {field["name"]: field for field in of_view["v_avance_actividad"]["schema"]["fields"]}
    assert fields["meta_anual"]["description"].endswith("Campo 19 del formato: META ANUAL.")


def test_the_same_version_gives_the_same_bytes(store: Settings, tmp_path: Path) -> None:
    for kind in ("parquet", "csv", "xlsx"):
        first = export_version(2024, 3, 1, tmp_path / "a" / kind, kind, store)
        again = export_version(2024, 3, 1, tmp_path / "b" / kind, kind, store)
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def described(folder: Path) -> dict[str, str]:
    """Path → name of what the folder's descriptor describes."""
    resources = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    return {resource["path"]: resource["name"] for resource in resources}


def exported(folder: Path, *versions: int) -> bytes:
    """The descriptor after exporting those versions of nothing, one after another."""
    for version in versions:
        export(
            lambda name: pl.DataFrame(schema=PUBLIC[name]),
            load_form(2024),
            folder,
            "parquet",
            year=2024,
            quarter=3,
            version=version,
        )
    return (folder / DESCRIPTOR).read_bytes()


def test_the_package_describes_all_versions_in_its_folder(tmp_path: Path) -> None:
    both = exported(tmp_path / "a", 1, 2)
    assert both == exported(tmp_path / "b", 2, 1) == exported(tmp_path / "a", 1)
    files = {path.relative_to(tmp_path / "a").as_posix() for path in (tmp_path / "a").rglob("*.parquet")}
    names = described(tmp_path / "a")
    assert set(names) == files
    assert len(set(names.values())) == len(files) == 2 * len(PUBLIC)


def test_the_package_forgets_what_is_gone_and_a_descriptor_that_cannot_be_read(tmp_path: Path) -> None:
    exported(tmp_path, 1, 2)
    for path in tmp_path.rglob("version=1/*"):
        path.unlink()
    alone = exported(tmp_path, 2)
    (tmp_path / DESCRIPTOR).write_text("{", encoding="utf-8")
    assert exported(tmp_path, 2) == alone == exported(tmp_path / "fresh", 2)


def test_a_version_that_is_not_there(store: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2024 T3 has no version 7; there are 1"):
        export_version(2024, 3, 7, tmp_path, "csv", store)
    with pytest.raises(UsageError, match="2024 T2 has no snapshot"):
        export_version(2024, 2, None, tmp_path, "csv", store)
