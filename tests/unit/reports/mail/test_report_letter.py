"""What a unit is told of its workbook by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import judged_example as example
import polars as pl
import pytest

from reports.mail.letter import as_html, as_text
from reports.mail.report_letter import Deadline, Receipt, receipt_letter, report_letter
from schemas.contracts import columns as c

CLOSES = date(2024, 10, 15)
OPEN = Deadline(CLOSES, date(2024, 10, 10), closed=False)
RECEIPT = Receipt("POA_2024_UR06.xlsx", "3f9c" * 16, 24988, datetime(2024, 10, 4, 11, 5), True, "observado", True)
FILES = ("UR06_2024T3.html", "UR06_2024T3_observaciones.xlsx")


def told(report, deadline=OPEN, files=FILES, again=False):
    letter = report_letter(report, [RECEIPT], "UR 06 UNIDAD DE ANÁLISIS", deadline, files, again)
    return letter, " ".join(as_text(letter).split())


def test_an_observed_workbook(report_of) -> None:
    letter, text = told(report_of(example.observed()))
    assert letter.subject == "POA, tercer trimestre de 2024: UR 06, observado (92.4 de 100)"
    for words in (
        "Libro aceptado con observaciones",
        "Índice de calidad: 92.4 de 100",
        "LAS TRES CORRECCIONES QUE MÁS VALEN",
        "Envíe su libro corregido a más tardar el 15 de octubre de 2024.",
        "«Respuesta de la unidad»",
        "Archivo: POA_2024_UR06.xlsx (24,988 bytes)",
        "Recibido: 4 de octubre de 2024, 11:05 horas, en plazo",
        "Huella (SHA-256): 3f9c",
        "UR06_2024T3_observaciones.xlsx",
    ):
        assert words in text


def test_a_clean_workbook_asks_for_nothing(report_of) -> None:
    letter, text = told(report_of(example.clean()))
    assert letter.tone == "aceptado"
    assert "No tiene que hacer nada más este trimestre." in text
    assert "CUÁNDO Y CÓMO RESPONDER" not in text


def test_a_rejected_workbook_says_why(report_of) -> None:
    letter, text = told(report_of(example.rejected()))
    assert letter.figure is None
    assert "POR QUÉ SE RECHAZÓ Y QUÉ HACER" in text
    assert "Respuesta de la unidad" not in text.split("ARCHIVOS ADJUNTOS")[0]


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (Deadline(CLOSES, CLOSES, closed=False), "a más tardar el 15 de octubre de 2024"),
        (Deadline(CLOSES, date(2024, 10, 16), closed=False), "El plazo terminó el 15 de octubre de 2024"),
        (Deadline(CLOSES, date(2024, 12, 1), closed=True), "El trimestre ya se cerró"),
    ],
)
def test_by_when_to_answer(report_of, deadline, words) -> None:
    assert words in told(report_of(example.observed()), deadline)[1]


def test_a_result_that_changed_is_told_as_such(report_of) -> None:
    letter, text = told(report_of(example.observed()), again=True)
    assert "informe actualizado" in letter.subject
    assert "sustituye al anterior" in text


def test_an_annotated_workbook_can_be_worked_on(report_of) -> None:
    text = told(report_of(example.observed()), files=("UR06_2024T3.html", "UR06_2024T3_anotado.xlsx"))[1]
    assert "Puede trabajar sobre el libro anotado" in text


@pytest.mark.parametrize("file", ["POA_UR06.XLS", "POA_UR06.ods", "POA_UR06.xlsb"])
def test_a_copy_is_not_to_be_worked_on(report_of, file: str) -> None:
    judged = example.observed()
    sent = replace(judged, files=judged.files.with_columns(pl.lit(file).alias(c.FILE)))
    text = told(report_of(sent), files=("UR06_2024T3.html", "UR06_2024T3_anotado.xlsx"))[1]
    assert "Puede trabajar sobre el libro anotado" not in text
    assert "envíe también el libro de observaciones" in " ".join(text.split())


def test_an_acknowledgement_alone_is_short() -> None:
    text = as_text(receipt_letter(2024, 3, "06", "UR 06 UNIDAD DE ANÁLISIS", [RECEIPT]))
    assert "su último informe sigue vigente" in " ".join(text.split())
    assert "Huella (SHA-256)" in text


def test_what_units_write_is_harmless(report_of) -> None:
    page = as_html(told(report_of(example.hostile()))[0])
    assert "<script" not in page
    assert "<img" not in page
