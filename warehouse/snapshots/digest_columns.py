"""The columns that a snapshot's digest covers, as numbered lists that never change.

A snapshot stores the number of its list, and its digest is always computed by that list: a column that is added to a
table changes no digest. To cover a new column, add a list with the next number (a copy of the last one with the new
column): new snapshots use it, older ones keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from schemas.contracts import columns as c

# By section of the digest, the columns of that section's own table, in the order in which they are hashed.
DigestColumns: TypeAlias = Mapping[str, tuple[str, ...]]

_FIRST: Final[DigestColumns] = {
    "snapshot": ("year", c.QUARTER, "green", "amber", "blue"),
    "unit": (c.UNIT_CODE, c.UNIT_NAME, "status"),
    "unit as judged": (c.LEVEL, c.VERDICT, c.QUALITY, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED, c.FINDINGS),
    "workbook": (
        *(c.FORM, c.FISCAL_YEAR, c.VERDICT, c.QUALITY),
        *(c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED),
    ),
    "header_value": (c.FIELD, c.CODE, c.TEXT, c.SHEET, c.ROW, c.COL),
    "budget_line": (
        *(c.LINE, c.LEVEL, c.UNIT_CODE, c.UNIT_NAME, c.ASSIGNED_AMOUNT),
        *(*c.EXERCISED, c.REPORTED_PROGRESS, c.COMMENTS, c.SHEET, c.ROW),
    ),
    "form_page": (c.SHEET, c.PAGE, c.TOP_ROW, c.BOTTOM_ROW, c.COLUMNS),
    "budget cells": (c.LINE, c.half(c.ASSIGNED_AMOUNT), c.COLUMNS),
    "activity": (
        *(c.UNIT_CODE, c.ACTIVITY_NO, c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT),
        *(c.MEASURE_UNIT, c.ANNUAL_TARGET, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS, c.PURPOSE, c.JUSTIFICATION),
        *(c.SHEET, c.PAGE, c.ROW),
    ),
    "activity_quarter": ("planned", "achieved"),
    "reading": (c.UNIT_CODE, c.SHEET, c.PAGE, c.ROW, c.MEASURE, c.READING),
    "revised": (c.UNIT_CODE, c.QUALITY, c.FINDINGS, c.FINDINGS_WAIVED),
    "quarantined_row": (c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.PAGE, c.ROW, c.RULES, c.CELLS, c.PROPOSAL),
    "finding": (
        *(c.RULE, c.SEVERITY, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.ROW, c.COL, c.CELL, c.FIELD, c.LABEL),
        *(c.VALUE, c.EXPECTED, c.DIFFERENCE, c.MESSAGE, c.POINTS, c.WAIVED),
    ),
    "extra_value": (c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD, c.LABEL, c.VALUE, c.SHEET, c.ROW, c.COL, c.CELL),
    "answer": (c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.LABEL, c.SHEET, c.CELL, c.ANSWER),
    "answered": (c.RULE, c.UNIT_CODE, c.ACTIVITY_NO, c.SHEET, c.CELL, c.FIELD, c.VALUE),
}

DIGEST_COLUMNS: Final[Mapping[int, DigestColumns]] = {1: _FIRST}
# The list of new snapshots.
CURRENT: Final = max(DIGEST_COLUMNS)
