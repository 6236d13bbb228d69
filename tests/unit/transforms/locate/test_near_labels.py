"""A label with a slip is one where labels stand and one is missing; anything less near, or nearer two, is none."""

from __future__ import annotations

import pytest
from made_cells import HEADER, page, rows, workbook

from config.form import Form
from schemas.contracts import columns as c


def columns(form: Form, sheet: str) -> dict[int, str]:
    found = workbook(form, sheet).blocks().activity_columns
    return dict(found.select(c.COL, c.FIELD).rows())


@pytest.mark.parametrize("slip", ["META ANAUL (19)", "MTA ANUAL", "Meta anuall", "META ANUEL (19)"])
def test_a_column_label_with_a_slip_is_read(form: Form, slip: str) -> None:
    assert columns(form, page(1).replace("META ANUAL (19)", slip)) == columns(form, page(1))


@pytest.mark.parametrize("slip", ["EJE GENRAL (9):", "EJE GENERL"])
def test_a_header_label_with_a_slip_is_read(form: Form, slip: str) -> None:
    found = workbook(form, page(1).replace("EJE GENERAL (9):", slip)).evidence().header
    assert dict(found.select(c.FIELD, c.TEXT).rows())["general_axis"] == "ER1-2.1 Fortalecimiento"


@pytest.mark.parametrize("other", ["META (19)", "METAS DEL AÑO", "AÑO"])
def test_other_words_are_no_slip(form: Form, other: str) -> None:
    assert c.ANNUAL_TARGET not in columns(form, page(1).replace("META ANUAL (19)", other)).values()


def test_an_activity_whose_words_are_near_a_label_stays(form: Form) -> None:
    sheet = page(1).replace(HEADER, "") + rows(2, text="Objetivo de la actividd") + rows(3, text="Finalidd")
    assert workbook(form, sheet).evidence().rows[c.ACTIVITY_NO].to_list() == [1, 2, 3]


@pytest.mark.parametrize("quarter", ["1ER TRIMESRTE", "PRIMR TRIMESTRE", "Primer trimestr"])
def test_a_quarter_with_a_slip_is_read(form: Form, quarter: str) -> None:
    assert columns(form, page(1).replace("1er. TRIM", quarter)) == columns(form, page(1))
