"""Frames go into both databases as they are: COPY on PostgreSQL, many rows a statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from sqlalchemy import Boolean, Column, Connection, Float, Integer, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError

from warehouse.connect import Warehouse
from warehouse.database.bulk import insert_frame, read_frame

THING = Table(
    "thing made for a test",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("of text", Text),
    Column("real", Float(53)),
    Column("flag", Boolean),
)
TYPES = {"id": pl.Int64, "of text": pl.String, "real": pl.Float64, "flag": pl.Boolean}
TEXTS = (
    *(None, "", " ", "null", "NULL", r"\N", r"\.", "\\", "a\tb", "a\nb", "a\r\nb", '"', '""', "a,b", "'; DROP TABLE x"),
    *("áñü €", "\N{PILE OF POO}", "=1+1", "%s ? :x", "1e5", "true", "\x01", "\N{LINE SEPARATOR}"),
)
REALS = (None, 0.0, 0.1 + 0.2, 1e16, 1e-7, -123456789.125, 1.7976931348623157e308, 5e-324)


@pytest.fixture
def connection(warehouse: Warehouse) -> Iterator[Connection]:
    with warehouse.engine.connect() as opened, opened.begin() as transaction:
        THING.create(opened)
        yield opened
        transaction.rollback()


def stored(connection: Connection) -> pl.DataFrame:
    return read_frame(connection, select(THING).order_by(THING.c.id), TYPES)


def test_every_value_comes_back_as_it_was(connection: Connection) -> None:
    rows = [(0, "first", 1.0, True)]
    rows += [(len(rows) + i, text, 1.5, False) for i, text in enumerate(TEXTS)]  # type: ignore[misc]
    rows += [(len(rows) + i, "real", real, None) for i, real in enumerate(REALS)]  # type: ignore[misc]
    frame = pl.DataFrame(rows, schema=TYPES, orient="row")
    insert_frame(connection, THING, frame)
    assert stored(connection).rows() == frame.rows()


def test_columns_go_by_name_and_those_left_out_are_null(connection: Connection) -> None:
    insert_frame(connection, THING, pl.DataFrame({"flag": [True], "id": [7]}))
    assert stored(connection).rows() == [(7, None, None, True)]


def test_what_no_database_holds_alike_is_replaced(connection: Connection) -> None:
    insert_frame(
        connection, THING, pl.DataFrame({"id": [1, 2], "of text": ["a\x00b", None], "real": [float("nan"), -0.0]})
    )
    text, reals = stored(connection)["of text"].to_list(), stored(connection)["real"].to_list()
    assert text == ["a\N{REPLACEMENT CHARACTER}b", None]
    assert str(reals) == "[None, 0.0]"


@pytest.mark.parametrize("count", [1, 224, 225, 226, 1000])  # 225 rows of four columns make a statement on SQLite
def test_any_number_of_rows_goes_in_once_each(connection: Connection, count: int) -> None:
    rows = [(i, f"text {i}", i / 7, i % 2 == 0) for i in range(count)]
    insert_frame(connection, THING, pl.DataFrame(rows, schema=TYPES, orient="row"))
    assert stored(connection).rows() == rows


def test_nothing_to_add_is_nothing_done(connection: Connection) -> None:
    insert_frame(connection, THING, pl.DataFrame(schema=TYPES))
    assert stored(connection).is_empty()


def test_what_the_database_refuses_is_an_error_of_sqlalchemy(connection: Connection) -> None:
    with pytest.raises(IntegrityError) as refused:
        insert_frame(connection, THING, pl.DataFrame({"id": [1, 1]}))
    assert "thing made for a test" in str(refused.value.statement)
