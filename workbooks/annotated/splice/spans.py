"""Elements of an XML part with their place in its bytes, and edits of those bytes; the rest stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from xml.parsers import expat
from xml.sax.saxutils import escape

TAG: Final = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
ENCODING: Final = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']""")
ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPED_CHARACTER: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"

K = TypeVar("K")
V = TypeVar("V")


class UnspliceableError(Exception):
    """The package is of a kind that is not edited; the message says why, in Spanish, for the unit."""


class MalformedPartError(UnspliceableError):
    """A part is not built as its format prescribes."""

    def __init__(self) -> None:
        super().__init__("su estructura interna no es la usual")


def prescribed(found: Mapping[K, V], key: K) -> V:
    """What the format prescribes to be there under ``key``; raises MalformedPartError where it is not."""
    if key not in found:
        raise MalformedPartError
    return found[key]


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """An attribute that the format wants to be a whole number; raises MalformedPartError where it is none."""
    try:
        return int(text) if text else otherwise
    except ValueError:
        raise MalformedPartError from None


@dataclass(eq=False)
class Element:
    """An element: ``start`` to ``inner`` is its start tag, ``inner_end`` to ``end`` its end tag (none where it closes
    itself). Attributes without a prefix go by their name, others by "uri name prefix".
    """

    name: str
    uri: str
    tag: bytes
    attributes: Mapping[str, str]
    parent: Element | None
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0

    @property
    def empty(self) -> bool:
        """Whether it closes itself."""
        return self.tag.endswith(b"/>")

    @property
    def prefix(self) -> bytes:
        """Its prefix with the colon, or nothing."""
        before, colon, _ = self.qname.partition(b":")
        return before + colon if colon else b""

    @property
    def qname(self) -> bytes:
        """Its name as written."""
        return re.split(rb"[\s/>]", self.tag[1:], maxsplit=1)[0]

    def get(self, name: str) -> str | None:
        """An attribute by its own name, whatever its prefix."""
        if name in self.attributes:
            return self.attributes[name]
        return next((v for k, v in self.attributes.items() if len(p := k.split(" ")) > 1 and p[1] == name), None)

    def number(self, name: str, otherwise: int = 0) -> int:
        """A whole number out of an attribute, ``otherwise`` where it is not written; raises MalformedPartError."""
        return whole_number(self.get(name), otherwise)

    def within(self, *names: str) -> bool:
        """Whether its parents are of these names, the nearest first."""
        at = self.parent
        for name in names:
            if at is None or at.name != name:
                return False
            at = at.parent
        return True


Keep = Callable[[str, Mapping[str, str]], bool]


def elements(xml: bytes, keep: Keep) -> list[Element]:
    """The root and the elements that ``keep`` wants by local name and attributes, in document order.

    ``parent`` is the nearest one kept. Raises UnspliceableError where the part is not UTF-8 or has a document type,
    MalformedPartError where it is not well-formed.
    """
    told = ENCODING.match(xml[:200].lstrip(b"\xef\xbb\xbf"))
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or (told and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise UnspliceableError("una de sus partes no está escrita en UTF-8")
    found: list[Element] = []
    stack: list[Element | None] = []
    nearest: list[Element | None] = [None]
    parser = expat.ParserCreate("utf-8", " ")
    parser.namespace_prefixes = True

    def start(name: str, attributes: dict[str, str]) -> None:
        uri, _, local = name.partition(" ")
        local = local.partition(" ")[0] if local else uri
        if stack and not keep(local, attributes):
            stack.append(None)
            return
        at = parser.CurrentByteIndex
        match = TAG.match(xml, at)
        if match is None:
            raise MalformedPartError
        element = Element(local, uri, match[0], attributes, nearest[-1], at, match.end())
        stack.append(element)
        nearest.append(element)
        found.append(element)

    def end(_: str) -> None:
        element = stack.pop()
        if element is not None:
            nearest.pop()
            at = element.inner if element.empty else parser.CurrentByteIndex
            element.inner_end, element.end = at, at if element.empty else xml.index(b">", at) + 1

    def doctype(*_: object) -> None:
        raise UnspliceableError("una de sus partes declara un tipo de documento")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise MalformedPartError from error
    return found


def named(*names: str) -> Keep:
    """Keeps the elements of these local names."""
    wanted = frozenset(names)
    return lambda name, _: name in wanted


class Edits:
    """Changes of one part, made together by ``result``."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self._changes: list[tuple[int, int, bytes]] = []
        self._tags: dict[int, tuple[Element, bytes]] = {}
        self._appended: dict[int, tuple[Element, list[bytes]]] = {}

    def insert(self, at: int, new: bytes) -> None:
        """Put ``new`` before the byte ``at``; what is put at one place stands in the order of the calls."""
        self._changes.append((at, at, new))

    def remove(self, element: Element) -> None:
        """Take an element out, with what is in it."""
        self._changes.append((element.start, element.end, b""))

    def content(self, element: Element, new: bytes) -> None:
        """Put ``new`` in the place of what is in an element."""
        self._changes.append((element.inner, element.inner_end, new))

    def attribute(self, element: Element, name: str, value: str | None) -> None:
        """Set an attribute that has no prefix, or take it away."""
        _, tag = self._tags.get(element.start, (element, element.tag))
        self._tags[element.start] = element, with_attribute(tag, name, value)

    def append(self, element: Element, new: bytes) -> None:
        """Put ``new`` at the end of an element's content."""
        self._appended.setdefault(element.start, (element, []))[1].append(new)

    def result(self) -> bytes:
        """The part as edited."""
        changes = list(self._changes)
        for start in {**self._tags, **self._appended}:
            element = (self._tags.get(start) or self._appended[start])[0]
            tag = self._tags.get(start, (element, element.tag))[1]
            added = b"".join(self._appended[start][1]) if start in self._appended else b""
            if element.empty and added:
                tag = tag[:-2].rstrip() + b">" + added + b"</" + element.qname + b">"
            elif added:
                changes.append((element.inner_end, element.inner_end, added))
            changes.append((element.start, element.inner, tag))
        parts: list[bytes] = []
        at = 0
        for start, end, new in sorted(changes, key=lambda change: change[:2]):
            parts += (self.xml[at:start], new)
            at = max(at, end)
        return b"".join([*parts, self.xml[at:]])


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set, or without it."""
    there = re.compile(rb"""\s+%s\s*=\s*(?:"[^"]*"|'[^']*')""" % name.encode())
    new = b"" if value is None else b' %s="%s"' % (name.encode(), text(value))
    if there.search(tag):
        return there.sub(lambda _: new, tag, count=1)
    body, closing = (tag[:-2], b"/>") if tag.endswith(b"/>") else (tag[:-1], b">")
    return body.rstrip() + new + closing if value is not None else tag


def prefixed(xml: bytes, prefix: bytes) -> bytes:
    """Elements without a prefix as they are written in a part that has one."""
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1" + prefix, xml) if prefix else xml


def legal(words: str) -> str:
    """``words`` without what no XML may hold, and without what a spreadsheet would take for an escaped character."""
    return ESCAPED_CHARACTER.sub("_x005F_", ILLEGAL.sub("", words))


def text(words: str) -> bytes:
    """``words`` as the text of an element or the value of an attribute in double quotes."""
    return escape(ILLEGAL.sub("", words), {'"': "&quot;", "\n": "&#10;"}).encode()


def is_true(value: str | None) -> bool:
    """Whether a flag is set, as the form of the file writes it."""
    return value in ("1", "true", "on")
