"""A workbook that came back with our marks: taken out again, so that they neither pile up nor count as the unit's."""

from __future__ import annotations

from collections.abc import Collection

from workbooks.annotated.splice.book import Book
from workbooks.annotated.splice.notes import undrawn, without_notes
from workbooks.annotated.splice.package import WORKBOOK, Package
from workbooks.annotated.splice.sheet import SheetPart
from workbooks.annotated.splice.spans import Edits, prescribed
from workbooks.annotated.splice.styles import Styles

CALCULATION, SAVED_BY = "xl/calcChain.xml", "docProps/app.xml"


def clean(package: Package, ours: Collection[str]) -> None:
    """Takes our sheets (``ours``, by name), fills and notes out; nothing to do where there are none of ours."""
    if not ours:
        return
    for name in ours:
        book = Book(package)
        sheet = prescribed({sheet.name: sheet for sheet in book.sheets}, name)
        if b"<f" in package.read(sheet.part) and CALCULATION in package:
            # It names cells of a sheet that is gone; programs make it anew.
            package.unrelate(WORKBOOK, CALCULATION)
            package.remove(CALCULATION)
        book.remove(sheet)
    _clean_styles(package)
    for sheet in Book(package).sheets:
        comments = package.related(sheet.part, "comments") if sheet.part in package else None
        if comments is not None:
            _clean_notes(package, sheet.part, comments)


def _clean_styles(package: Package) -> None:
    part = package.related(WORKBOOK, "styles")
    if part is None:
        return
    # LibreOffice puts a colour of its palette in the place of a fill's second one.
    by_office = SAVED_BY in package and b"LibreOffice" in package.read(SAVED_BY)
    returned = Styles(package.read(part)).returned(kept_backs=not by_office)
    package.write(part, returned.xml)
    if not returned.originals:
        return
    marks = frozenset(map(str, returned.originals))
    for listed in Book(package).sheets:
        sheet = SheetPart(package.read(listed.part), styles=marks)
        edits = Edits(sheet.xml)
        for cell in sheet.cells.values():
            edits.attribute(cell, "s", str(returned.originals[cell.number("s")]))
        if sheet.cells:
            package.write(listed.part, edits.result())


def _clean_notes(package: Package, part: str, comments: str) -> None:
    xml, gone, left = without_notes(package.read(comments))
    if xml == package.read(comments):
        return
    package.write(comments, xml)
    drawing = package.related(part, "vmlDrawing")
    shapes = False
    if drawing is not None:
        vml, shapes = undrawn(package.read(drawing), gone)
        package.write(drawing, vml)
    if left:
        return
    package.unrelate(part, comments)
    package.remove(comments)
    if drawing is not None and not shapes:
        sheet = SheetPart(package.read(part))
        edits = Edits(sheet.xml)
        edits.remove(prescribed(sheet.tops, "legacyDrawing"))
        package.write(part, edits.result())
        package.unrelate(part, drawing)
        package.remove(drawing)
