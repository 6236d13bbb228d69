"""Error cells of an .xlsb workbook's sheet; formulas in it always carry their result."""

from __future__ import annotations

from collections.abc import Iterator

from workbooks.reading.broken_cells_xls import ERRORS
from workbooks.reading.xlsb_records import ERROR, FORMULA_ERROR, cells


def errors(part: bytes) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every error; raises DamagedRecordsError."""
    for kind, row, col, value in cells(part):
        if kind in (ERROR, FORMULA_ERROR):
            yield row, col, ERRORS.get(next(iter(value), -1), "#ERROR")
