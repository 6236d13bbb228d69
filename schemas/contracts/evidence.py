"""What the rules judge: typed frames of a batch, each value with its address."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.context import Context as Context


@dataclass(frozen=True)
class Evidence:
    """The typed batch.

    ``workbooks``: one row per file: file_id, fiscal_year (null), pages (count), missing (labels of required columns
    that no page has, joined by "; ", null where none), sender.
    ``header``: one row per (file, field): code, text, date, sheet, row, col of the value cell.
    ``header_pages``: the same of every page, one row per (file, page, field), in reading order, with sheet_no and page.
    ``budget``: one row per budget line: line, level, unit_code, unit_name; per numeric column its value, its
    ``half`` and what was ``written``; sheet, sheet_no, page, row.
    ``rows``: one row per activity row found: every activity field, numeric ones with ``half`` and ``written``;
    row_id (position in the frame); sheet, sheet_no, page, row; once ``measured``, what measures.py adds.
    ``pages``: one row per page with a table: file_id, sheet_no, sheet, page, header_row, top_row, bottom_row, by_order
    (its labels lie and its columns are read in the form's own order).
    ``displaced``: one row per row whose cells do not stand in their columns: file_id, sheet_no, page, row, edit, col,
    last_col, value, cells, columns, missing.
    ``unknown_columns``, of budget lines and activities: file_id, sheet_no, page, row, col, text (over it, or null),
    cells (filled ones).
    ``unknown_cells``: the cells of those columns, and what stands beside the columns in displaced rows: file_id,
    sheet_no, page, row, col, text (over it, or null), value as written.
    ``signatures``: one row per workbook with a label of the signature block: file_id, sheet, row, col of the first one,
    signed (a name or role stands with them).
    ``odd_texts``: cells of header, budget lines and activities whose text has characters that do not show, or begins
    like a formula: file_id, sheet_no, sheet, row, col, block, field, text as stored.
    ``unread``: hidden sheets with the form that were not read, for a visible one has it too: file_id, sheet_no, sheet.
    ``ours_alone``: file_id of workbooks with nothing but the sheet of observations that we made.
    ``budget_columns``, ``activity_columns``: file_id, sheet_no, page, field, col: with a row they address a cell.
    """

    workbooks: pl.DataFrame
    header: pl.DataFrame
    header_pages: pl.DataFrame
    budget: pl.DataFrame
    rows: pl.DataFrame
    pages: pl.DataFrame
    displaced: pl.DataFrame
    unknown_columns: pl.DataFrame
    unknown_cells: pl.DataFrame
    signatures: pl.DataFrame
    odd_texts: pl.DataFrame
    unread: pl.DataFrame
    budget_columns: pl.DataFrame
    activity_columns: pl.DataFrame
    ours_alone: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={c.FILE_ID: pl.Int64}))
