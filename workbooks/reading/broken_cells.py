"""Cells that the reader takes for empty though the unit sees something there: an error, a formula without its result.

Looked for only in workbooks with a hole where the form wants a value; positions are those that read.py gives.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from lzma import LZMAError
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import Element

import polars as pl
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]

from schemas.contracts import columns as c
from workbooks.reading import broken_cells_ods, broken_cells_xls, broken_cells_xlsb
from workbooks.reading.admission import BROKEN as BROKEN_PACKAGE
from workbooks.reading.admission import OLE_MAGIC, ZIP_MAGIC
from workbooks.reading.cells import Cells
from workbooks.reading.xlsb_records import DamagedRecordsError, sheet_relations
from workbooks.reading.xml_parts import DamagedXmlError, events, root

BROKEN = {c.FILE_ID: pl.Int64, c.SHEET_NO: pl.Int32, c.ROW: pl.Int32, c.COL: pl.Int32, c.TEXT: pl.String}
Position: TypeAlias = tuple[int, int, int, str]  # sheet_no, row, col and what the unit sees there

WORKBOOK, RELATIONS, DOCUMENT = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml"
BINARY_WORKBOOK, BINARY_RELATIONS = "xl/workbook.bin", "xl/_rels/workbook.bin.rels"
WORKSHEETS = "xl/worksheets/"
RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# What a part must hold to be worth parsing: an error, or a formula that no filled value follows.
WORTH_PARSING = re.compile(
    rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*+(?!<(?:\w+:)?v(?:\s[^>]*)?>[^<])"""
)
ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
# How libraries give up on a damaged file; whatever else is raised is a fault of ours.
UNREADABLE = (zipfile.BadZipFile, zlib.error, DamagedXmlError, DefusedXmlException, DamagedRecordsError)


def broken_cells(paths: Mapping[int, Path]) -> pl.DataFrame:
    """The broken cells of ``paths`` by file_id, as BROKEN: the error ("#REF!") or the formula ("=SUM(A1:A3)").

    Of a file that cannot be parsed nothing is told.
    """
    found = [(file_id, *cell) for file_id, path in paths.items() for cell in _of_file(path)]
    return pl.DataFrame(found, schema=BROKEN, orient="row")


def with_broken(book: Cells, broken: pl.DataFrame) -> Cells:
    """``book`` with the broken cells as texts, but those that hold a value or that a merged area hides."""
    place = [c.FILE_ID, c.SHEET_NO, c.ROW, c.COL]
    hidden = _hidden(broken, book.merges)
    shown = broken.join(book.cells, on=place, how="anti").join(hidden, on=place, how="anti").unique(place)
    first = book.texts.get_column(c.TEXT_ID).max() if len(book.texts) else -1
    texts = shown.select(c.TEXT).unique().join(book.texts, on=c.TEXT, how="anti").sort(c.TEXT)
    added = texts.with_row_index(c.TEXT_ID, offset=int(str(first)) + 1).select(
        pl.col(name).cast(dtype) for name, dtype in book.texts.schema.items()
    )
    known = pl.concat([book.texts, added])
    cells = shown.join(known, on=c.TEXT, how="left").select(*place, c.TEXT_ID)
    return replace(book, cells=pl.concat([book.cells, cells], how="diagonal").sort(place), texts=known)


def _hidden(broken: pl.DataFrame, merges: pl.DataFrame) -> pl.DataFrame:
    """The cells that a merged area covers: all of it but its top left one."""
    top, left = pl.col(f"{c.ROW}_area"), pl.col(f"{c.COL}_area")
    row, col = pl.col(c.ROW), pl.col(c.COL)
    areas = broken.join(merges, on=[c.FILE_ID, c.SHEET_NO], how="inner", suffix="_area")
    within = row.is_between(top, pl.col(c.LAST_ROW)) & col.is_between(left, pl.col(c.LAST_COL))
    return areas.filter(within & ((row != top) | (col != left)))


def _of_file(path: Path) -> list[Position]:
    try:
        content = path.read_bytes()
    except OSError:  # it went away since it was read
        return []
    try:
        if content.startswith(OLE_MAGIC):
            return list(broken_cells_xls.errors(content))
        if content.startswith(ZIP_MAGIC):
            return list(_of_package(content))
    except UNREADABLE:
        pass
    return []


@contextmanager
def _as_package() -> Iterator[None]:
    """Opens or reads a package: raises DamagedRecordsError where it is locked, damaged or packed in an unknown way."""
    try:
        yield
    except (*BROKEN_PACKAGE, NotImplementedError, RuntimeError, EOFError, LZMAError) as error:
        raise DamagedRecordsError(str(error)) from error


def _opened(content: bytes) -> zipfile.ZipFile:
    with _as_package():
        return zipfile.ZipFile(io.BytesIO(content))


def _read(package: zipfile.ZipFile, part: str) -> bytes:
    with _as_package():
        return package.read(part)


def _of_package(content: bytes) -> Iterator[Position]:
    with _opened(content) as package:
        names = set(package.namelist())
        if WORKBOOK in names:
            for sheet_no, part in enumerate(sheet_parts(package)):
                xml = _read(package, part)
                if WORTH_PARSING.search(xml):
                    yield from ((sheet_no, *cell) for cell in _of_sheet(xml))
        elif BINARY_WORKBOOK in names:
            for sheet_no, part in enumerate(binary_sheet_parts(package)):
                yield from ((sheet_no, *cell) for cell in broken_cells_xlsb.errors(_read(package, part)))
        elif DOCUMENT in names:
            yield from broken_cells_ods.broken(_read(package, DOCUMENT))


def sheet_parts(package: zipfile.ZipFile) -> list[str]:
    """The parts of a package's worksheets, in the order of the workbook: their position is ``sheet_no``. None where the
    workbook lists a sheet that is not there.
    """
    targets = _targets(package, RELATIONS)
    book = root(_read(package, WORKBOOK))
    sheets = [element for element in book.iter() if _local(element) == "sheet"]
    return _worksheets(
        package, [targets.get(sheet.get(RELATION_ID) or sheet.get(STRICT_RELATION_ID)) for sheet in sheets]
    )


def binary_sheet_parts(package: zipfile.ZipFile) -> list[str]:
    """The same of an .xlsb."""
    targets = _targets(package, BINARY_RELATIONS)
    return _worksheets(
        package, [targets.get(relation) for relation in sheet_relations(_read(package, BINARY_WORKBOOK))]
    )


def _worksheets(package: zipfile.ZipFile, listed: Sequence[str | None]) -> list[str]:
    names = set(package.namelist())
    if any(part is None or (part.startswith(WORKSHEETS) and part not in names) for part in listed):
        return []
    return [part for part in listed if part is not None and part.startswith(WORKSHEETS)]


def _targets(package: zipfile.ZipFile, relations: str) -> dict[str | None, str]:
    """The parts that a workbook names, by the ids of their relations."""
    if relations not in package.namelist():
        return {}
    listed = root(_read(package, relations))
    return {relation.get("Id"): _part(relation.get("Target", "")) for relation in listed}


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}"


def _of_sheet(xml: bytes) -> Iterator[tuple[int, int, str]]:
    shared: dict[str, tuple[str, str]] = {}
    for _, element in events(xml, "end"):
        name = _local(element)
        if name == "c":
            text = _shown(element, shared)
            if text and (address := ADDRESS.match(element.get("r", ""))):
                yield int(address[2]), _column(address[1]), text
        elif name == "row":
            element.clear()


def _shown(cell: Element, shared: dict[str, tuple[str, str]]) -> str | None:
    """What is broken in a cell, as a unit sees it; ``shared`` keeps the formulas that other cells repeat."""
    parts = {_local(part): part for part in cell}
    formula, stored = parts.get("f"), parts.get("v")
    value = (stored.text or "") if stored is not None else ""
    words = _formula(formula, cell.get("r", ""), shared) if formula is not None else None
    kind = cell.get("t", "n")
    if kind == "e":
        return value or "#ERROR"
    # A formula whose result is the empty text says so by its type.
    return words if not value.strip() and kind not in ("str", "inlineStr") else None


def _formula(formula: Element, address: str, shared: dict[str, tuple[str, str]]) -> str:
    text, group = (formula.text or "").strip(), formula.get("si")
    if text:
        if group is not None:
            shared[group] = (text, address)
        return f"={text}"
    first, origin = shared.get(group or "", ("…", ""))
    return _moved(first, origin, address) if origin else f"={first}"


def _moved(formula: str, origin: str, address: str) -> str:
    """The formula of ``origin`` as it reads at ``address``."""
    # openpyxl takes longer to import than most batches have shared formulas without results.
    from openpyxl.formula.tokenizer import TokenizerError
    from openpyxl.formula.translate import Translator, TranslatorError

    try:
        return str(Translator(f"={formula}", origin).translate_formula(address))
    except (TokenizerError, TranslatorError, ValueError, IndexError):  # no formula that openpyxl understands
        return f"={formula}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
