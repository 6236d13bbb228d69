"""Rows whose cells do not stand in their columns, each with a proposal: the one edit that makes the row read right.

Nothing is moved here. Edits are tried on the rows that cannot be right as they stand; the same edit is scored over all
such rows of a page, and edits after which the page reads the same count as one. Where no edit is the one, or a row is
cut off, the row has no proposal but is told with what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.repair.check_digits import FAULTS, HOLES, PROOFS, check_digits_hold, sound, with_check_digits
from transforms.repair.edits import Cell, Columns, Edit, all_edits, as_rows, edited
from transforms.rows.text_rows import ROW_KEY
from transforms.typed.rows import HALF, VALUE, WRITTEN

BESIDE = "beside"
FARTHEST_SHIFT = 12  # columns; a row that stands farther off has lost too many cells to be known
LEAST_ALIGNED = 5  # fields from the first on that must fit for a row to count as shifted whole

# One row per displaced row. `edit` is its kind; `col` to `last_col` are the places where it reads the same, `value` is
# what stands there (of a shift: by how many columns). `cells` is JSON {field: as written} of the row as proposed and
# `columns` JSON {field: column} of where each value stands now, both null without a proposal; then `missing` names the
# fields that the row lacks.
DISPLACED = {
    c.FILE_ID: pl.Int64,
    c.SHEET_NO: pl.Int32,
    c.PAGE: pl.Int64,
    c.ROW: pl.Int32,
    c.EDIT: pl.String,
    c.COL: pl.Int32,
    c.LAST_COL: pl.Int32,
    c.VALUE: pl.String,
    c.CELLS: pl.String,
    c.COLUMNS: pl.String,
    c.MISSING: pl.String,
}


def displaced(
    wide: pl.DataFrame, typed: pl.DataFrame, beside: pl.DataFrame, blocks: Blocks, form: Form
) -> pl.DataFrame:
    """The displaced rows of a batch: columns of DISPLACED.

    ``typed`` are the activities' typed cells (ROW_KEY, field, col, …) and ``wide`` the rows that they make; ``beside``
    are the typed cells of their rows that stand right of the table's last column, in no field.
    """
    extra = beside.select(ROW_KEY).unique().with_columns(pl.lit(value=True).alias(BESIDE))
    proved = with_check_digits(wide, form).join(extra, on=ROW_KEY, how="left")
    doubtful = proved.filter(((pl.col(FAULTS) > 0) | pl.col(BESIDE).fill_null(value=False)) & ~check_digits_hold())
    if doubtful.is_empty():
        return pl.DataFrame(schema=DISPLACED)
    cells = pl.concat([typed.drop(c.FIELD), beside], how="diagonal").join(doubtful, on=ROW_KEY, how="semi")
    columns = _columns(blocks, doubtful, form)
    found = [row for page, rows in _rows(cells).items() for row in _of_page(page, rows, columns[page], form)]
    return pl.DataFrame(found, schema=DISPLACED, orient="row")


def _of_page(
    page: tuple[int, ...], rows: Mapping[int, list[Cell]], columns: Columns, form: Form
) -> Iterator[tuple[Any, ...]]:
    """One tuple of DISPLACED per row of the page that an edit, or a shift cut off, explains."""
    edits = the_edits(list(rows.values()), columns, form)
    for row, cells in rows.items():
        reads = as_rows([edited(cells, columns, edits[0])], columns, form).row(0, named=True) if edits else None
        if reads and not (reads[FAULTS] or reads[HOLES]):
            yield (*page, row, *_proposal(cells, edits, columns, reads, form))
        else:
            yield from ((*page, row, *told) for told in _cut_off(cells, columns, form))


def the_edits(rows: Sequence[Sequence[Cell]], columns: Columns, form: Form) -> list[Edit]:
    """The edits that prove most of the rows right, if they all make them read the same; else none.

    A row whose own check digits do not hold is carried by the others: the same edit must prove as many rows as it
    leaves unproven.
    """
    edits = all_edits(columns, FARTHEST_SHIFT)
    lines = [edited(cells, columns, edit) for edit in edits for cells in rows]
    frame = as_rows(lines, columns, form).with_columns(check_digits_hold().alias("proven"))
    tried = [(edit, frame.slice(i * len(rows), len(rows))) for i, edit in enumerate(edits)]
    score = [(int(each["proven"].sum()), int(each[PROOFS].sum())) for _, each in tried]
    best = max(score)
    winners = [each for each, points in zip(tried, score, strict=True) if points == best]
    readings = [each.filter(sound()) for _, each in winners]
    same = all(reading.equals(readings[0]) for reading in readings)
    carried = best[0] * 2 >= readings[0].height
    return [edit for edit, _ in winners] if best[0] and same and carried else []


def _proposal(
    cells: Sequence[Cell], edits: Sequence[Edit], columns: Columns, reads: Mapping[str, Any], form: Form
) -> tuple[Any, ...]:
    """edit, col, last_col, value, cells, columns, missing of a row that ``edits`` make read right."""
    kind = edits[0].kind
    numbers = [col for col, _ in columns]
    places = [numbers[edit.place] for edit in edits if edit.kind == kind] if kind != "shift" else [cells[0].col]
    at = {cell.col: cell.written for cell in cells}
    line = edited(cells, columns, edits[0])
    stands = {field.name: cell.col for (_, field), cell in zip(columns, line, strict=False) if cell}
    return (
        kind,
        min(places),
        max(places),
        str(edits[0].place) if kind == "shift" else at.get(max(places)),
        json.dumps({field.name: reads[c.written(field.name)] for field in form.activity}, ensure_ascii=False),
        json.dumps(stands),
        None,
    )


def _cut_off(cells: Sequence[Cell], columns: Columns, form: Form) -> Iterator[tuple[Any, ...]]:
    """The same of a row shifted whole whose end is missing: no edit completes it, but what it lacks can be said."""
    shifts = [Edit("shift", by) for by in range(1, FARTHEST_SHIFT + 1)]
    lines = [edited(cells, columns, shift) for shift in shifts]
    faults = as_rows(lines, columns, form).get_column(FAULTS)
    lead = [next((place for place, cell in enumerate(line) if cell is None), len(line)) for line in lines]
    fitting = [i for i, fault in enumerate(faults) if fault == 0 and lead[i] >= LEAST_ALIGNED]
    if not fitting or cells[0].col == columns[0][0]:
        return
    best = max(fitting, key=lambda i: lead[i])
    missing = [
        form.told("activity", field.name)
        for (_, field), cell in zip(columns, lines[best], strict=False)
        if cell is None and field.required != "optional"
    ]
    first = cells[0].col
    yield "shift", first, first, str(shifts[best].place), None, None, "; ".join(missing)


def _rows(cells: pl.DataFrame) -> dict[tuple[int, ...], dict[int, list[Cell]]]:
    """The cells, from the left, of each row of each page."""
    pages: dict[tuple[int, ...], dict[int, list[Cell]]] = {}
    ordered = cells.sort(*ROW_KEY, c.COL).select(*ROW_KEY, c.COL, c.CLEAN, VALUE, HALF, WRITTEN)
    for *page, row, col, clean, value, half, written in ordered.iter_rows():
        pages.setdefault(tuple(page), {}).setdefault(row, []).append(Cell(col, clean, value, half, written))
    return pages


def _columns(blocks: Blocks, doubtful: pl.DataFrame, form: Form) -> dict[tuple[int, ...], list[Any]]:
    """The columns of each page, from the left."""
    mapped = blocks.activity_columns.join(doubtful.select(PAGE_KEY).unique(), on=PAGE_KEY, how="semi")
    pages: dict[tuple[int, ...], list[Any]] = {}
    for *page, col, name in mapped.sort(*PAGE_KEY, c.COL).select(*PAGE_KEY, c.COL, c.FIELD).iter_rows():
        pages.setdefault(tuple(page), []).append((col, form.of("activity", name)))
    return pages
