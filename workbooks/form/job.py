"""What is to be written: the form, what the unit says on it, how it lays it out; and where each value was drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from config.form import Form
from workbooks.form.content import WorkbookContent
from workbooks.form.layout import Layout
from workbooks.form.style import Look, Pen


@dataclass(frozen=True)
class Place:
    """Where a value stands: columns ``left`` to ``right`` of a sheet's row, counted from 0.

    ``block`` is one of the form's, or signature; ``nth`` numbers the budget lines, ``part`` the cells of a value that
    has several (code 0, name 1).
    """

    sheet: Any
    block: str
    name: str
    row: int
    left: int
    right: int
    look: Look
    nth: int = 0
    part: int = 0


@dataclass(frozen=True)
class Job:
    """One workbook to write; ``places`` fills up while it is drawn."""

    form: Form
    content: WorkbookContent
    layout: Layout
    places: list[Place] = field(default_factory=list)

    def drew(
        self, pen: Pen, block: str, name: str, at: tuple[int, int, int], look: Look, *, nth: int = 0, part: int = 0
    ) -> None:
        """Remember that the value of a field stands ``at`` a row, from its first to its last column, of the page."""
        row, left, right = at
        rows, columns = pen.top, pen.first
        self.places.append(
            Place(pen.sheet, block, name, rows + row, columns + left, columns + right, look, nth=nth, part=part)
        )
