"""A sheet part with its merged areas told before its cells: the reader looks for them in a second pass from the start
of the part, and need not go over all cells again. It reads the same out of both.
"""

from __future__ import annotations

import re

CELLS, CELLS_END = b"<sheetData>", b"</sheetData>"
# The merged areas as programs write them, right behind the cells; what reads any other way stays where it is.
MERGES = re.compile(
    rb'</sheetData>(?:<sheetProtection [^<>]*/>)?(<mergeCells(?: count="\d+")?>'
    rb'(?:<mergeCell ref="[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}" ?/>)+</mergeCells>)'
)
HEAD = 64 * 1024  # bytes in which the cells begin
DECLARATION = b"<!"  # a comment or the like, in which anything may be written


def merges_first(part: bytes) -> bytes:
    """The part with its merged areas before its cells; itself where it has none, or is written in another way."""
    start, end = part.find(CELLS, 0, HEAD), part.rfind(CELLS_END)
    found = MERGES.match(part, end) if 0 <= start < end else None
    if found is None or part.find(CELLS, start + 1, end) >= 0 or (b"!" in part and DECLARATION in part):
        return part
    first, last = found.span(1)
    return b"".join([part[:start], part[first:last], part[start:first], part[last:]])
