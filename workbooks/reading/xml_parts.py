"""The XML parts of a package: no entity is expanded, and one error stands for all that can be wrong with a part."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring, iterparse  # type: ignore[import-untyped]


class DamagedXmlError(ValueError):
    """A part that is no XML, or is in an encoding that the parser does not know."""


def root(xml: bytes) -> Element:
    """The root of a part; raises DamagedXmlError, or DefusedXmlException where the part declares a document type."""
    with _as_xml():
        parsed: Element = fromstring(xml, forbid_dtd=True)
    return parsed


def events(xml: bytes, *wanted: str) -> Iterator[tuple[str, Element]]:
    """Event ("start" or "end") and element, as the part is parsed; raises what root() raises."""
    with _as_xml():
        yield from iterparse(io.BytesIO(xml), events=wanted, forbid_dtd=True)


@contextmanager
def _as_xml() -> Iterator[None]:
    try:
        yield
    except DefusedXmlException:
        raise
    except (ParseError, LookupError, ValueError) as error:
        raise DamagedXmlError(str(error)) from error
