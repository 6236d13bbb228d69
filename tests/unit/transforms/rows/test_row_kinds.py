"""Rows that are no activities of their own: notes, bands, column numbers, and texts that go on below."""

from __future__ import annotations

from typing import Any

import pytest
from made_cells import Sheet, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c


def activities(form: Form, sheet: Sheet | str) -> list[dict[str, Any]]:
    return list(workbook(form, sheet).evidence().rows.iter_rows(named=True))


def test_a_description_goes_on_in_the_row_below(form: Form) -> None:
    sheet = page() + rows(1) + " | | de todos los días\n | | y de las noches\n" + rows(2)
    found = activities(form, sheet)
    assert [(row[c.ROW], row[c.DESCRIPTION]) for row in found] == [
        (12, "Informe de novedades de todos los días y de las noches"),
        (15, "Informe de novedades"),
    ]


@pytest.mark.parametrize("text", ["NOTA: cifras preliminares", "Fuente: la unidad"])
def test_a_note_does_not_go_on(form: Form, text: str) -> None:
    found = activities(form, page() + rows(1) + f" | | {text}\n")
    assert [row[c.DESCRIPTION] for row in found] == ["Informe de novedades", text]


def test_after_a_full_stop_another_sentence_is_not_taken_for_the_rest(form: Form) -> None:
    found = activities(form, page() + rows(1, text="Informe de novedades.") + " | | Patrullaje en la zona\n")
    assert [row[c.DESCRIPTION] for row in found] == ["Informe de novedades.", "Patrullaje en la zona"]


def test_column_numbers_are_no_activity(form: Form) -> None:
    counted = " | ".join(f"#{number}" for number in range(1, 16)) + "\n"
    assert [row[c.ACTIVITY_NO] for row in activities(form, page() + counted + rows(1))] == [1]


@pytest.mark.parametrize("text", ["UR 06 UNIDAD DE ANALISIS", "NOTA: a cargo de la unidad", "GOBIERNO DEL ESTADO"])
def test_a_lone_text_where_a_unit_should_stand_is_no_activity(form: Form, text: str) -> None:
    assert [row[c.ACTIVITY_NO] for row in activities(form, page() + f"{text}\n" + rows(1))] == [1]


def test_a_lone_code_of_a_unit_is_told(form: Form) -> None:
    assert [row[c.ACTIVITY_NO] for row in activities(form, page() + "06\n" + rows(1))] == [None, 1]


def test_a_text_over_several_columns_is_no_activity(form: Form) -> None:
    sheet = Sheet(page() + rows(1) + " | | cierre del ejercicio", merged=[(13, 3, 13, 9)])
    assert [row[c.DESCRIPTION] for row in activities(form, sheet)] == ["Informe de novedades"]


@pytest.mark.parametrize(
    ("unit", "number"), [("UR 06", "Act. 1"), ("U.R. 06", "1."), ("06", "No. 1"), ("UR: 6", "1.-")]
)
def test_codes_and_numbers_in_words(form: Form, unit: str, number: str) -> None:
    [row] = activities(form, page() + rows(1).replace("06 | #1", f"{unit} | {number}"))
    assert (row[c.UNIT_CODE], row[c.ACTIVITY_NO]) == ("06", 1)
