"""A text is a label whatever its case, accents, line breaks and printed number; the number settles what it means."""

from __future__ import annotations

import polars as pl
import pytest

from config.form import Form
from schemas.contracts import columns as c
from transforms.locate.labels import LONGEST_LABEL, labels, normal
from workbooks.reading.cells import TEXTS


def meanings(form: Form, text: str) -> list[tuple[str, str | None, str]]:
    """(role, block, name) of everything that ``text`` may mean."""
    found = labels(pl.DataFrame({c.TEXT_ID: [0], c.TEXT: [text]}, schema=TEXTS), form)
    return sorted(found.select(c.ROLE, c.BLOCK, c.NAME).rows())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSTITUCIÓN (1):", "institucion"),
        ("Institucion\u00a0( 1 )", "institucion"),
        ("UNIDAD\nDE\r\nMEDIDA (19)", "unidad de medida"),
        ("% DE AVANCE vs. META", "% de avance vs meta"),
        ("Nº ACT", "no act"),
        ("1er.  TRIM", "1er trim"),
        ("(15)", ""),
    ],
)
def test_normal_text(text: str, expected: str) -> None:
    assert pl.select(normal(pl.lit(text))).item() == expected


@pytest.mark.parametrize(
    "text",
    ["META ANUAL (19)", "Meta anual", "META\nANUAL", "  meta   anual (19) ", "META ANUAL(19)", "Meta ánual: (19)"],
)
def test_one_label_in_many_spellings(form: Form, text: str) -> None:
    assert meanings(form, text) == [("field", "activity", "annual_target")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1er. TRIM (20)", {("activity", "planned_q1")}),
        ("1er. TRIM (5)", {("budget", "exercised_q1")}),
        ("1er. TRIM", {("activity", "planned_q1"), ("activity", "achieved_q1"), ("budget", "exercised_q1")}),
        ("% de Avance (5)", {("budget", "reported_progress")}),
        ("% de Avance", {("budget", "reported_progress"), ("activity", "reported_progress")}),
    ],
)
def test_a_printed_number_settles_an_ambiguous_label(form: Form, text: str, expected: set[tuple[str, str]]) -> None:
    assert {(block, name) for _, block, name in meanings(form, text)} >= expected
    if "(" in text:
        assert {(block, name) for _, block, name in meanings(form, text)} == expected


def test_a_number_that_the_form_prints_elsewhere_is_no_label(form: Form) -> None:
    assert meanings(form, "META ANUAL (7)") == []


@pytest.mark.parametrize("text", ["", "   ", "(19)", "Metas del año", "Informe de la meta anual", "06"])
def test_what_only_resembles_a_label_is_none(form: Form, text: str) -> None:
    assert meanings(form, text) == []


def test_a_long_text_is_never_a_label(form: Form) -> None:
    assert meanings(form, "META ANUAL (19)" + " " * LONGEST_LABEL) == []


@pytest.mark.parametrize(
    "text",
    [
        "PROGRAMA OPERATIVO ANUAL (POA)",
        "Programa Operativo Anual (POA)\nInstitucional 2024",
        "programa operativo anual poa",
    ],
)
def test_a_title_may_go_on(form: Form, text: str) -> None:
    assert meanings(form, text) == [("title", None, "title")]


def test_each_kind_of_label_has_its_role(form: Form) -> None:
    texts = ["UR DERIVADA (3):", "CALENDARIO", "Vinculación PED", form.signature[0].printed, "Comentarios"]
    assert [meanings(form, text)[0][0] for text in texts] == ["line", "group", "section", "signature", "field"]


@pytest.mark.parametrize(
    "quarter",
    ["1er. TRIM", "1ER TRIMESTRE", "PRIMER TRIMESTRE", "1° TRIM", "T1", "TRIM I", "Trimestre 1", "1T", "Ene-Mar"],
)
def test_a_quarter_has_many_names(form: Form, quarter: str) -> None:
    assert meanings(form, f"{quarter} (20)") == [("field", "activity", "planned_q1")]
    assert meanings(form, f"REALIZADO\n{quarter}") == [("field", "activity", "achieved_q1")]


def test_a_budget_line_may_be_numbered(form: Form) -> None:
    assert meanings(form, "UR DERIVADA 2 (3):") == [("line", "budget", "derived")]
