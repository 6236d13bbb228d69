"""Workbooks into cells: python-calamine decodes, one plain loop flattens.

Call it in a worker process: calamine may panic or abort on a hostile file, and then only the worker is lost.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from schemas.contracts import columns as c
from schemas.contracts.frames import ANSWERS
from schemas.findings.refusal import Refusal, RefusedError, is_panic, refuse
from workbooks.reading.admission import Limits, admit
from workbooks.reading.answer_sheet import answers, heading_row
from workbooks.reading.cells import FILES, MERGES, SHEETS, TEXTS, Cells

DAMAGED = (CalamineError, XmlError, ZipError, OSError, ValueError)
OnWorkbook: TypeAlias = Callable[[int], None]


def read_workbooks(
    paths: Sequence[Path],
    limits: Limits,
    refused: dict[int, Refusal] | None = None,
    reached: OnWorkbook = lambda _: None,
) -> Cells:
    """Cells of ``paths``; ``file_id`` is the position in ``paths``.

    ``refused`` names files that are not to be opened, with the reason (they killed or stalled a worker before).
    ``reached`` is told each file_id before its file is opened, and in the end how many files there were.
    A file that cannot be read is in ``refusals`` and has no cells; the others are not affected.
    """
    tape = _Tape()
    refusals = dict(refused or {})
    for file_id, path in enumerate(paths):
        if file_id in refusals:
            continue
        reached(file_id)
        mark = tape.mark()
        try:
            for sheet_no, (sheet, visible) in enumerate(_sheets(path, limits)):
                tape.add_sheet(file_id, sheet_no, sheet, visible=visible)
        except RefusedError as error:
            tape.rewind(mark)
            refusals[file_id] = error.refusal
    reached(len(paths))
    return tape.cells(refusals)


def _sheets(path: Path, limits: Limits) -> Iterator[tuple[CalamineSheet, bool]]:
    """The worksheets of one admitted workbook, in order, and whether each is visible; raises RefusedError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refuse("A01", "unreadable", error=_why(error)) from error
    checked = admit(path.name, content, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(checked))
        ours = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        if len(ours) > limits.max_sheets:
            raise refuse("A03", "sheets", found=str(len(ours)), limit=str(limits.max_sheets))
        area = 0
        for told in ours:
            sheet = workbook.get_sheet_by_name(told.name)
            area += _area(sheet)
            if area > limits.max_cells:
                raise refuse("A03", "cells", found=f"{area:,}", limit=f"{limits.max_cells:,}")
            yield sheet, told.visible == SheetVisibleEnum.Visible
    except PasswordError as error:
        raise refuse("A02", "encrypted") from error
    except DAMAGED as error:
        raise refuse("A01", "damaged") from error
    except BaseException as error:
        if is_panic(error):
            raise refuse("A03", "reader_failed") from error
        raise


@dataclass
class _Tape:
    """Cells of the batch as flat lists until they become frames; a position packs file, sheet, row and column."""

    text_ids: dict[str, int] = field(default_factory=dict)
    text_at: list[int] = field(default_factory=list)
    text_of: list[int] = field(default_factory=list)
    number_at: list[int] = field(default_factory=list)
    number_of: list[float] = field(default_factory=list)
    date_at: list[int] = field(default_factory=list)
    date_of: list[dt.date] = field(default_factory=list)
    sheets: list[tuple[int, int, str, bool]] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)  # MERGES, one value after another
    answers: list[tuple[Any, ...]] = field(default_factory=list)
    ours: list[int] = field(default_factory=list)  # files with our sheet

    def _lists(self) -> tuple[list[Any], ...]:
        return (
            *(self.text_at, self.text_of, self.number_at, self.number_of, self.date_at, self.date_of),
            *(self.sheets, self.merges, self.answers, self.ours),
        )

    def mark(self) -> list[int]:
        """Where the tape stands, to rewind to when a file turns out unreadable half way."""
        return [len(values) for values in self._lists()]

    def rewind(self, mark: list[int]) -> None:
        """Forget what came after ``mark``."""
        for values, length in zip(self._lists(), mark, strict=True):
            del values[length:]

    def add_sheet(self, file_id: int, sheet_no: int, sheet: CalamineSheet, *, visible: bool) -> None:
        """Append a sheet's filled cells; of a merged area only the anchor counts, of our own sheet only the answers."""
        grid = [] if sheet.start is None else sheet.to_python(skip_empty_area=False)
        headings = heading_row(grid)
        if headings is not None:
            self.ours.append(file_id)
            self.answers += ((file_id, *answer) for answer in answers(grid, headings))
            return
        self.sheets.append((file_id, sheet_no, sheet.name, visible))
        merged = sheet.merged_cell_ranges or ()
        for (top, left), (bottom, right) in merged:
            self.merges += (file_id, sheet_no, top + 1, left + 1, bottom + 1, right + 1)
        _blank_covered(grid, merged)
        self._add_grid((file_id * SHEETS_MAX + sheet_no) * ROWS_MAX, grid)

    def _add_grid(self, base: int, grid: list[list[Any]]) -> None:
        # The one hot loop of reading: locals and packed positions make it three times as fast as rows of tuples.
        known, identify = self.text_ids, self.text_ids.setdefault
        text_at, text_of = self.text_at.append, self.text_of.append
        number_at, number_of = self.number_at.append, self.number_of.append
        for row, values in enumerate(grid, 1):
            start = (base + row) * COLS_MAX
            for at, value in enumerate(values, start + 1):
                if value == "":
                    continue
                kind = type(value)
                if kind is str:
                    text_at(at)
                    text_of(identify(value, len(known)))
                elif kind is float or kind is int:
                    number_at(at)
                    number_of(value)
                else:
                    self._add_rare(at, value)

    def _add_rare(self, at: int, value: Any) -> None:
        if isinstance(value, dt.datetime):
            value = value.date()
        if isinstance(value, dt.date):
            self.date_at.append(at)
            self.date_of.append(value)
        elif isinstance(value, bool):
            self._add_text(at, "VERDADERO" if value else "FALSO")
        else:  # a time of day or a duration: no field of the form wants one, so it stays as written
            self._add_text(at, str(value))

    def _add_text(self, at: int, text: str) -> None:
        self.text_at.append(at)
        self.text_of.append(self.text_ids.setdefault(text, len(self.text_ids)))

    def _numbers(self) -> pl.DataFrame:
        """The numbers; what a damaged file stores as NaN or infinite is none, and stays as written."""
        numbers = pl.DataFrame({AT: self.number_at, c.NUMBER: self.number_of}, schema=PACKED_NUMBER)
        finite = pl.col(c.NUMBER).is_finite()
        for at, value in numbers.filter(~finite).iter_rows():
            self._add_text(at, str(value))
        return numbers.filter(finite)

    def cells(self, refusals: dict[int, Refusal]) -> Cells:
        """The tape as frames; texts of white space alone, with or without width, are no content."""
        numbers = self._numbers()
        texts = pl.DataFrame({c.TEXT_ID: range(len(self.text_ids)), c.TEXT: list(self.text_ids)}, schema=TEXTS)
        texts = texts.filter(pl.col(c.TEXT).str.contains(r"[^\s\x{200B}-\x{200D}\x{2060}\x{FEFF}]"))
        packed = pl.concat(
            [
                pl.DataFrame({AT: self.text_at, c.TEXT_ID: self.text_of}, schema=PACKED_TEXT).join(
                    texts.select(c.TEXT_ID), on=c.TEXT_ID, how="semi"
                ),
                numbers,
                pl.DataFrame({AT: self.date_at, c.DATE: self.date_of}, schema=PACKED_DATE),
            ],
            how="diagonal",
        ).sort(AT)
        return Cells(
            cells=packed.select(*UNPACKED, c.TEXT_ID, c.NUMBER, c.DATE),
            texts=texts,
            sheets=pl.DataFrame(self.sheets, schema=SHEETS, orient="row"),
            merges=pl.DataFrame({name: self.merges[i :: len(MERGES)] for i, name in enumerate(MERGES)}, schema=MERGES),
            refusals=refusals,
            answers=pl.DataFrame(self.answers, schema=ANSWERS, orient="row"),
            ours_alone=pl.DataFrame(
                {c.FILE_ID: sorted({*self.ours} - {sheet[0] for sheet in self.sheets})}, schema=FILES
            ),
        )


OS_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "ya no está en su lugar",
    IsADirectoryError: "es una carpeta",
    PermissionError: "no hay permiso de lectura",
}
SHEETS_MAX, ROWS_MAX, COLS_MAX = 2**8, 2**21, 2**15
AT = "at"
PACKED_TEXT = {AT: pl.Int64, c.TEXT_ID: pl.Int32}
PACKED_NUMBER = {AT: pl.Int64, c.NUMBER: pl.Float64}
PACKED_DATE = {AT: pl.Int64, c.DATE: pl.Date}
UNPACKED = (
    (pl.col(AT) // (SHEETS_MAX * ROWS_MAX * COLS_MAX)).alias(c.FILE_ID),
    (pl.col(AT) // (ROWS_MAX * COLS_MAX) % SHEETS_MAX).cast(pl.Int32).alias(c.SHEET_NO),
    (pl.col(AT) // COLS_MAX % ROWS_MAX).cast(pl.Int32).alias(c.ROW),
    (pl.col(AT) % COLS_MAX).cast(pl.Int32).alias(c.COL),
)


def _area(sheet: CalamineSheet) -> int:
    """Cells from A1 to the last filled one; calamine counts rows and columns of that from 0."""
    return (sheet.total_height + 1) * (sheet.total_width + 1) if sheet.start is not None else 0


def _why(error: OSError) -> str:
    """Why the system did not open a file, in the words of who reads the refusal."""
    return OS_REASONS.get(type(error), f"error {error.errno} del sistema")


def _blank_covered(grid: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Empty what merged areas hide (their cells but the top left one).

    An area may reach past the grid: slices end there, those of its rows and those of ``blank``, as long as they.
    """
    blank = [""] * max(map(len, grid), default=0)
    height = len(grid)
    for (top, left), (bottom, right) in merged:
        first, end = left + 1, right + 1
        if top < height:
            grid[top][first:end] = blank[first:end]
        for values in grid[top + 1 : bottom + 1]:
            values[left:end] = blank[left:end]
