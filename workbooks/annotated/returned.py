"""What a unit gets back: its own workbook with our marks, or, where that cannot be, the workbook of observations alone.

Every annotated workbook is held against the one received before it leaves: what was not to change has the same bytes,
what was edited is well-formed, and a reader sees the same values. Else the workbook of observations goes, saying why.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from python_calamine import CalamineError, XmlError, ZipError
from xlsxwriter.exceptions import XlsxWriterException

from schemas.findings.refusal import RefusedError
from workbooks.annotated.copied import copied
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.annotated.splice.annotate import annotate
from workbooks.annotated.splice.clean import clean
from workbooks.annotated.splice.package import WORKBOOK, Package
from workbooks.annotated.splice.spans import MalformedPartError, UnspliceableError
from workbooks.annotated.splice.values import Seen, same, seen
from workbooks.export.observations import Observation, ObservationsSheet, write_observations
from workbooks.reading.admission import ZIP_MAGIC, admit
from workbooks.reading.answer_sheet import Answered
from workbooks.reading.checked_parts import packed

ALONE, ANNOTATED = "_observaciones.xlsx", "_anotado"
# A workbook's ending by what its package says that it is; programs refuse one with another's.
KINDS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ".xltx",
    "application/vnd.ms-excel.template.macroEnabled.main+xml": ".xltm",
}
ENDINGS: Final = (ALONE, *(f"{ANNOTATED}{kind}" for kind in KINDS.values()))
SIGNATURES, REVISIONS = "_xmlsignatures/", "xl/revisions/"
ADVICE: Final = "Sus observaciones van en este libro aparte; el suyo quedó como lo envió."
WHY_ALONE: Final = "No se marcaron las celdas en su propio libro porque {why}. " + ADVICE
UNREADABLE: Final = "No se marcaron las celdas en su propio libro porque no pudo abrirse."
# How libraries give up on a damaged package; whatever else is raised is a fault of ours.
DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError),
    *(ParseError, DefusedXmlException, CalamineError, XmlError, ZipError, XlsxWriterException),
)


@dataclass(frozen=True)
class Returned:
    """The workbook for the unit, and how its name ends."""

    ending: str
    content: bytes


def returned(told: ObservationsSheet, source: ReceivedWorkbook | None) -> Returned:
    """The unit's own workbook annotated, else the workbook of observations, saying why."""
    if source is None:
        return alone(told)
    try:
        content = source.read()
        checked = admit(source.path.name, content, source.limits)
    except (RefusedError, OSError):
        return alone(replace(told, note=UNREADABLE))
    try:
        return _annotated(told, content, checked)
    except UnspliceableError as error:
        return alone(replace(told, note=WHY_ALONE.format(why=error)))
    except (*DAMAGE, RefusedError):
        return alone(replace(told, note=WHY_ALONE.format(why=MalformedPartError())))


def alone(told: ObservationsSheet) -> Returned:
    """The workbook of observations by itself."""
    stream = io.BytesIO()
    write_observations(stream, told)
    return Returned(ALONE, stream.getvalue())


def _annotated(told: ObservationsSheet, content: bytes, checked: bytes) -> Returned:
    package = Package(content) if content.startswith(ZIP_MAGIC) else None
    before = seen(checked)
    if package is None or WORKBOOK not in package:
        return Returned(f"{ANNOTATED}.xlsx", copied(_answered(told, before.answers), before))
    _admit_kind(package)
    clean(package, before.ours)
    annotate(package, _answered(told, before.answers), before.anchors())
    result = package.result()
    _check(content, result, package, before)
    return Returned(f"{ANNOTATED}{KINDS[package.type_of(WORKBOOK)]}", result)


def _admit_kind(package: Package) -> None:
    names = [name.lower() for name in package.members]
    if any(name.startswith(SIGNATURES) for name in names):
        raise UnspliceableError("está firmado digitalmente, y cualquier marca anularía la firma")
    if any(name.startswith(REVISIONS) for name in names):
        raise UnspliceableError("es un libro compartido con control de cambios")
    if package.type_of(WORKBOOK) not in KINDS:
        raise UnspliceableError("no es un libro de Excel con terminación .xlsx o .xlsm")


def _answered(told: ObservationsSheet, answers: Iterable[Answered]) -> ObservationsSheet:
    """Findings that persist with what the unit answered to them, unless it took that back."""
    said = {_key(answer): answer.answer for answer in answers}
    rows = tuple(row if row.answer else replace(row, answer=said.get(_key(row)) or None) for row in told.rows)
    return replace(told, rows=rows)


def _key(row: Observation | Answered) -> tuple[object, ...]:
    """What makes a finding the same in two workbooks: an activity keeps its number, anything else its cell."""
    place = (row.activity_no,) if row.activity_no is not None else (row.sheet, row.cell)
    return row.rule, row.unit_code, row.field, place


def _well_formed(part: bytes) -> None:
    try:
        fromstring(part, forbid_dtd=True)
    except (LookupError, ValueError) as error:  # an encoding that the parser does not know
        raise MalformedPartError from error


def _check(content: bytes, result: bytes, package: Package, before: Seen) -> None:
    """Raises UnspliceableError where the result is not the workbook received with our marks and nothing else."""
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        members = {member.filename: member for member in archive.infolist()}
    for name, member in package.members.items():
        if name not in package.edited and name in package and packed(content, member) != packed(result, members[name]):
            raise UnspliceableError("la copia marcada no resultó idéntica en lo demás")
    for name, part in package.edited.items():
        if not name.endswith(".vml") or name not in package.members:
            _well_formed(part)
    if not same(before, seen(result)):
        raise UnspliceableError("la copia marcada no resultó con los mismos valores")
