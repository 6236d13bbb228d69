"""The frames that a judged batch is made of: their columns and types, and the bundle that travels between steps.

Amounts are pesos, progress is a ratio 0-1, quarters are 1-4; ``row`` and ``col`` count from 1 as a spreadsheet does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeAlias

import polars as pl

from schemas.contracts import columns as c

Contract: TypeAlias = dict[str, type[pl.DataType]]

# The verdicts on a workbook, and on each UR of it.
ACCEPTED, OBSERVED, REJECTED = "aceptado", "observado", "rechazado"

# One row per workbook seen. `form` and `fiscal_year` are null where no form was recognised. `verdict` is aceptado,
# observado or rechazado. rows_found = rows_accepted + rows_quarantined. `quality` is the index 0-100, `asked` the
# cells that the form asks for. `sender` is the
# principal UR read in it, else the UR told by inbox subfolder or file name, else null.
FILES: Contract = {
    c.FILE_ID: pl.Int64,
    c.FILE: pl.String,
    c.SHA256: pl.String,
    c.BYTES: pl.Int64,
    c.SENDER: pl.String,
    c.FORM: pl.String,
    c.FISCAL_YEAR: pl.Int64,
    c.VERDICT: pl.String,
    c.QUALITY: pl.Float64,
    c.ASKED: pl.Int64,
    c.ROWS_FOUND: pl.Int64,
    c.ROWS_ACCEPTED: pl.Int64,
    c.ROWS_QUARANTINED: pl.Int64,
}

# One row per (workbook, UR it delivers); none for a rejected workbook. `level` is principal or derived; `asked`
# counts the cells asked of its rows and of the header; `findings` leaves out the waived ones, which count apart.
UNITS: Contract = {
    c.FILE_ID: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.UNIT_NAME: pl.String,
    c.LEVEL: pl.String,
    c.VERDICT: pl.String,
    c.QUALITY: pl.Float64,
    c.ASKED: pl.Int64,
    c.ROWS_ACCEPTED: pl.Int64,
    c.ROWS_QUARANTINED: pl.Int64,
    c.FINDINGS: pl.Int64,
    c.FINDINGS_WAIVED: pl.Int64,
}

# One row per core header field per workbook (the first page that fills it speaks). `code` only for coded
# fields; a date is ISO text where it could be read. Where the field is empty, `text` is null and (sheet, row, col) is
# the cell that should hold it.
HEADER: Contract = {
    c.FILE_ID: pl.Int64,
    c.FIELD: pl.String,
    c.CODE: pl.String,
    c.TEXT: pl.String,
    c.SHEET: pl.String,
    c.ROW: pl.Int64,
    c.COL: pl.Int64,
}

# One row per budget line per workbook, `line` from 0. `level` is programme, principal or derived; the programme has
# no unit_code and `unit_name` is the programme's name. `columns` is JSON {field: column number}.
BUDGET: Contract = {
    c.FILE_ID: pl.Int64,
    c.LINE: pl.Int64,
    c.LEVEL: pl.String,
    c.UNIT_CODE: pl.String,
    c.UNIT_NAME: pl.String,
    c.ASSIGNED_AMOUNT: pl.Float64,
    c.half(c.ASSIGNED_AMOUNT): pl.Float64,
    **dict.fromkeys(c.EXERCISED, pl.Float64),
    c.REPORTED_PROGRESS: pl.Float64,
    c.COMMENTS: pl.String,
    c.SHEET: pl.String,
    c.ROW: pl.Int64,
    c.COLUMNS: pl.String,
}

# One row per accepted activity, what the unit wrote (achieved of a quarter that has not ended included). `measure` is
# measure_unit in its canonical spelling; `reading`, how its figures add up over quarters: sum, last, average, maximum.
ACTIVITIES: Contract = {
    c.FILE_ID: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.DESCRIPTION: pl.String,
    c.LEGAL_BASIS: pl.String,
    c.STRATEGY_CODE: pl.String,
    c.ASSIGNED_AMOUNT: pl.Float64,
    c.MEASURE_UNIT: pl.String,
    c.MEASURE: pl.String,
    c.READING: pl.String,
    c.ANNUAL_TARGET: pl.Float64,
    **dict.fromkeys(c.PLANNED, pl.Float64),
    **dict.fromkeys(c.ACHIEVED, pl.Float64),
    c.ACHIEVED_TOTAL: pl.Float64,
    c.REPORTED_PROGRESS: pl.Float64,
    c.PURPOSE: pl.String,
    c.JUSTIFICATION: pl.String,
    c.SHEET: pl.String,
    c.PAGE: pl.Int64,
    c.ROW: pl.Int64,
}

# One row per printed page with a table of activities; `columns` is JSON {field: column number}, so that with a row
# it names the cell of every value of an activity.
PAGES: Contract = {
    c.FILE_ID: pl.Int64,
    c.SHEET: pl.String,
    c.PAGE: pl.Int64,
    c.TOP_ROW: pl.Int64,
    c.BOTTOM_ROW: pl.Int64,
    c.COLUMNS: pl.String,
}

# One row per quarantined row, kept whole: `cells` is JSON {field: as written}, `rules` the codes joined by ", ",
# `proposal` JSON or null. unit_code and activity_no where they can be read.
QUARANTINED: Contract = {
    c.FILE_ID: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.SHEET: pl.String,
    c.PAGE: pl.Int64,
    c.ROW: pl.Int64,
    c.RULES: pl.String,
    c.CELLS: pl.String,
    c.PROPOSAL: pl.String,
}

# One row per filled cell beyond the core of the form: of a field of the form that has no column above (`field` is its
# code name, `label` its printed label), or of a column that the form does not have (`field` null, `label` the text over
# it or null). `value` is as written. unit_code and activity_no where the cell's row has them.
EXTRA: Contract = {
    c.FILE_ID: pl.Int64,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.FIELD: pl.String,
    c.LABEL: pl.String,
    c.VALUE: pl.String,
    c.SHEET: pl.String,
    c.ROW: pl.Int64,
    c.COL: pl.Int64,
    c.CELL: pl.String,
}

# One row per answer in a sheet of observations that came back with a workbook: what that sheet says of the finding that
# it answers, `label` being the field as printed there, and the answer as written.
ANSWERS: Contract = {
    c.FILE_ID: pl.Int64,
    c.RULE: pl.String,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.SHEET: pl.String,
    c.CELL: pl.String,
    c.LABEL: pl.String,
    c.ANSWER: pl.String,
}

# One row per finding. Values are written as a Spanish reader would write them; `points` is what correcting it adds
# to the quality index; unit_code null: the finding is about the whole workbook. `cell` null: about the whole file.
# `known_quarter` and `known_since` are of the workbook that told it first; null: none before this one.
# `answer` is what the unit said to it, once a version is published; null before.
FINDINGS: Contract = {
    c.FILE_ID: pl.Int64,
    c.RULE: pl.String,
    c.SEVERITY: pl.String,
    c.UNIT_CODE: pl.String,
    c.ACTIVITY_NO: pl.Int64,
    c.SHEET: pl.String,
    c.ROW: pl.Int64,
    c.COL: pl.Int64,
    c.CELL: pl.String,
    c.FIELD: pl.String,
    c.LABEL: pl.String,
    c.VALUE: pl.String,
    c.EXPECTED: pl.String,
    c.DIFFERENCE: pl.Float64,
    c.MESSAGE: pl.String,
    c.POINTS: pl.Float64,
    c.WAIVED: pl.Boolean,
    c.KNOWN_QUARTER: pl.Int64,
    c.KNOWN_SINCE: pl.Date,
    c.ANSWER: pl.String,
}


def empty(contract: Contract) -> pl.DataFrame:
    """A frame of that contract without rows."""
    return pl.DataFrame(schema=contract)


def conform(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Exactly the contract's columns, in its order and types; a column that ``frame`` lacks is null."""
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None).alias(name)).cast(dtype)
        for name, dtype in contract.items()
    ]
    return frame.select(columns)


@dataclass(frozen=True)
class Judged:
    """A batch of workbooks, judged: facts, quarantined rows and findings, tied together by ``file_id``."""

    files: pl.DataFrame
    units: pl.DataFrame
    header: pl.DataFrame
    budget: pl.DataFrame
    activities: pl.DataFrame
    pages: pl.DataFrame
    quarantined: pl.DataFrame
    extra: pl.DataFrame
    answers: pl.DataFrame
    findings: pl.DataFrame


def joined(left: Judged, right: Judged) -> Judged:
    """Two judged batches as one; the workbooks of ``right`` are numbered on from those of ``left``."""
    shift = len(left.files)

    def frame(name: str) -> pl.DataFrame:
        before: pl.DataFrame = getattr(left, name)
        after: pl.DataFrame = getattr(right, name)
        return pl.concat([before, after.with_columns(pl.col(c.FILE_ID) + shift)])

    return Judged(**{field.name: frame(field.name) for field in fields(Judged)})


CONTRACTS: dict[str, Contract] = {
    "files": FILES,
    "units": UNITS,
    "header": HEADER,
    "budget": BUDGET,
    "activities": ACTIVITIES,
    "pages": PAGES,
    "quarantined": QUARANTINED,
    "extra": EXTRA,
    "answers": ANSWERS,
    "findings": FINDINGS,
}
assert list(CONTRACTS) == [f.name for f in fields(Judged)]
