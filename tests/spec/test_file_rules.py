"""File rules: what arrives as a workbook, and what is told of it; the others of its batch are not affected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from made_files import changed, compound
from made_packages import packed
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook

from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.findings.refusal import Refusal
from workbooks.reading.admission import Limits

WORKBOOK = "xl/workbook.xml"
HTML = b"<html><body><table>"
SOUND = 14  # activities of the founding workbook


def judge(paths: list[Path], context: Context, limits: Limits, refused: dict[int, Refusal] | None = None) -> Judged:
    files = [InboxFile(path, path.name, "0" * 64, 0) for path in paths]
    return judged(Batch(files, refused or {}), context, limits)


def file_findings(found: Judged, file_id: int = 0) -> list[tuple[str, str]]:
    """Rule and message of what is told of a file as a whole."""
    about = found.findings.filter((pl.col(c.FILE_ID) == file_id) & pl.col(c.RULE).str.starts_with("A"))
    return list(about.select(c.RULE, c.MESSAGE).rows())


def totals(found: Judged, file_id: int = 0) -> tuple[object, ...]:
    columns = [c.VERDICT, c.ROWS_FOUND, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED]
    return found.files.filter(pl.col(c.FILE_ID) == file_id).select(columns).row(0)


UNREADABLE = {
    ("A01", "UR06.xlsx", b""): "El archivo está vacío (0 bytes).",
    ("A01", "UR06.xls", HTML): "Es una página web guardada con terminación de Excel; no es un libro de Excel.",
    ("A01", "UR06.xlsx", b"UR,No. ACT\n06,1"): "El contenido no es un libro de Excel, aunque su nombre lo parezca.",
    ("A01", "UR06.xlsx", packed({"word/document.xml": b""})): (
        "El contenido no es un libro de Excel, aunque su nombre lo parezca."
    ),
    ("A01", "UR06.xlsx", packed({WORKBOOK: b""})[:-20]): "El archivo está dañado o incompleto y no se puede abrir.",
    ("A01", "UR06.xlsx", packed({WORKBOOK: b"<x"})): "El archivo está dañado o incompleto y no se puede abrir.",
    ("A01", "UR06.xls", compound("WordDocument")): "El contenido no es un libro de Excel, aunque su nombre lo parezca.",
    ("A01", "~$UR06.xlsx", b"\x05Titular"): (
        "Es el archivo de bloqueo que Excel crea mientras el libro está abierto (empieza con «~$»), no el libro."
    ),
    ("A02", "UR06.xlsx", compound("EncryptionInfo", "EncryptedPackage")): (
        "El archivo tiene contraseña de apertura y no se puede leer."
    ),
    ("A03", "UR06.xlsx", packed({WORKBOOK: bytes(11 * 1024**2)})): (
        "El contenido del archivo pesa 11.0 MB al abrirse; el límite es 10.0 MB."
    ),
    ("A03", "UR06.xlsx", bytes(3 * 1024**2)): "El archivo pesa 3.0 MB; el límite es 2.0 MB.",
}


@pytest.fixture(scope="module")
def among_others(
    tmp_path_factory: pytest.TempPathFactory, founding: Path, third_quarter: Context, limits: Limits
) -> Judged:
    """The files of UNREADABLE in their order, and the founding workbook, judged as one batch."""
    paths = []
    for _, name, content in UNREADABLE:
        paths.append(tmp_path_factory.mktemp("unreadable") / name)
        paths[-1].write_bytes(content)
    small = replace(limits, max_bytes=2 * 1024**2, max_expanded_bytes=10 * 1024**2)
    return judge([*paths, founding], third_quarter, small)


@pytest.mark.parametrize(
    ("number", "rule", "message"),
    [(number, rule, message) for number, ((rule, *_), message) in enumerate(UNREADABLE.items())],
    ids=[f"{rule}:{message[:40]}" for (rule, *_), message in UNREADABLE.items()],
)
def test_a_file_that_cannot_be_read(number: int, rule: str, message: str, among_others: Judged) -> None:
    assert file_findings(among_others, number) == [(rule, message)]
    assert totals(among_others, number) == ("rechazado", 0, 0, 0)


def test_the_others_of_its_batch_are_not_affected(among_others: Judged) -> None:
    assert totals(among_others, len(UNREADABLE)) == ("observado", SOUND, SOUND, 0)
    assert among_others.units[c.FILE_ID].unique().to_list() == [len(UNREADABLE)]


def test_a03_sheets_and_cells(tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits) -> None:
    found = judge([founding], third_quarter, replace(limits, max_sheets=3))
    assert file_findings(found) == [("A03", "El libro tiene 4 hojas; el límite es 3.")]
    found = judge([founding], third_quarter, replace(limits, max_cells=1000))
    [(rule, message)] = file_findings(found)
    assert rule == "A03"
    assert message.endswith("celdas; el límite es 1,000.")


@pytest.mark.parametrize(
    ("reason", "details", "message"),
    [
        ("timeout", {"limit": "30"}, "El archivo no se pudo leer en el tiempo permitido (30 segundos)."),
        ("worker_died", {}, "El archivo agotó la memoria permitida o detuvo el lector."),
        ("reader_failed", {}, "El lector no pudo procesar el contenido del archivo."),
    ],
)
def test_a03_the_reader_did_not_survive_it(
    reason: str, details: dict[str, str], message: str, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    found = judge([founding, founding], third_quarter, limits, {0: Refusal("A03", reason, details)})
    assert file_findings(found) == [("A03", message)]
    assert totals(found, 1) == ("observado", SOUND, SOUND, 0)


def retitled(text: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet["A1"] = text

    return change


def without_tables(book: Workbook) -> None:
    for sheet in book.worksheets:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.delete_rows(24, 50)


def without_activities(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.delete_rows(27, 50)


def without_label(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet["H25"] = "META DEL AÑO"


def without_column(book: Workbook) -> None:
    without_label(book)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(27, 31, 8, 8):
            if not isinstance(row[0], MergedCell):
                row[0].value = None


def with_own_words(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet["B24"] = OWN_WORDS


def with_own_words_elsewhere(book: Workbook) -> None:
    """The numbers of the activities stand where their strategies did, and these where the numbers stood."""
    for sheet in book.worksheets:
        for area in [area for area in sheet.merged_cells.ranges if area.min_row >= 24]:
            sheet.unmerge_cells(str(area))
        for row in range(24, 32):
            first, second = sheet.cell(row, 2), sheet.cell(row, 5)
            first.value, second.value = second.value, first.value
        sheet["E24"] = OWN_WORDS


OWN_WORDS = "Clave interna (14)"
BY_ORDER = (
    "Los encabezados de esta tabla faltan o no están sobre sus datos; los datos se leyeron en el orden del formato, "
    "en el que las sumas cuadran."
)
CHANGES: dict[str, tuple[Callable[[Workbook], object], list[tuple[str, str]]]] = {
    "A04 no table": (without_tables, [("A04", "Ninguna hoja del libro contiene la tabla de actividades del POA.")]),
    "A05 other year": (
        retitled("PROGRAMA OPERATIVO ANUAL (POA)\nInstitucional 2023"),
        [("A05", "El formato dice ejercicio 2023; se solicitó el de 2024.")],
    ),
    "A05 same year": (retitled("PROGRAMA OPERATIVO ANUAL (POA) 2024"), []),
    "A05 no year": (retitled("PROGRAMA OPERATIVO ANUAL (POA)"), []),
    "A06 label retyped beyond recognition": (without_label, [("A06", BY_ORDER)] * 4),
    "A06 the printed number over other words, in its place": (with_own_words, [("A06", BY_ORDER)] * 4),
    "A06 the printed number over other words, elsewhere": (
        with_own_words_elsewhere,
        [
            ("A06", "En la tabla de actividades no se encontraron estas columnas: No. ACT (14)."),
            *(
                (
                    "A07",
                    f"La columna «{OWN_WORDS}» no es del formato y tiene contenido ({n} celdas); se conserva, pero no se usa.",
                )
                for n in (5, 5, 3, 1)
            ),
        ],
    ),
    "A06 column lost": (
        without_column,
        [("A06", "En la tabla de actividades no se encontraron estas columnas: META ANUAL (19).")],
    ),
    "A08 blank form": (without_activities, [("A08", "El formato no tiene ninguna actividad capturada.")]),
}


@pytest.fixture(scope="module")
def all_changed(
    tmp_path_factory: pytest.TempPathFactory, founding: Path, third_quarter: Context, limits: Limits
) -> Judged:
    """The founding workbook with each of CHANGES, judged as one batch."""
    folders = [tmp_path_factory.mktemp("changed") for _ in CHANGES]
    changes = (change for change, _ in CHANGES.values())
    paths = [changed(founding, folder / "UR06.xlsx", change) for folder, change in zip(folders, changes, strict=True)]
    return judge(paths, third_quarter, limits)


@pytest.mark.parametrize("name", CHANGES)
def test_a_workbook_without_what_it_must_hold(name: str, all_changed: Judged) -> None:
    number, expected = list(CHANGES).index(name), CHANGES[name][1]
    assert file_findings(all_changed, number) == expected
    rejected = any(message != BY_ORDER for _, message in expected)
    assert totals(all_changed, number) == (("rechazado", 0, 0, 0) if rejected else ("observado", SOUND, SOUND, 0))


def test_a04_a_workbook_that_is_something_else(tmp_path: Path, third_quarter: Context, limits: Limits) -> None:
    book = Workbook()
    book.active.append(["Nombre", "RFC"])  # type: ignore[union-attr]
    book.save(tmp_path / "plantilla.xlsx")
    found = judge([tmp_path / "plantilla.xlsx"], third_quarter, limits)
    assert [rule for rule, _ in file_findings(found)] == ["A04"]
    assert found.files.select(c.FORM, c.FISCAL_YEAR).row(0) == (None, None)


def hide_a_copy(book: Workbook) -> None:
    book.copy_worksheet(book.worksheets[0]).sheet_state = "hidden"


def test_a04_a_hidden_copy_is_not_read_and_said_so(
    tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    found = judge([changed(founding, tmp_path / "UR06.xlsx", hide_a_copy)], third_quarter, limits)
    told = "La hoja oculta «POA 1 Copy» también contiene el formato; no se leyó, porque hay otra a la vista."
    assert file_findings(found) == [("A04", told)]
    assert found.findings.filter(pl.col(c.RULE) == "A04").select(c.SEVERITY, c.SHEET, c.CELL).row(0) == (
        *("nota", "POA 1 Copy", None),
    )
    assert totals(found) == ("observado", SOUND, SOUND, 0)


def test_an_empty_batch_and_a_batch_of_refusals(tmp_path: Path, third_quarter: Context, limits: Limits) -> None:
    assert judge([], third_quarter, limits).files.is_empty()
    path = tmp_path / "UR06.xlsx"
    path.touch()
    assert judge([path, path], third_quarter, limits).files[c.VERDICT].to_list() == ["rechazado", "rechazado"]
