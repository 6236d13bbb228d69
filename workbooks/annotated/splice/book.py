"""The workbook part: the list of sheets with ours, the sheet that opens, and names that count sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workbooks.annotated.splice.package import RELATIONS, STRICT_RELATIONS, WORKBOOK, Package
from workbooks.annotated.splice.spans import (
    MAIN,
    STRICT,
    Edits,
    Element,
    MalformedPartError,
    elements,
    named,
    prescribed,
    text,
)
from workbooks.reading.answer_sheet import SHEET_NAME

LISTED: Final = named("sheets", "sheet", "bookViews", "workbookView", "definedNames", "definedName", *(
    "functionGroups", "externalReferences",
))  # fmt: skip
NAME_MOST: Final = 31  # characters of a sheet's name
PART: Final = "xl/worksheets/poaObservaciones.xml"
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


HIDDEN_STATES: Final = ("hidden", "veryHidden")


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it, from 0."""

    name: str
    part: str
    hidden: bool
    element: Element


class Book:
    """The workbook part of a package."""

    def __init__(self, package: Package) -> None:
        self.package, self.xml = package, package.read(WORKBOOK)
        self._found = elements(self.xml, LISTED)
        self.root = self._found[0]
        self.tops = {e.name: e for e in self._found if e.parent is self.root}
        self.strict = self.root.uri.encode() == STRICT
        parts = {relation.id: relation.target for relation in package.relations(WORKBOOK)}
        self.sheets = [
            Listed(
                e.get("name") or "", prescribed(parts, e.get("id") or ""), e.get("state") in ("hidden", "veryHidden"), e
            )
            for e in self._found
            if e.name == "sheet" and e.within("sheets")
        ]
        if not self.sheets:
            raise MalformedPartError

    @property
    def namespace(self) -> bytes:
        """The main namespace of the workbook's parts."""
        return STRICT if self.strict else MAIN

    def free_name(self) -> str:
        """A name for our sheet that no other one has."""
        taken = {sheet.name.lower() for sheet in self.sheets}
        names = (SHEET_NAME, f"{SHEET_NAME} POA", *(f"{SHEET_NAME} POA ({n})" for n in range(2, 1000)))
        return next(name for name in names if name.lower() not in taken)

    def add(self, name: str, rows: tuple[int, int], width: str, *, last: bool) -> None:
        """List our sheet, first or last, and let the workbook open on it; ``rows``: its headings and its last one."""
        edits, prefix = Edits(self.xml), self.root.prefix
        at = len(self.sheets) if last else 0
        relation = self.package.relate(WORKBOOK, "worksheet", PART, strict=self.strict)
        uri = STRICT_RELATIONS if self.strict else RELATIONS
        number = max((sheet.element.number("sheetId") for sheet in self.sheets), default=0) + 1
        entry = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>' % (
            *(prefix, uri.encode(), text(name), number, relation.encode()),
        )
        if last:
            edits.append(self.tops["sheets"], entry)
        else:
            edits.insert(self.sheets[0].element.start, entry)
        self._open(at, edits)
        self._shift(lambda index: index + (index >= at), edits)
        self._name(name, rows, width, at, edits)
        self.package.write(WORKBOOK, edits.result())
        self.package.declare(PART, SHEET_TYPE)

    def remove(self, sheet: Listed) -> None:
        """Take a sheet out of the list, with the names that belong to it."""
        edits, at = Edits(self.xml), self.sheets.index(sheet)
        edits.remove(sheet.element)
        self._open(0, edits)
        self._shift(lambda index: None if index == at else index - (index > at), edits)
        self.package.write(WORKBOOK, edits.result())
        self.package.unrelate(WORKBOOK, sheet.part)
        self.package.remove(sheet.part)

    def _open(self, at: int, edits: Edits) -> None:
        views = [e for e in self._found if e.name == "workbookView"]
        for view in views:
            edits.attribute(view, "activeTab", str(at) if at else None)
            edits.attribute(view, "firstSheet", None)
        if not views and at:
            opening = b'<%sbookViews><%sworkbookView activeTab="%d"/></%sbookViews>'
            edits.insert(self.tops["sheets"].start, opening % (*[self.root.prefix] * 2, at, self.root.prefix))

    def _shift(self, moved: Callable[[int], int | None], edits: Edits) -> None:
        for name in self._found:
            if name.name == "definedName" and name.get("localSheetId") is not None:
                index = moved(name.number("localSheetId"))
                if index is None:
                    edits.remove(name)
                else:
                    edits.attribute(name, "localSheetId", str(index))

    def _name(self, name: str, rows: tuple[int, int], width: str, at: int, edits: Edits) -> None:
        """The names by which our sheet is filtered, and prints its headings on every page."""
        quoted, (first, last), prefix = name.replace("'", "''"), rows, self.root.prefix
        area = f"'{quoted}'!$A${first}:${width}${last}"
        names = b"".join(
            b'<%sdefinedName name="%s" localSheetId="%d"%s>%s</%sdefinedName>'
            % (prefix, key, at, hidden, text(value), prefix)
            for key, hidden, value in (
                (b"_xlnm._FilterDatabase", b' hidden="1"', area),
                (b"_xlnm.Print_Titles", b"", f"'{quoted}'!${first}:${first}"),
            )
        )
        if "definedNames" in self.tops:
            edits.append(self.tops["definedNames"], names)
            return
        before = max(
            (self.tops[top] for top in ("sheets", "functionGroups", "externalReferences") if top in self.tops),
            key=lambda top: top.end,
        )
        edits.insert(before.end, b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix, names, prefix))
