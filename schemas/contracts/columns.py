"""Every column name that code refers to, once. Fields of the form keep the code names of ``config/forms``."""

from __future__ import annotations

from typing import Final

# where a value stands
FILE_ID: Final = "file_id"  # workbook within its batch, from 0
SHEET: Final = "sheet"  # sheet name
SHEET_NO: Final = "sheet_no"  # sheet position, from 0
VISIBLE: Final = "visible"  # whether a person who opens the workbook sees the sheet
PAGE: Final = "page"  # printed page within its sheet, from 0
EDIT: Final = "edit"  # what a proposal does to a displaced row
BY_ORDER: Final = "by_order"  # a page read in the form's own order of columns
ROW_ID: Final = "row_id"  # an activity row within its batch, from 0
ROW: Final = "row"  # spreadsheet row, from 1
COL: Final = "col"  # spreadsheet column, from 1
CELL: Final = "cell"  # address such as "H31"
LAST_ROW: Final = "last_row"
LAST_COL: Final = "last_col"
TEXT_ID: Final = "text_id"  # a distinct text of the batch
CLEAN: Final = "clean"  # that text without odd characters and needless blanks
KIND: Final = "kind"
NUMBER: Final = "number"
DATE: Final = "date"
LINE: Final = "line"  # budget line within its workbook, from 0

# how labels are told apart while locating
ROLE: Final = "role"  # title, section, group, line, signature or field
BLOCK: Final = "block"
GROUP: Final = "group"
LABEL_NUMBER: Final = "label_number"  # printed field number in the text, the first one

# the workbook
PAGES: Final = "pages"
MISSING: Final = "missing"
FILE: Final = "file"
SHA256: Final = "sha256"
BYTES: Final = "bytes"
SENDER: Final = "sender"  # UR code that the workbook speaks for
FORM: Final = "form"
FISCAL_YEAR: Final = "fiscal_year"
QUARTER: Final = "quarter"
VERDICT: Final = "verdict"
QUALITY: Final = "quality"
ROWS_FOUND: Final = "rows_found"
ROWS_ACCEPTED: Final = "rows_accepted"
ROWS_QUARANTINED: Final = "rows_quarantined"
FINDINGS: Final = "findings"
FINDINGS_WAIVED: Final = "findings_waived"
ASKED: Final = "asked"  # cells that the form asks for

# a workbook among others
RECEIVED_AT: Final = "received_at"
ON_TIME: Final = "on_time"
REPEATS: Final = "repeats"
KNOWN_AS: Final = "known_as"
IS_CURRENT: Final = "is_current"
UNITS_SUM: Final = "units_sum"
TOP_ROW: Final = "top_row"
HEADER_ROW: Final = "header_row"  # first row of the activities' column labels
DATA_ROW: Final = "data_row"  # first row that may hold an activity
BOTTOM_ROW: Final = "bottom_row"
COLUMNS: Final = "columns"

# fields of the form that code refers to
UNIT_CODE: Final = "unit_code"
UNIT_NAME: Final = "unit_name"
LEVEL: Final = "level"
CODE: Final = "code"
NAME: Final = "name"
TEXT: Final = "text"
INSTITUTION: Final = "institution"
DRAWN_UP_ON: Final = "drawn_up_on"
GUIDING_AXIS: Final = "guiding_axis"
GENERAL_AXIS: Final = "general_axis"
ACTIVITY_NO: Final = "activity_no"
DESCRIPTION: Final = "description"
LEGAL_BASIS: Final = "legal_basis"
STRATEGY_CODE: Final = "strategy_code"
ASSIGNED_AMOUNT: Final = "assigned_amount"
MEASURE_UNIT: Final = "measure_unit"
MEASURE: Final = "measure"  # the unit of measure in its canonical spelling
READING: Final = "reading"  # how its figures add up over quarters: sum, last, average or maximum
ANNUAL_TARGET: Final = "annual_target"
ACHIEVED_TOTAL: Final = "achieved_total"
REPORTED_PROGRESS: Final = "reported_progress"
PURPOSE: Final = "purpose"
JUSTIFICATION: Final = "justification"
COMMENTS: Final = "comments"
QUARTERS: Final = (1, 2, 3, 4)
PLANNED: Final = ("planned_q1", "planned_q2", "planned_q3", "planned_q4")
ACHIEVED: Final = ("achieved_q1", "achieved_q2", "achieved_q3", "achieved_q4")
EXERCISED: Final = ("exercised_q1", "exercised_q2", "exercised_q3", "exercised_q4")
HEADER_FIELDS: Final = (
    *(INSTITUTION, DRAWN_UP_ON, GUIDING_AXIS, "cross_axis", GENERAL_AXIS, "strategic_objective"),
    *("finalidad", "funcion", "subfuncion", "modalidad", "sector_programme"),
)

SIGNED: Final = "signed"  # whether something stands with the signature labels

# findings
RULE: Final = "rule"
VARIANT: Final = "variant"  # of a rule, "" where it has none; with the rule it is policy's key
SEVERITY: Final = "severity"
FIELD: Final = "field"
LABEL: Final = "label"  # the field as a unit is told of it: its printed label
VALUE: Final = "value"
EXPECTED: Final = "expected"
DIFFERENCE: Final = "difference"
ORIGIN: Final = "origin"
MESSAGE: Final = "message"
POINTS: Final = "points"
WAIVED: Final = "waived"
WAIVER_ID: Final = "waiver_id"  # the waiver that silences a finding
ANSWER: Final = "answer"  # what the unit wrote beside a finding in the sheet that it was sent back
KNOWN_QUARTER: Final = "known_quarter"  # the quarter whose workbook told a finding first, null: told now first
KNOWN_SINCE: Final = "known_since"  # the day on which that workbook was received

# quarantine
RULES: Final = "rules"
CELLS: Final = "cells"
PROPOSAL: Final = "proposal"


def half(field: str) -> str:
    """Column with the half-width of the range that a written amount or percentage stands for."""
    return f"{field}__half"


def written(field: str) -> str:
    """Column with a cell as the unit wrote it, before any type was wanted of it."""
    return f"{field}__written"
