"""One sheet's part: the style of marked cells, empty cells added for marks, the notes' drawing, which sheet opens."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from schemas.contracts.addresses import column_letters
from workbooks.annotated.splice.package import RELATIONS, STRICT_RELATIONS
from workbooks.annotated.splice.spans import Edits, Element, elements, is_true, named, prescribed, whole_number

Place: TypeAlias = tuple[int, int]  # row and column, from 1
ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
SELECTED: Final = re.compile(rb"""\stabSelected\s*=\s*["'](?:1|true)["']""")
# What may stand before the drawing of the notes, by the order that the format prescribes.
BEFORE_NOTES: Final = frozenset(
    (
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
        *("protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews"),
        *("mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
        *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches"),
        *("ignoredErrors", "smartTags", "drawing"),
    )
)
WIDTH, HEIGHT = 64, 20  # pixels of a column and a row that say nothing
KEPT: Final = BEFORE_NOTES | {"row", "col", "legacyDrawing", "sheetView"}


@dataclass
class SheetPart:
    """A parsed sheet: only cells at ``wanted`` places or with one of ``styles`` are kept."""

    xml: bytes
    wanted: frozenset[Place] = frozenset()
    styles: frozenset[str] = frozenset()
    cells: dict[Place, Element] = field(default_factory=dict)
    rows: dict[int, Element] = field(default_factory=dict)
    tops: dict[str, Element] = field(default_factory=dict)
    cols: list[tuple[int, int, Element]] = field(default_factory=list)
    views: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        places: dict[int, list[Element]] = {}
        found = elements(self.xml, _Walk(self.wanted, self.styles))
        self.root, row = found[0], 0
        for element in found[1:]:
            if element.name == "c":
                places.setdefault(row, []).append(element)
            elif element.name == "row":
                row = element.number("r", row + 1)
                self.rows[row] = element
            elif element.name == "col":
                self.cols.append((element.number("min"), element.number("max"), element))
            elif element.name == "sheetView":
                self.views.append(element)
            elif element.parent is self.root:
                self.tops[element.name] = element
        for number, kept in places.items():
            column = 0
            for cell in kept:
                column = place[1] if (place := place_of(cell.get("r") or "")) else column + 1
                self.cells[number, column] = cell

    @property
    def protected(self) -> bool:
        """Whether locked cells cannot be edited."""
        return "sheetProtection" in self.tops and is_true(self.tops["sheetProtection"].get("sheet"))

    def style(self, place: Place) -> int:
        """The style that a cell shows, whether it is written or not."""
        if place in self.cells:
            return self.cells[place].number("s")
        row = self.rows.get(place[0])
        if row is not None and row.get("s") is not None and is_true(row.get("customFormat")):
            return row.number("s")
        return next((col.number("style") for first, last, col in self.cols if first <= place[1] <= last), 0)

    def width(self, column: int) -> int:
        """Pixels of a column."""
        for first, last, col in self.cols:
            if first <= column <= last:
                return 0 if is_true(col.get("hidden")) else _pixels(col.get("width"))
        return WIDTH

    def height(self, row: int) -> int:
        """Pixels of a row."""
        element = self.rows.get(row)
        if element is None:
            return HEIGHT
        return 0 if is_true(element.get("hidden")) else round(_float(element.get("ht"), 15.0) * 4 / 3)


class _Walk:
    """Keeps what ``ReportSheet`` needs; whole rows of cells only where one of them is wanted."""

    def __init__(self, wanted: Iterable[Place], styles: frozenset[str]) -> None:
        self._rows, self._styles = {row for row, _ in wanted}, styles
        self._row = 0
        self._here = False

    def __call__(self, name: str, attributes: Mapping[str, str]) -> bool:
        if name == "c":
            return self._here or attributes.get("s") in self._styles
        if name == "row":
            self._row = whole_number(attributes.get("r"), self._row + 1)
            self._here = self._row in self._rows
            return True
        return name in KEPT


def restyled(sheet: SheetPart, styles: Mapping[Place, int], edits: Edits) -> None:
    """Give cells their style; where one is not written it is added, empty, in its row, and the row in its place."""
    data = prescribed(sheet.tops, "sheetData")
    missing: dict[int, list[Place]] = {}
    for place, style in sorted(styles.items()):
        if place in sheet.cells:
            edits.attribute(sheet.cells[place], "s", str(style))
        else:
            missing.setdefault(place[0], []).append(place)
    numbers = sorted(sheet.rows)
    for number, places in missing.items():
        cells = {place: _cell(data.prefix, place, styles[place]) for place in places}
        if number in sheet.rows:
            _add_cells(sheet, sheet.rows[number], cells, edits)
            continue
        row = b'<%srow r="%d">%s</%srow>' % (data.prefix, number, b"".join(cells.values()), data.prefix)
        after = bisect(numbers, number)
        if after < len(numbers):
            edits.insert(sheet.rows[numbers[after]].start, row)
        else:
            edits.append(data, row)


def unselected(xml: bytes) -> bytes:
    """The part of a sheet that is not the one shown when the workbook opens."""
    if not SELECTED.search(xml):
        return xml
    edits = Edits(xml)
    for view in elements(xml, named("sheetView"))[1:]:
        edits.attribute(view, "tabSelected", None)
    return edits.result()


def with_notes(sheet: SheetPart, relation: str, edits: Edits) -> None:
    """Name the drawing of the notes by its relation, in the place that the format prescribes."""
    strict = "purl.oclc.org" in sheet.root.uri
    uri = STRICT_RELATIONS if strict else RELATIONS
    last = max((top for top in sheet.tops.values() if top.name in BEFORE_NOTES), key=lambda top: top.end)
    edits.insert(
        last.end,
        b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (sheet.root.prefix, uri.encode(), relation.encode()),
    )


def place_of(address: str) -> Place | None:
    """Row and column of an address such as "H31"; None of anything else."""
    match = ADDRESS.match(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def address_of(place: Place) -> str:
    """The address of a place."""
    return f"{column_letters(place[1])}{place[0]}"


def _add_cells(sheet: SheetPart, row: Element, cells: Mapping[Place, bytes], edits: Edits) -> None:
    there = sorted(place for place in sheet.cells if place[0] == next(iter(cells))[0])
    edits.attribute(row, "spans", None)
    for place, cell in cells.items():
        after = bisect(there, place)
        if after < len(there):
            edits.insert(sheet.cells[there[after]].start, cell)
        else:
            edits.append(row, cell)


def _cell(prefix: bytes, place: Place, style: int) -> bytes:
    return b'<%sc r="%s" s="%d"/>' % (prefix, address_of(place).encode(), style)


def _pixels(width: str | None) -> int:
    return round(_float(width, 8.43) * 7 + 5)


def _float(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise
