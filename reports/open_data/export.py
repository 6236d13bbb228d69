"""A version's public views as open data: one file a view and a data package that describes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
import polars.selectors as cs

from config.atomic import replacing
from config.form import Form
from reports.open_data.data_package import describe
from warehouse.schema.dictionary import ViewColumn, view_columns, view_meaning
from warehouse.schema.views import PUBLIC
from workbooks.export.table_workbook import write_table

Format = Literal["parquet", "csv", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("parquet", "csv", "xlsx")
MEDIA_TYPES: Final[dict[Format, str]] = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Columns that Parquet's folders say, in the layout that DuckDB, Spark and Trino read as partitions.
PARTITION: Final = ("ejercicio", "trimestre", "version")
# What a spreadsheet would run when it opens a file of comma-separated values.
RUNNABLE: Final = r"^[=+\-@\t\r]"

ReadView = Callable[[str], pl.DataFrame]


def export(read: ReadView, form: Form, out: Path, kind: Format, *, year: int, quarter: int, version: int) -> list[Path]:
    """Writes every public view that ``read`` gives into ``out``; returns the files, the descriptor last.

    Parquet goes to ``<view>/ejercicio=…/trimestre=…/version=…/<view>.parquet``, so that exports of several versions
    share a folder and read as one table each; CSV and XLSX to ``<view>_2024T3_v1.csv``. The descriptor keeps what it
    said of other files that are still there. Raises OSError where ``out`` cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    place = year, quarter, version
    written = [_write(read(view), view, form, out, kind, place) for view in PUBLIC]
    resources = [_resource(view, form, out, kind, place) for view in PUBLIC]
    return [*written, describe(out, resources, year, quarter, version)]


def _write(rows: pl.DataFrame, view: str, form: Form, out: Path, kind: Format, place: tuple[int, int, int]) -> Path:
    path = _path(view, out, kind, place)
    with replacing(path) as fresh:
        if kind == "parquet":
            rows.drop(PARTITION).write_parquet(fresh, metadata={"poa:view": view})
        elif kind == "csv":
            shown = neutral(rows)
            shown.write_csv(fresh, include_bom=True, datetime_format="%Y-%m-%dT%H:%M:%S", date_format="%Y-%m-%d")
        else:
            write_table(fresh, view, rows, {column.name: column.unit for column in view_columns(view, form)})
    return path


def neutral(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with an apostrophe before each text that a spreadsheet would take for a formula."""
    texts = [pl.col(name) for name in rows.select(cs.string()).columns]
    return rows.with_columns(
        pl.when(text.str.contains(RUNNABLE)).then(pl.lit("'") + text).otherwise(text).name.keep() for text in texts
    )


def _path(view: str, out: Path, kind: Format, place: tuple[int, int, int]) -> Path:
    if kind == "parquet":
        return out.joinpath(
            view, *(f"{name}={value}" for name, value in zip(PARTITION, place, strict=True)), f"{view}.parquet"
        )
    year, quarter, version = place
    return out / f"{view}_{year}T{quarter}_v{version}.{kind}"


def _resource(view: str, form: Form, out: Path, kind: Format, place: tuple[int, int, int]) -> dict[str, Any]:
    columns = [column for column in view_columns(view, form) if kind != "parquet" or column.name not in PARTITION]
    year, quarter, version = place
    csv = {"dialect": {"delimiter": ",", "header": True}} if kind == "csv" else {}
    return {
        "name": f"{view}_{year}t{quarter}_v{version}.{kind}",
        "path": _path(view, out, kind, place).relative_to(out).as_posix(),
        "profile": "tabular-data-resource" if kind != "parquet" else "data-resource",
        "title": f"{view}, {year} T{quarter}, versión {version}",
        "description": view_meaning(view),
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "encoding": "utf-8",
        **csv,
        "schema": {"fields": [_described(column) for column in columns], "missingValues": [""]},
    }


def _described(column: ViewColumn) -> dict[str, str]:
    parts = [column.meaning]
    if column.unit:
        parts.append(f"En {column.unit}.")
    if column.field and column.field.number:
        parts.append(f"Campo {column.field.number} del formato: {column.field.label}.")
    told = {"name": column.name, "type": column.type, "description": " ".join(parts)}
    return told | ({"format": "any"} if column.type == "datetime" else {})
