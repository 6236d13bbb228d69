"""What a reader sees of a workbook: values, merged areas and sheets, to hold two of them against each other."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schemas.findings.refusal import is_panic
from workbooks.annotated.splice.sheet import Place
from workbooks.annotated.splice.spans import UnspliceableError
from workbooks.reading.answer_sheet import Answered, answers, heading_row


@dataclass
class Seen:
    """Sheets by name with what they say, ours left out: those are in ``ours``, and what the unit answered there."""

    sheets: dict[str, tuple[bool, list[list[Any]], list[Any]]] = field(default_factory=dict)
    ours: list[str] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)

    def anchors(self) -> Mapping[str, Mapping[Place, Place]]:
        """By sheet: each cell that a merged area hides, with the one that the area shows."""
        return {
            name: {
                (row, column): (top + 1, left + 1)
                for (top, left), (bottom, right) in merges
                for row in range(top + 1, min(bottom + 1, top + len(grid) + 1) + 1)
                for column in range(left + 1, right + 2)
                if (row, column) != (top + 1, left + 1)
            }
            for name, (_, grid, merges) in self.sheets.items()
        }


def seen(content: bytes) -> Seen:
    """What calamine reads in a workbook that was admitted; raises UnspliceableError where it gives up."""
    try:
        return _seen(content)
    except BaseException as error:
        if is_panic(error):
            raise UnspliceableError("su estructura interna no es la usual") from error
        raise


def _seen(content: bytes) -> Seen:
    workbook, found = CalamineWorkbook.from_filelike(io.BytesIO(content)), Seen()
    for told in workbook.sheets_metadata:
        if told.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(told.name)
        grid = [] if sheet.start is None else sheet.to_python(skip_empty_area=False)
        headings = heading_row(grid)
        if headings is not None:
            found.ours.append(told.name)
            found.answers += answers(grid, headings)
        else:
            visible = told.visible == SheetVisibleEnum.Visible
            found.sheets[told.name] = visible, grid, sheet.merged_cell_ranges or []
    return found


def same(one: Seen, other: Seen) -> bool:
    """Whether both say the same; what is no number equals itself here."""
    return one.sheets == other.sheets or repr(one.sheets) == repr(other.sheets)
