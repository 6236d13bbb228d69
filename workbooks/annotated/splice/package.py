"""A workbook's zip package: its parts, their relations and content types; what is not edited keeps its bytes."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from workbooks.annotated.splice.spans import (
    Edits,
    Element,
    MalformedPartError,
    UnspliceableError,
    elements,
    named,
    prescribed,
    text,
)
from workbooks.reading.checked_parts import Part, inflated, package, packed

TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
LEVEL = 6


@dataclass(frozen=True)
class Relation:
    """One relation of a part; ``kind`` is the end of its type, ``target`` the part that it names."""

    id: str
    kind: str
    target: str
    element: Element


class Package:
    """The parts by name. Raises UnspliceableError where two have one name, MalformedPartError where one is missing."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = {member.filename: member for member in archive.infolist()}
            self._known = {name.lower(): name for name in self.members}
            if len(self._known) < len(archive.infolist()):
                raise UnspliceableError("su paquete tiene dos partes con el mismo nombre")
        self.edited: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self._types: dict[str, str] | None = None

    def __contains__(self, name: str) -> bool:
        found = self._name(name)
        return found in self.edited or (found in self.members and found not in self._gone)

    def read(self, name: str) -> bytes:
        """A part's content as it stands now."""
        found = self._name(name)
        if found in self.edited:
            return self.edited[found]
        if found in self._gone:
            raise MalformedPartError
        member = prescribed(self.members, found)
        return inflated(packed(self._content, member), member)

    def write(self, name: str, content: bytes) -> None:
        """Put a part in, or another content in its place."""
        if name not in self or content != self.read(name):
            self.edited[self._name(name)] = content

    def remove(self, name: str) -> None:
        """Take a part out, with its relations and content type."""
        for part in (name, _relations_of(name)):
            self.edited.pop(self._name(part), None)
            self._gone.add(self._name(part))
        types = self.read(TYPES)
        for element in elements(types, named("Override")):
            if (element.get("PartName") or "").lower() == f"/{name}".lower():
                edits = Edits(types)
                edits.remove(element)
                self.write(TYPES, edits.result())

    def relations(self, part: str) -> list[Relation]:
        """Relations of a part to others of the package."""
        name = _relations_of(part)
        if name not in self:
            return []
        return [
            Relation(
                element.get("Id") or "",
                (element.get("Type") or "").rpartition("/")[2],
                _resolved(part, element.get("Target") or ""),
                element,
            )
            for element in elements(self.read(name), named("Relationship"))[1:]
            if element.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> str | None:
        """The part that ``part`` names by a relation of that kind, the first."""
        return next((relation.target for relation in self.relations(part) if relation.kind == kind), None)

    def relate(self, part: str, kind: str, target: str, *, strict: bool) -> str:
        """Relate a part to another; returns the id of the relation."""
        name = _relations_of(part)
        xml = self.read(name) if name in self else NO_RELATIONS
        root, *others = elements(xml, named("Relationship"))
        taken = {other.get("Id") for other in others}
        id_ = next(id_ for n in range(1, 10_000) if (id_ := f"rIdPoa{n}") not in taken)
        edits = Edits(xml)
        kind_ = f"{STRICT_RELATIONS if strict else RELATIONS}/{kind}"
        edits.append(
            root,
            b'<%sRelationship Id="%s" Type="%s" Target="/%s"/>'
            % (root.prefix, id_.encode(), kind_.encode(), text(target)),
        )
        self.write(name, edits.result())
        return id_

    def unrelate(self, part: str, target: str) -> None:
        """Take a part's relations to another away."""
        name = _relations_of(part)
        gone = [relation.element for relation in self.relations(part) if relation.target.lower() == target.lower()]
        edits = Edits(self.read(name))
        for element in gone:
            edits.remove(element)
        self.write(name, edits.result())

    def type_of(self, part: str) -> str:
        """Content type of a part that has one of its own, else empty."""
        types = elements(self.read(TYPES), named("Override"))
        wanted = f"/{part}".lower()
        return next((e.get("ContentType") or "" for e in types if (e.get("PartName") or "").lower() == wanted), "")

    def declare(self, part: str, content_type: str) -> None:
        """Give a part its content type."""
        xml = self.read(TYPES)
        root = elements(xml, named())[0]
        edits = Edits(xml)
        edits.append(
            root,
            b'<%sOverride PartName="/%s" ContentType="%s"/>' % (root.prefix, text(part), content_type.encode()),
        )
        self.write(TYPES, edits.result())

    def result(self) -> bytes:
        """The package: parts in their order, new ones last."""
        kept = [name for name in self.members if name not in self._gone or name in self.edited]
        return package(iter([*(self._part(name) for name in kept), *self._new(kept)]))

    def _part(self, name: str) -> Part:
        if name in self.edited:
            return _deflated(name, self.edited[name])
        member = self.members[name]
        raw = packed(self._content, member)
        return Part(name.encode(), member.compress_type, member.CRC, member.file_size, raw)

    def _new(self, kept: list[str]) -> list[Part]:
        return [_deflated(name, content) for name, content in self.edited.items() if name not in kept]

    def _name(self, name: str) -> str:
        return self._known.get(name.lower(), name)


def _deflated(name: str, content: bytes) -> Part:
    press = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    pressed = press.compress(content) + press.flush()
    return Part(name.encode(), zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content), pressed)


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
