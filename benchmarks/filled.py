"""A warehouse of many quarters filled by bulk inserts: made-up rows in the shape that consolidations leave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, Table

from schemas.contracts import columns as c
from warehouse.connect import Warehouse
from warehouse.database.bulk import insert_frame
from warehouse.database.engine import POSTGRESQL
from warehouse.queries.figure_cells import FIGURES
from warehouse.schema import snapshot_tables as v
from warehouse.schema import tables as t

YEARS, UNITS, ACTIVITIES = tuple(range(2020, 2026)), 200, 15
# Of each workbook: findings, and values that changed since the version before; each quarter has two versions.
FINDINGS, CHANGES, EXTRAS, VERSIONS = 12, 20, 4, 2
NOW = datetime(2024, 10, 5, 18, 30)


def fill(warehouse: Warehouse, years: Sequence[int] = YEARS) -> int:
    """Fills an empty warehouse, one workbook a UR and quarter of ``years``; the number of its activities."""
    activities = 0
    with warehouse.engine.begin() as connection:
        for number, (year, quarter) in enumerate((year, quarter) for year in years for quarter in c.QUARTERS):
            for table, rows in _quarter(number, year, quarter):
                _insert(connection, table, rows)
                activities += rows.height if table is t.activity else 0
    if warehouse.engine.dialect.name == POSTGRESQL:  # as its autovacuum does by itself, some time later
        with warehouse.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return activities


def _insert(connection: Connection, table: Table, rows: pl.DataFrame) -> None:
    if connection.dialect.name != POSTGRESQL:
        written = pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S.%6f")
        insert_frame(connection, table, rows.with_columns(written))
        return
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN WITH CSV") as copy:
        copy.write(rows.write_csv(include_header=False))


def _quarter(number: int, year: int, quarter: int) -> Iterator[tuple[Table, pl.DataFrame]]:
    """The rows of one quarter; keys go on from those of the ``number`` quarters before."""
    yield (
        t.run,
        _ids(number, 1).with_columns(
            started=pl.lit(NOW), year=year, quarter=quarter, command=pl.lit("consolidate"), outcome=pl.lit("published")
        ),
    )
    books = _ids(number, UNITS).with_columns(unit=_within(UNITS))
    yield from _workbooks(books, number, year, quarter)
    yield from _facts(books, number, quarter)
    yield from _versions(books, number, year, quarter)


def _workbooks(books: pl.DataFrame, number: int, year: int, quarter: int) -> Iterator[tuple[Table, pl.DataFrame]]:
    code = (pl.col("unit") + 100).cast(pl.String)
    sha = pl.format("{}{}", pl.lit("0" * 40), pl.col("id"))
    yield t.submission, books.select(
        "id", pl.lit(year).alias("year"), pl.lit(quarter).alias(c.QUARTER), sha.alias(c.SHA256),
        pl.format("UR{}.xlsx", code).alias(c.FILE), pl.lit(30_000).alias(c.BYTES), code.alias(c.SENDER),
        pl.lit(NOW).alias("received_at"), pl.lit(NOW).alias("received_local"), pl.lit(True).alias("on_time"),
    )  # fmt: skip
    said = {c.VERDICT: pl.lit("observado"), c.QUALITY: pl.lit(95.0), c.ASKED: pl.lit(200)}
    yield t.judgement, books.select(
        "id", pl.col("id").alias("submission_id"), *(pl.lit("r").alias(name) for name in t.PROVENANCE),
        pl.lit(number + 1).alias("run_id"), pl.lit(number + 1).alias("last_run_id"), code.alias(c.SENDER),
        rows_found=ACTIVITIES + 1, rows_accepted=ACTIVITIES, rows_quarantined=1, **said,
    )  # fmt: skip
    yield t.judgement_unit, books.select(
        "id", pl.col("id").alias("judgement_id"), code.alias(c.UNIT_CODE), pl.lit("principal").alias(c.LEVEL),
        rows_accepted=ACTIVITIES, rows_quarantined=1, findings=FINDINGS, **said,
    )  # fmt: skip


def _facts(books: pl.DataFrame, number: int, quarter: int) -> Iterator[tuple[Table, pl.DataFrame]]:
    lines = _of_books(books, number, 2).with_columns(
        pl.col("nth").alias(c.LINE), pl.lit(697_403.0).alias(c.ASSIGNED_AMOUNT),
        pl.when(pl.col("nth") == 0).then(pl.lit("programme")).otherwise(pl.lit("principal")).alias(c.LEVEL),
        pl.when(pl.col("nth") > 0).then(pl.col(c.UNIT_CODE)).alias(c.UNIT_CODE),
    )  # fmt: skip
    yield t.budget_line, lines.drop("nth", "unit")
    place = {"sheet": pl.lit("POA 1"), "page": pl.lit(0), "row": pl.col("nth") + 20}
    activities = _of_books(books, number, ACTIVITIES).with_columns(
        pl.col("nth").alias(c.ACTIVITY_NO), pl.format("Actividad {} de la unidad", pl.col("nth")).alias(c.DESCRIPTION),
        pl.format("ER1-2.1.{}", (pl.col("nth") + pl.col("unit")) % 40).alias(c.STRATEGY_CODE),
        pl.lit(46_493.5).alias(c.ASSIGNED_AMOUNT), pl.lit("Informe").alias(c.MEASURE_UNIT),
        pl.lit("Informe").alias(c.MEASURE), pl.lit(12.0).alias(c.ANNUAL_TARGET),
        pl.when(pl.col("nth") % 10 == 9).then(pl.lit("average")).otherwise(pl.lit("sum")).alias(c.READING), **place,
    )  # fmt: skip
    yield t.activity, activities.drop("nth", "unit")
    columns = pl.lit(json.dumps({name: number for number, name in enumerate(FIGURES, 6)}))
    yield t.form_page, books.select("id", judgement_id="id", sheet=place["sheet"], page=place["page"], columns=columns)
    calendar = activities.select(pl.col("id").alias("activity_id"), "unit").join(
        pl.DataFrame({c.QUARTER: c.QUARTERS}), how="cross"
    )
    achieved = pl.when(pl.col(c.QUARTER) <= quarter).then((pl.col("activity_id") * 7 % 5).cast(pl.Float64))
    yield t.activity_quarter, calendar.select("activity_id", c.QUARTER, planned=3.0, achieved=achieved)
    held = _of_books(books, number, 1).with_columns(rules=pl.lit("R18"), cells=pl.lit("{}"), **place)
    yield t.quarantined_row, held.drop("nth", "unit")
    told = _of_books(books, number, FINDINGS).with_columns(
        rule=pl.lit("R05"), severity=pl.lit("aviso"), activity_no=pl.col("nth") % ACTIVITIES, cell=pl.lit("H31"),
        field=pl.lit(c.ANNUAL_TARGET), label=pl.lit("Meta anual"), value=pl.lit("62"), expected=pl.lit("52"),
        message=pl.lit("La meta anual no es la suma de su calendario"), waived=pl.lit(False),
        sheet=pl.lit("POA 1"), row=pl.col("nth") + 20,
    )  # fmt: skip
    yield t.finding, told.drop("nth", "unit")
    extras = _of_books(books, number, EXTRAS).with_columns(
        field=pl.lit("x"), label=pl.lit("Enlace"), value=pl.lit("sí"), sheet=pl.lit("POA 1"), row=pl.col("nth") + 20,
        col=pl.lit(30), cell=pl.lit("AD20"), activity_no=pl.col("nth"),
    )  # fmt: skip
    yield t.extra_value, extras.drop("nth", "unit")


def _versions(books: pl.DataFrame, number: int, year: int, quarter: int) -> Iterator[tuple[Table, pl.DataFrame]]:
    versions = _ids(number, VERSIONS).with_columns(version=_within(VERSIONS) + 1)
    yield v.snapshot, versions.with_columns(
        year=year, quarter=quarter, state=pl.lit("preliminar"), published_at=pl.lit(NOW), run_id=number + 1,
        digest=pl.lit("d"), green=0.9, amber=0.7, blue=1.3,
    )  # fmt: skip
    pairs = versions.select(pl.col("id").alias("snapshot_id"), "version").join(
        books.rename({"id": "judgement_id"}), how="cross"
    )
    code = (pl.col("unit") + 100).cast(pl.String)
    spoken = _numbered(pairs, number).with_columns(
        code.alias(c.UNIT_CODE), pl.format("UNIDAD {}", code).alias(c.UNIT_NAME)
    )
    yield (
        v.snapshot_unit,
        spoken.drop("unit", "version").with_columns(
            status=pl.lit("observado"), quality=95.0, findings=FINDINGS, findings_waived=0
        ),
    )
    changed = pairs.filter(pl.col("version") > 1).join(pl.DataFrame({"nth": range(CHANGES)}), how="cross")
    yield v.change, _numbered(changed, number).select(
        "id", "snapshot_id", pl.col("judgement_id").alias("submission_id"), code.alias(c.UNIT_CODE),
        against_id=pl.col("snapshot_id") - 1, activity_no=pl.col("nth") % ACTIVITIES, field=pl.lit(c.ACHIEVED[0]),
        label=pl.lit("Realizado 1"), before=pl.lit("3"), after=pl.lit("4"),
    )  # fmt: skip


def _ids(number: int, count: int) -> pl.DataFrame:
    return pl.DataFrame({"id": range(number * count + 1, (number + 1) * count + 1)})


def _within(count: int) -> pl.Expr:
    return (pl.col("id") - 1) % count


def _of_books(books: pl.DataFrame, number: int, each: int) -> pl.DataFrame:
    """``each`` rows a workbook: id, judgement_id, nth from 0, unit and its code."""
    rows = books.rename({"id": "judgement_id"}).join(pl.DataFrame({"nth": range(each)}), how="cross")
    return _numbered(rows, number).with_columns((pl.col("unit") + 100).cast(pl.String).alias(c.UNIT_CODE))


def _numbered(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.with_columns(id=pl.int_range(pl.len(), dtype=pl.Int64) + number * rows.height + 1)
