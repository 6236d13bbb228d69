"""Frames into PostgreSQL by COPY: one statement and one stream a frame, however many rows."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

# Unquoted it is null; a text of these characters is quoted, as every text is.
_NULL: Final = "\\N"


def copy_frame(connection: Connection, table: str, columns: str, frame: pl.DataFrame) -> None:
    """Adds the frame's rows; ``table`` and ``columns`` are quoted names.

    Raises DBAPIError, as any statement of SQLAlchemy does, where the database refuses.
    """
    statement = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '{_NULL}')"
    rows = frame.write_csv(include_header=False, quote_style="non_numeric", null_value=_NULL)
    # SQLAlchemy has no COPY of its own: the driver's, on the connection and in the transaction that SQLAlchemy holds.
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            statement,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=driver.closed,
            dialect=connection.dialect,
        ) from error
