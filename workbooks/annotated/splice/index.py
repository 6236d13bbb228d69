"""Our sheet as a part of another workbook: written by XlsxWriter, its styles renumbered, its texts inline."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

from workbooks.annotated.splice.package import RELATIONS, STRICT_RELATIONS
from workbooks.annotated.splice.spans import MAIN, STRICT
from workbooks.export.observations import HEADING_ROW, ObservationsSheet, last_row, write_observations
from workbooks.reading.answer_sheet import HEADINGS

SHARED: Final = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
CELL: Final = re.compile(rb'<c r="([A-Z]+\d+)"( s="\d+")? t="s"><v>(\d+)</v></c>')
STYLED: Final = re.compile(rb'(<c r="[A-Z]+\d+" s=")(\d+)"')
LAST_COLUMN: Final = chr(ord("A") + len(HEADINGS) - 1)


@dataclass(frozen=True)
class Index:
    """Our sheet as XlsxWriter writes it: the sheet's part, its texts and its styles."""

    xml: bytes
    texts: tuple[bytes, ...]
    styles: bytes
    rows: tuple[int, int]  # of the headings and the last finding, from 1

    def part(self, offset: int, *, strict: bool) -> bytes:
        """The part with its styles moved by ``offset``."""
        inline = CELL.sub(self._inline, self.xml)
        moved = STYLED.sub(lambda match: match[1] + b'%d"' % (int(match[2]) + offset), inline)
        if strict:
            moved = moved.replace(MAIN, STRICT).replace(RELATIONS.encode(), STRICT_RELATIONS.encode())
        return moved

    def _inline(self, match: re.Match[bytes]) -> bytes:
        address, style, number = match.groups()
        return b'<c r="%s"%s t="inlineStr"><is>%s</is></c>' % (address, style or b"", self.texts[int(number)])


def index(sheet: ObservationsSheet) -> Index:
    """The sheet of observations, to be put into a workbook."""
    stream = io.BytesIO()
    write_observations(stream, sheet)
    with zipfile.ZipFile(stream) as package:
        return Index(
            xml=package.read("xl/worksheets/sheet1.xml"),
            texts=tuple(SHARED.findall(package.read("xl/sharedStrings.xml"))),
            styles=package.read("xl/styles.xml"),
            rows=(HEADING_ROW + 1, last_row(sheet) + 1),
        )
