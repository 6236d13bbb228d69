"""A batch of workbooks as one long frame of cells, each knowing its file, sheet, row and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.frames import ANSWERS
from schemas.findings.refusal import Refusal

# One row per filled cell; exactly one of text_id, number, date is set.
CELLS = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.ROW: pl.Int32,
    c.COL: pl.Int32,
    c.TEXT_ID: pl.Int32,
    c.NUMBER: pl.Float64,
    c.DATE: pl.Date,
}
TEXTS = {c.TEXT_ID: pl.Int32, c.TEXT: pl.String}
FILES = {c.FILE_ID: pl.Int64}
SHEETS = {c.FILE_ID: pl.Int64, c.SHEET_NO: pl.Int32, c.SHEET: pl.String, c.VISIBLE: pl.Boolean}
# A merged area, both corners included, rows and columns from 1.
MERGES = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.ROW: pl.Int32,
    c.COL: pl.Int32,
    c.LAST_ROW: pl.Int32,
    c.LAST_COL: pl.Int32,
}

Refusals: TypeAlias = dict[int, Refusal]


@dataclass(frozen=True)
class Cells:
    """All filled cells of a batch. ``texts`` holds each distinct text once; cells refer to it by ``text_id``.

    Of the sheet "Observaciones" that we added to a workbook only the ``answers`` are told; ``ours_alone``
    (file_id) are the files with no other sheet.
    """

    cells: pl.DataFrame
    texts: pl.DataFrame
    sheets: pl.DataFrame
    merges: pl.DataFrame
    refusals: Refusals
    answers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ANSWERS))
    ours_alone: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FILES))
