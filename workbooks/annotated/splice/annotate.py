"""A unit's workbook with a fill and a note in each cell that a finding names, and the sheet of observations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from workbooks.annotated.splice.book import PART, Book, Listed
from workbooks.annotated.splice.box import DRAWING
from workbooks.annotated.splice.index import LAST_COLUMN, index
from workbooks.annotated.splice.notes import commented, drawn, new_comments
from workbooks.annotated.splice.package import WORKBOOK, Package
from workbooks.annotated.splice.sheet import Place, SheetPart, address_of, place_of, restyled, unselected, with_notes
from workbooks.annotated.splice.spans import Edits
from workbooks.annotated.splice.styles import Styles
from workbooks.annotated.splice.told import HIDDEN, NoteLine, found_in, gravest, lines
from workbooks.export.observations import Observation, ObservationsSheet

PROMISE: Final = (
    "Su libro, con sus fórmulas, resultados, imágenes y macros tal como los envió. Sólo añadimos la hoja "
    "Observaciones, el color y la nota de cada celda señalada, y el libro se abre en esa hoja."
)
LOCKED: Final = "Celda bloqueada: la hoja está protegida."
MACROS: Final = "macroEnabled"
COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
STYLES: Final = "xl/styles.xml"


@dataclass
class Marked:
    """One sheet with what its cells are told."""

    listed: Listed
    sheet: SheetPart
    found: dict[Place, list[Observation]]


def annotate(package: Package, told: ObservationsSheet, anchors: Mapping[str, Mapping[Place, Place]]) -> None:
    """Puts marks, notes and the sheet of observations into a package without any of ours.

    ``anchors`` are by sheet the cells that a merged area hides, each with the one that it shows. Raises
    UnspliceableError where the package is of a kind that is not edited.
    """
    book = Book(package)
    last = MACROS in package.type_of(WORKBOOK)
    styles_part = package.related(WORKBOOK, "styles") or STYLES
    styles = Styles(package.read(styles_part))
    marked = [
        Marked(listed, SheetPart(package.read(listed.part), frozenset(found)), found)
        for listed in book.sheets
        if (found := found_in(told.rows, listed.name, anchors.get(listed.name, {})))
    ]
    rows = tuple(_placed(row, book.sheets, marked, styles, anchors) for row in told.rows)
    ours = index(replace(told, rows=rows, note=PROMISE))
    for sheet in marked:
        _mark(package, sheet, styles, strict=book.strict)
    for listed in book.sheets:
        package.write(listed.part, unselected(package.read(listed.part)))
    package.write(PART, ours.part(styles.merge(ours.styles), strict=book.strict))
    package.write(styles_part, styles.result())
    book.add(book.free_name(), ours.rows, LAST_COLUMN, last=last)


def _placed(
    row: Observation,
    sheets: Iterable[Listed],
    marked: Iterable[Marked],
    styles: Styles,
    anchors: Mapping[str, Mapping[Place, Place]],
) -> Observation:
    """The row with a link to its cell, or why it has none, and whether the unit can edit the cell as it is."""
    listed = next((sheet for sheet in sheets if sheet.name == row.sheet), None)
    place = place_of(row.cell or "")
    if listed is None or place is None:
        return row
    told = [HIDDEN] if listed.hidden else []
    sheet = next((marked_.sheet for marked_ in marked if marked_.listed is listed), None)
    place = anchors.get(listed.name, {}).get(place, place)
    if sheet is not None and sheet.protected and styles.locked(sheet.style(place)):
        told.append(LOCKED)
    return replace(row, link=None if listed.hidden else address_of(place), remedy=" ".join([*told, row.remedy]).strip())


def _mark(package: Package, marked: Marked, styles: Styles, *, strict: bool) -> None:
    part, sheet = marked.listed.part, marked.sheet
    edits = Edits(sheet.xml)
    looks = {place: styles.marked(sheet.style(place), gravest(rows)) for place, rows in marked.found.items()}
    restyled(sheet, looks, edits)
    if package.related(part, "threadedComment") is None:
        _note(package, part, sheet, {place: lines(rows) for place, rows in marked.found.items()}, edits, strict=strict)
    package.write(part, edits.result())


def _note(
    package: Package,
    part: str,
    sheet: SheetPart,
    notes: Mapping[Place, tuple[NoteLine, ...]],
    edits: Edits,
    *,
    strict: bool,
) -> None:
    comments = package.related(part, "comments")
    if comments is None:
        comments = _free(package, "xl/poaNotas{}.xml")
        package.write(comments, new_comments(sheet.root.uri.encode()))
        package.declare(comments, COMMENTS_TYPE)
        package.relate(part, "comments", comments, strict=strict)
    xml, new = commented(package.read(comments), notes)
    package.write(comments, xml)
    if not new:
        return
    drawing = next(
        (r.target for r in package.relations(part) if r.kind == "vmlDrawing" and r.id == _drawing(sheet)), None
    )
    if drawing is None:
        drawing = _free(package, "xl/drawings/poaNotas{}.vml")
        package.write(drawing, DRAWING)
        package.declare(drawing, DRAWING_TYPE)
        with_notes(sheet, package.relate(part, "vmlDrawing", drawing, strict=strict), edits)
    package.write(drawing, drawn(package.read(drawing), sheet, {place: notes[place] for place in new}))


def _drawing(sheet: SheetPart) -> str | None:
    element = sheet.tops.get("legacyDrawing")
    return None if element is None else element.get("id")


def _free(package: Package, pattern: str) -> str:
    return next(name for n in range(1, 10_000) if (name := pattern.format(n)) not in package)
