"""The styles part: a marked cell's own style with our fill, and the way back to it when the workbook returns.

A comment at the end of the part says how many styles were the unit's and which of them ours stand for. A program that
saves the workbook anew drops it; then our fills are known by their colour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workbooks.annotated.splice.colours import DARK, vanishes
from workbooks.annotated.splice.spans import (
    Edits,
    Element,
    UnspliceableError,
    elements,
    is_true,
    named,
    prefixed,
    prescribed,
    text,
    with_attribute,
)
from workbooks.reading.answer_sheet import MARK_FILLS

LISTS: Final = ("fonts", "fills", "borders", "cellXfs")
STYLES_MOST: Final = 64_000
NOTE: Final = re.compile(rb"<!--poa (\d+) (\d+) (\d+) (\d+) \+(\d+) ([\d:,]*)-->")
PAIR: Final = re.compile(rb"(\d+):(\d+)")
PATTERN: Final = '<fill><patternFill patternType="solid"><fgColor rgb="FF{}"/><bgColor {}/></patternFill></fill>'
OWN: Final = '<fill><patternFill patternType="solid"><fgColor {}/><bgColor indexed="64"/></patternFill></fill>'
NO_BACK: Final = 'indexed="64"'
OURS: Final = frozenset(f"FF{fill[1:]}" for fill in MARK_FILLS.values())
KEPT: Final = named(*LISTS, "font", "color", "fill", "patternFill", "fgColor", "bgColor", "border", "xf", "protection")


@dataclass(frozen=True)
class MarkedStyles:
    """Styles of ours in a workbook that came back: for each, the unit's own."""

    originals: Mapping[int, int]
    xml: bytes


class Styles:
    """Styles of one workbook, to which ours are appended."""

    def __init__(self, xml: bytes) -> None:
        found = elements(xml, KEPT)
        self._root = found[0]
        self._lists = {e.name: e for e in found if e.parent is self._root and e.name in LISTS}
        if len(self._lists) < len(LISTS):
            raise UnspliceableError("sus estilos están incompletos")
        self._items = {
            name: [e for e in found if e.parent is self._lists[name] and e.name == _item(name)] for name in LISTS
        }
        self._colours = {id(e.parent): e for e in found if e.name == "color" and e.within("font", "fonts")}
        self._solid = _solid(found)
        self._unlocked = {
            id(e.parent)
            for e in found
            if e.name == "protection" and e.get("locked") is not None and not is_true(e.get("locked"))
        }
        self._xml = xml
        self._new: dict[str, list[bytes]] = {name: [] for name in LISTS}
        self._marked: dict[tuple[int, str], int] = {}
        self._cleared: dict[int, int] = {}
        self._fills: dict[tuple[str, str], int] = {}
        self._dark: dict[int, int] = {}

    def marked(self, style: int, severity: str) -> int:
        """The style ``style`` with the fill of ``severity``, and a dark font where its own would vanish on it."""
        if (style, severity) not in self._marked:
            xf = self._xf(style)
            font = xf.number("fontId")
            colour = self._colours.get(id(self._items["fonts"][font])) if font < len(self._items["fonts"]) else None
            dark = colour is not None and vanishes(colour.attributes, MARK_FILLS[severity])
            tag = _with(xf.tag, fillId=self._fill(severity, "" if dark else self._own(xf)), applyFill=1)
            if dark and colour is not None:
                tag = _with(tag, fontId=self._darkened(font, colour), applyFont=1)
            self._marked[style, severity] = self._add("cellXfs", tag + self._xml[xf.inner : xf.end])
        return self._marked[style, severity]

    def locked(self, style: int) -> bool:
        """Whether cells of this style are locked once their sheet is protected."""
        return id(self._xf(style)) not in self._unlocked

    def merge(self, xml: bytes) -> int:
        """Append the styles of another workbook, unprefixed and with built-in number formats only.

        Returns what to add to the styles of its cells.
        """
        other = Styles(xml)
        base = {name: len(self._items[name]) + len(self._new[name]) for name in LISTS}
        for name in LISTS:
            for element in other._items[name]:
                tag = element.tag
                if name == "cellXfs":
                    own = {key: element.number(key) for key in ("fontId", "fillId", "borderId")}
                    moved = {key: value + base[f"{key[:-2]}s"] for key, value in own.items()}
                    tag = _with(tag, **moved, applyFont=1, applyFill=1, applyBorder=1)
                self._add(name, prefixed(tag + xml[element.inner : element.end], self._root.prefix))
        return base["cellXfs"]

    def result(self) -> bytes:
        """The part with what was appended, and the comment that leads back."""
        if sum(len(self._new[name]) for name in LISTS) == 0:
            return self._xml
        if len(self._items["cellXfs"]) + len(self._new["cellXfs"]) > STYLES_MOST:
            raise UnspliceableError("tiene demasiados estilos de celda")
        edits = Edits(self._xml)
        for name, new in self._new.items():
            edits.append(self._lists[name], b"".join(new))
            edits.attribute(self._lists[name], "count", str(len(self._items[name]) + len(new)))
        counts = " ".join(str(len(self._items[name])) for name in LISTS)
        ways = ",".join(f"{ours}:{own}" for (own, _), ours in self._marked.items())
        edits.append(self._root, f"<!--poa {counts} +{len(self._new['cellXfs'])} {ways}-->".encode())
        return edits.result()

    def returned(self, *, kept_backs: bool) -> MarkedStyles:
        """Which styles are marks of ours, and the part without them where nobody saved the workbook since.

        ``kept_backs``: who did keeps the second colour of a fill, in which ours hold the unit's own.
        """
        note = NOTE.search(self._xml)
        counts = [int(value) for value in note.groups()[:4]] if note else []
        if note and len(self._items["cellXfs"]) == counts[3] + int(note[5]):
            pairs = PAIR.findall(note[6])
            return MarkedStyles({int(ours): int(own) for ours, own in pairs}, self._without(counts, note))
        fills = {
            number: back for number, fill in enumerate(self._items["fills"]) if (back := self._back(fill)) is not None
        }
        ours = [n for n, xf in enumerate(self._items["cellXfs"]) if xf.number("fillId") in fills]
        originals = {number: self._bare(number, fills if kept_backs else {}) for number in ours}
        edits = Edits(self._xml)
        for name in ("fills", "cellXfs") if originals else ():
            edits.append(self._lists[name], b"".join(self._new[name]))
            edits.attribute(self._lists[name], "count", str(len(self._items[name]) + len(self._new[name])))
        return MarkedStyles(originals, edits.result())

    def _bare(self, style: int, backs: Mapping[int, str]) -> int:
        """The same style with the unit's own fill, as far as it is known."""
        xf = self._xf(style)
        back = backs.get(xf.number("fillId"), "")
        own = OWN.format(back) if back else ""
        fill = self._add("fills", prefixed(own.encode(), self._root.prefix)) if own else 0
        tag = _with(xf.tag, fillId=fill, applyFill=1 if fill else None)
        return self._add("cellXfs", tag + self._xml[xf.inner : xf.end])

    def _fill(self, severity: str, own: str) -> int:
        """Our fill; what it covers is its second colour, which a solid fill does not show."""
        if (severity, own) not in self._fills:
            fill = PATTERN.format(MARK_FILLS[severity][1:], own or NO_BACK).encode()
            self._fills[severity, own] = self._add("fills", prefixed(fill, self._root.prefix))
        return self._fills[severity, own]

    def _own(self, xf: Element) -> str:
        """The colour of a style's solid fill, as the attributes of its element; empty where it has none."""
        number, fills = xf.number("fillId"), self._items["fills"]
        colours = self._solid.get(id(fills[number]), {}) if number < len(fills) else {}
        return _attributes(colours["fgColor"]) if "fgColor" in colours else ""

    def _back(self, fill: Element) -> str | None:
        """Of a fill of ours the colour that it covers, empty where none is told; None of any other fill."""
        colours = self._solid.get(id(fill), {})
        if "fgColor" not in colours or (colours["fgColor"].get("rgb") or "").upper() not in OURS:
            return None
        back = colours.get("bgColor")
        told = back is not None and (back.get("rgb") or "").upper() not in OURS and back.get("indexed") != "64"
        return _attributes(back) if back is not None and told else ""

    def _without(self, counts: list[int], note: re.Match[bytes]) -> bytes:
        edits = Edits(self._xml[: note.start()] + self._xml[note.end() :])
        for name, count in zip(LISTS, counts, strict=True):
            for element in self._items[name][count:]:
                edits.remove(element)
            edits.attribute(self._lists[name], "count", str(count))
        return edits.result()

    def _darkened(self, font: int, colour: Element) -> int:
        if font not in self._dark:
            own = self._items["fonts"][font]
            black = b'<%scolor rgb="FF%s"/>' % (colour.prefix, DARK[1:].encode())
            self._dark[font] = self._add(
                "fonts", self._xml[own.start : colour.start] + black + self._xml[colour.end : own.end]
            )
        return self._dark[font]

    def _xf(self, style: int) -> Element:
        xfs = self._items["cellXfs"]
        return prescribed(dict(enumerate(xfs)), style if style < len(xfs) else 0)

    def _add(self, name: str, xml: bytes) -> int:
        self._new[name].append(xml)
        return len(self._items[name]) + len(self._new[name]) - 1


def _item(name: str) -> str:
    return "xf" if name == "cellXfs" else name[:-1]


def _with(tag: bytes, **values: int | None) -> bytes:
    for name, value in values.items():
        tag = with_attribute(tag, name, None if value is None else str(value))
    return tag


def _solid(found: list[Element]) -> dict[int, dict[str, Element]]:
    """Colours by name of the fills, by their element's id, that are solid."""
    colours: dict[int, dict[str, Element]] = {}
    for element in found:
        pattern = element.parent
        of_fill = element.name in ("fgColor", "bgColor") and element.within("patternFill", "fill", "fills")
        if of_fill and pattern is not None and pattern.get("patternType") == "solid":
            colours.setdefault(id(pattern.parent), {})[element.name] = element
    return colours


def _attributes(colour: Element) -> str:
    return " ".join(f'{name}="{text(value).decode()}"' for name, value in colour.attributes.items() if " " not in name)
