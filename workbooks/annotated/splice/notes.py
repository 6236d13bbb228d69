"""The notes of one sheet: its comments part and the drawing (VML) that shows them; the unit's own stay as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from workbooks.annotated.splice.box import BOX, NAMESPACES, SHAPE_TYPE
from workbooks.annotated.splice.sheet import Place, SheetPart, address_of, place_of
from workbooks.annotated.splice.spans import Edits, Element, UnspliceableError, elements, legal, named, prescribed, text
from workbooks.annotated.splice.told import LONGEST, NoteLine
from workbooks.reading.answer_sheet import AUTHOR

NOTE_WIDTH, LINE, LETTERS, MOST_LINES = 340, 17, 52, 24  # pixels of the box and of a line, letters in one, lines
FONT: Final = (
    '<{0}rPr>{1}<{0}sz val="9"/><{0}color rgb="FF1F2328"/><{0}rFont val="Tahoma"/><{0}family val="2"/></{0}rPr>'
)
SHAPE_IDS: Final = re.compile(rb"_x0000_s(\d+)")
SHAPE: Final = re.compile(rb"<(\w+:)?shape\s.*?</\1shape>", re.DOTALL)
ROW, COLUMN = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)"), re.compile(rb"<(?:\w+:)?Column>\s*(\d+)")
END: Final = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")


def new_comments(namespace: bytes) -> bytes:
    """A comments part without any."""
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        b'<comments xmlns="%s"><authors/><commentList/></comments>' % namespace
    )


def commented(xml: bytes, notes: Mapping[Place, tuple[NoteLine, ...]]) -> tuple[bytes, frozenset[Place]]:
    """The comments part with our notes; a note of the unit's gets ours at its end.

    Returns also the places whose notes are new, which want a box.
    """
    found = elements(xml, named("authors", "author", "commentList", "comment", "text", "t", "r"))
    lists = {element.name: element for element in found if element.parent is found[0]}
    authors = [element for element in found if element.name == "author"]
    there = {place_of(element.get("ref") or ""): element for element in found if element.name == "comment"}
    texts = {id(element.parent): element for element in found if element.name == "text"}
    edits, prefix = Edits(xml), found[0].prefix
    names = _names(xml, authors)
    author = names.index(AUTHOR) if AUTHOR in names else len(names)
    new = b"".join(
        b'<%scomment ref="%s" authorId="%d"><%stext>%s</%stext></%scomment>'
        % (prefix, address_of(place).encode(), author, prefix, _runs(lines, prefix), prefix, prefix)
        for place, lines in notes.items()
        if place not in there
    )
    if new and author == len(names):
        edits.append(prescribed(lists, "authors"), b"<%sauthor>%s</%sauthor>" % (prefix, text(AUTHOR), prefix))
    edits.append(prescribed(lists, "commentList"), new)
    for place in notes.keys() & there.keys():
        own = prescribed(texts, id(there[place]))
        for plain in (e for e in found if e.name == "t" and e.parent is own):
            edits.insert(plain.start, b"<%sr>" % prefix)
            edits.insert(plain.end, b"</%sr>" % prefix)
        first, *others = notes[place]
        edits.append(own, _runs((replace(first, words=f"\n{first.words}"), *others), prefix))
    return edits.result(), frozenset(notes.keys() - there.keys())


def drawn(xml: bytes, sheet: SheetPart, boxes: Mapping[Place, tuple[NoteLine, ...]]) -> bytes:
    """The drawing with a box for each of these notes; raises UnspliceableError where it is not as usual."""
    match = END.search(xml)
    if match is None:
        raise UnspliceableError("el dibujo de sus notas no está escrito como es usual")
    end = match.start()
    names = "" if all(name.encode() in xml[:end] for name in NAMESPACES.split()) else NAMESPACES
    first = max((int(number) for number in SHAPE_IDS.findall(xml)), default=1024) + 1
    shapes = [_box(first + n, place, lines, sheet, names) for n, (place, lines) in enumerate(sorted(boxes.items()))]
    kind = b"" if b'id="_x0000_t202"' in xml else SHAPE_TYPE.format(names=names).encode()
    return xml[:end] + kind + "".join(shapes).encode() + xml[end:]


def without_notes(xml: bytes) -> tuple[bytes, frozenset[Place], bool]:
    """The comments part without our notes, where those were, and whether any of the unit's is left."""
    found = elements(xml, named("authors", "author", "commentList", "comment", "text", "r", "t"))
    authors = [element for element in found if element.name == "author"]
    names = _names(xml, authors)
    comments = [element for element in found if element.name == "comment"]
    edits, gone = Edits(xml), set()
    for comment in comments:
        author = comment.number("authorId")
        place = place_of(comment.get("ref") or "")
        if (author < len(names) and names[author] == AUTHOR) or _starts_ours(xml, comment):
            edits.remove(comment)
            gone.add(place or (0, 0))
        else:
            _cut(xml, [e for e in found if e.name == "t" and comment.start < e.start < comment.end], edits)
    if names and names[-1] == AUTHOR:  # without another one, the authors after it would be numbered anew
        edits.remove(authors[-1])
    return edits.result(), frozenset(gone), len(gone) < len(comments)


def undrawn(xml: bytes, gone: frozenset[Place]) -> tuple[bytes, bool]:
    """The drawing without the boxes of these notes, and whether any shape is left."""

    def kept(match: re.Match[bytes]) -> bytes:
        row, column = ROW.search(match[0]), COLUMN.search(match[0])
        if row and column and (int(row[1]) + 1, int(column[1]) + 1) in gone:
            return b""
        return match[0]

    left = SHAPE.sub(kept, xml)
    return left, bool(SHAPE.search(left))


def _names(xml: bytes, authors: list[Element]) -> list[str]:
    return [_words(xml, author).strip() for author in authors]


def _words(xml: bytes, element: Element) -> str:
    return html.unescape(re.sub(rb"<[^>]*>", b"", xml[element.inner : element.inner_end]).decode(errors="replace"))


def _starts_ours(xml: bytes, comment: Element) -> bool:
    return _words(xml, comment).strip().startswith(f"{AUTHOR} · ")


def _cut(xml: bytes, texts: list[Element], edits: Edits) -> None:
    """Of a note of the unit's, takes away everything from our first line on, in one text or in several."""
    ours = False
    for text_ in texts:
        words = _words(xml, text_)
        before, found, _ = words.partition(f"{AUTHOR} · ")
        run = text_.parent if text_.parent is not None and text_.parent.name == "r" else None
        if run is not None and (ours or (found and not before.strip())):
            edits.remove(run)
        elif found:
            edits.content(text_, text(before.rstrip("\n")))
        ours = ours or bool(found)


def _runs(lines: tuple[NoteLine, ...], prefix: bytes) -> bytes:
    tag, left, runs = prefix.decode(), LONGEST, []
    for number, line in enumerate(lines):
        words = legal(line.words[: max(0, left)])
        left -= len(line.words)
        if not words and line.words:
            break
        ending = "\n" if number < len(lines) - 1 else ""
        cut = "…" if len(words) < len(legal(line.words)) else ""
        font = FONT.format(tag, f"<{tag}b/>" if line.bold else "")
        shown = text(words + cut).decode() + ending
        runs.append(f'<{tag}r>{font}<{tag}t xml:space="preserve">{shown}</{tag}t></{tag}r>')
    return "".join(runs).encode()


def _box(number: int, place: Place, lines: tuple[NoteLine, ...], sheet: SheetPart, names: str) -> str:
    count = sum(max(1, -(-len(line.words) // LETTERS)) for line in lines)
    height = LINE * min(count + 1, MOST_LINES)
    row, column = place
    left, right = _reach(column + 1, 15, sheet.width), _reach(column + 1, 15 + NOTE_WIDTH, sheet.width)
    top, bottom = _reach(row, 4, sheet.height), _reach(row, 4 + height, sheet.height)
    anchor = ", ".join(f"{at - 1}, {rest}" for at, rest in (left, top, right, bottom))
    return BOX.format(names=names, id=number, height=height * 3 // 4, anchor=anchor, row=row - 1, column=column - 1)


def _reach(start: int, pixels: int, size: Callable[[int], int]) -> tuple[int, int]:
    """The row or column in which one ends that goes so many pixels on from ``start``, and how far into it."""
    at = start
    for _ in range(1_000):
        if pixels < (here := size(at)):
            break
        pixels -= here
        at += 1
    return at, pixels
