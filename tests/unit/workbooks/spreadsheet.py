"""A spreadsheet program small enough for a test: types into a workbook's open cells and computes its formulas.

Values are put into the package beside the formulas, as Excel does; openpyxl alone would drop them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree import ElementTree

from openpyxl.utils import get_column_letter, range_boundaries

Value: TypeAlias = float | str | None
Address: TypeAlias = tuple[str, str]  # sheet, cell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EPOCH = date(1899, 12, 30)
TOKENS = re.compile(
    r"""(?P<text>"[^"]*")|(?:'(?P<sheet>[^']+)'!)?\$?(?P<col>[A-Z]{1,2})\$?(?P<row>[0-9]+)"""
    r"""(?::\$?(?P<to>[A-Z]{1,2}\$?[0-9]+))?|(?P<call>[A-Z]+)\(|(?P<sign><>|=|/)"""
)


class LockedCellError(AssertionError):
    """A cell that a unit cannot write in."""


class Spreadsheet:
    """A workbook being filled in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._cells: dict[Address, Any] = {}
        self._style: dict[Address, int] = {}
        self.stored: dict[Address, Value] = {}
        self._typed: set[Address] = set()
        with zipfile.ZipFile(path) as package:
            sheets = ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{{{MAIN}}}sheet")
            self._sheets = [sheet.attrib["name"] for sheet in sheets]
            styles = ElementTree.fromstring(package.read("xl/styles.xml")).find(f"{{{MAIN}}}cellXfs")
            self._open = {n for n, xf in enumerate(styles or ()) if any(part.get("locked") == "0" for part in xf)}
            shared = ElementTree.fromstring(package.read("xl/sharedStrings.xml"))
            texts = ["".join(part.itertext()) for part in shared]
            for number, title in enumerate(self._sheets, 1):
                self._read(title, ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml")), texts)

    def _read(self, title: str, sheet: ElementTree.Element, texts: list[str]) -> None:
        for cell in sheet.iter(f"{{{MAIN}}}c"):
            at = (title, cell.attrib["r"])
            self._style[at] = int(cell.get("s", 0))
            formula, value = (cell.find(f"{{{MAIN}}}{name}") for name in "fv")
            kind, text = cell.get("t", "n"), (value.text or "") if value is not None else None
            stored = text if text is None or kind == "str" else texts[int(text)] if kind == "s" else float(text)
            if formula is not None:
                self.stored[at] = stored
                self._cells[at] = f"={formula.text}"
            elif stored is not None:
                self._cells[at] = stored

    def is_open(self, sheet: str, row: int, col: int) -> bool:
        """Whether a unit can write there."""
        return self._style.get((sheet, f"{get_column_letter(col)}{row}"), -1) in self._open

    def type(self, sheet: str, row: int, col: int, value: float | str | date) -> None:
        """Write into an open cell."""
        at = (sheet, f"{get_column_letter(col)}{row}")
        if not self.is_open(sheet, row, col):
            raise LockedCellError(f"{sheet}!{at[1]} is locked")
        self._cells[at] = (value - EPOCH).days if isinstance(value, date) else value
        self._typed.add(at)

    def value(self, at: Address) -> Value:
        """A cell's value, computed where it is a formula."""
        content = self._cells.get(at)
        if at in self.stored:
            return self._computed(at[0], str(content)[1:])
        return content if isinstance(content, str) or content is None else float(content)

    def _computed(self, sheet: str, formula: str) -> Value:
        names: dict[str, Any] = {
            "IF": lambda when, then, other: then() if when() else other(),
            "OR": lambda *terms: any(term() for term in terms),
            "AND": lambda *terms: all(term() for term in terms),
            "SUM": lambda *terms: sum(_numbers(terms)),
            "MAX": lambda *terms: max(_numbers(terms), default=0),
            "COUNT": lambda *terms: len(_numbers(terms)),
            "N": lambda term: _number(term()),
            "ISNUMBER": lambda term: isinstance(term(), float | int),
            "cell": lambda where, at: "" if (value := self.value((where, at))) is None else value,
            "cells": lambda where, area: [self.value((where, at)) for at in _area(area)],
        }
        result: Value = eval(_python(formula, sheet), {"__builtins__": {}, **names})
        return result

    def save(self, path: Path) -> None:
        """The package with what was typed, and every formula's value of now."""
        fresh = {at: self.value(at) for at in (*self._typed, *self.stored)}
        out = io.BytesIO()
        with zipfile.ZipFile(self.path) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            parts = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(self._sheets, 1)}
            for name in package.namelist():
                content = package.read(name)
                target.writestr(name, _with_values(content, parts[name], fresh) if name in parts else content)
        path.write_bytes(out.getvalue())


def _with_values(xml: bytes, title: str, fresh: dict[Address, Value]) -> bytes:
    ElementTree.register_namespace("", MAIN)
    root = ElementTree.fromstring(xml)
    for cell in root.iter(f"{{{MAIN}}}c"):
        at = (title, cell.attrib["r"])
        if at not in fresh:
            continue
        for old in [part for part in cell if not part.tag.endswith("}f")]:
            cell.remove(old)
        value = fresh[at]
        cell.attrib.pop("t", None)
        if isinstance(value, str):
            cell.set("t", "str")
        ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = str(value)
    return ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _python(formula: str, sheet: str) -> str:
    """The formula as a Python expression; arguments of functions wait to be wanted."""
    text = TOKENS.sub(lambda token: _token(token, sheet), formula)
    return _lazy(text)


def _token(token: re.Match[str], sheet: str) -> str:
    if token["text"] is not None or token["call"]:
        return token[0]
    if token["sign"]:
        return {"<>": "!=", "=": "=="}.get(token[0], token[0])
    where, at = token["sheet"] or sheet, f"{token['col']}{token['row']}"
    if token["to"]:
        return f"cells§{where}§{at}:{token['to'].replace('$', '')}§"
    return f"cell§{where}§{at}§"


def _lazy(text: str) -> str:
    """Every argument of every call as a function; a reference marked with § as a call of its own."""
    out, depth_is_call = [], []
    for piece in re.split(r"""("[^"]*"|[A-Z]+\(|\(|\)|,|cells?§[^§]*§[^§]*§)""", text):
        if re.fullmatch(r"[A-Z]+\(", piece):
            depth_is_call.append(True)
            out.append(f"{piece}lambda:(")
        elif piece == "(":
            depth_is_call.append(False)
            out.append(piece)
        elif piece == ")":
            out.append("))" if depth_is_call.pop() else ")")
        elif piece == ",":
            out.append("),lambda:(")
        elif "§" in piece:
            name, where, at, _ = piece.split("§")
            out.append(f"{name}({where!r},{at!r})")
        else:
            out.append(piece)
    return "".join(out)


def _area(area: str) -> list[str]:
    left, top, right, bottom = range_boundaries(area)
    return [f"{get_column_letter(col)}{row}" for row in range(top, bottom + 1) for col in range(left, right + 1)]


def _number(value: Value) -> float:
    return value if isinstance(value, float | int) else 0


def _numbers(terms: Iterable[Any]) -> list[float]:
    found: list[float] = []
    for value in (term() for term in terms):
        found += [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, float | int)]
    return found
