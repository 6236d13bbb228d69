"""File names that others chose, as text that may be stored, printed and sent.

A name may be no UTF-8 (zip programs, Samba and FTP servers make such), break a line, command a terminal or reverse the
direction of writing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Python stands U+DC80 to U+DCFF for the bytes 0x80 to 0xFF of a name that is no UTF-8.
BYTES: Final = range(0xDC80, 0xDD00)
STANDS_FOR: Final = 0xDC00
# A backslash where it would read as one of ours.
AMBIGUOUS: Final = re.compile(r"\\(?=[xuU])")
ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")


def shown(name: str) -> str:
    """``name`` with what cannot be printed escaped: bytes that are no UTF-8 and ASCII control characters as ``\\xf1``,
    other characters that have no sign of their own as ``\\u202e`` or ``\\U000e0001``.

    Valid UTF-8 without control characters. Different names stay different: see `actual`.
    """
    return printable(AMBIGUOUS.sub(r"\\x5c", name))


def printable(text: str) -> str:
    """``text`` escaped in the same way, its own backslashes left as they are: for messages that name a path."""
    return "".join(map(_sign, text))


def actual(name: str) -> str:
    """The name that `shown` gave ``name`` for."""
    return ESCAPE.sub(_character, name)


def _sign(character: str) -> str:
    code = ord(character)
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    if code in BYTES:
        return f"\\x{code - STANDS_FOR:02x}"
    if code <= 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _character(escape: re.Match[str]) -> str:
    byte, *others = escape.groups()
    if byte is None:
        return chr(int("".join(filter(None, others)), 16))
    code = int(byte, 16)
    return chr(code if code <= 0x7F else code + STANDS_FOR)
