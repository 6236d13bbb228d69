"""Displaced rows: the one edit that makes types and check digits hold, and nothing where there is no such edit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from config.form import Form
from transforms.repair.displaced import the_edits
from transforms.repair.edits import Cell, Columns, Edit, edited

ROW = "6|1|Informe|Art. 1|ER1-2.1.1|500|Informes|12|3|3|3|3|3|3|3|0|9|75%|Fin|Porque sí"
UNEVEN = "6|2|Curso|Art. 1|ER1-2.1.1|500|Cursos|14|5|4|3|2|5|4|2|0|11|79%|Fin|Porque sí"


def columns(form: Form) -> Columns:
    return [(col, field) for col, field in enumerate(form.activity, 1)]


def cells(texts: Sequence[str | None], start: int = 1) -> list[Cell]:
    return [cell(col, text) for col, text in enumerate(texts, start) if text]


def cell(col: int, text: str) -> Cell:
    percent = text.endswith("%")
    number = text.rstrip("%")
    value = (float(number) / (100 if percent else 1)) if number.isdigit() else None
    return Cell(col, text, value, 0.005 if percent else 0.5, text)


def row(text: str) -> list[str | None]:
    return list(text.split("|"))


def with_extra(text: str, place: int, extra: str) -> list[str | None]:
    line = row(text)
    return [*line[:place], extra, *line[place:]]


def without(text: str, place: int) -> list[str | None]:
    line = row(text)
    return [*line[:place], *line[place + 1 :]]


@pytest.mark.parametrize("place", range(8, 17))
def test_a_number_too_many_is_found_wherever_it_stands(place: int, form: Form) -> None:
    line = cells(with_extra(UNEVEN, place, "88"))
    edits = the_edits([line], columns(form), form)
    assert edits == [Edit("drop", place)]
    assert [c.written for c in edited(line, columns(form), edits[0])[:-1] if c] == row(UNEVEN)


def test_equal_neighbours_count_as_one_edit(form: Form) -> None:
    edits = the_edits([cells(with_extra(ROW, 9, "3"))], columns(form), form)
    assert {edit.kind for edit in edits} == {"drop"}
    assert {8, 9, 10} <= {edit.place for edit in edits}


def test_a_missing_cell_is_found(form: Form) -> None:
    assert the_edits([cells(without(UNEVEN, 5))], columns(form), form) == [Edit("empty", 5)]  # the amount


def test_where_several_edits_would_do_there_is_none(form: Form) -> None:
    """With a quarter missing, the sums hold whichever quarter is left blank: nobody can know which."""
    assert the_edits([cells(without(UNEVEN, 15))], columns(form), form) == []


@pytest.mark.parametrize("by", [1, 3, 7])
def test_a_row_shifted_whole_is_found(by: int, form: Form) -> None:
    assert Edit("shift", by) in the_edits([cells(row(ROW), start=1 + by)], columns(form), form)


def test_a_row_that_no_edit_mends_has_none(form: Form) -> None:
    wrong = with_extra(ROW.replace("12", "13", 1), 9, "4")
    assert the_edits([cells(wrong)], columns(form), form) == []


def test_a_row_that_does_not_add_up_is_carried_by_the_others(form: Form) -> None:
    """The founding workbook's activity 10 has a wrong target; its neighbours prove the edit."""
    wrong = ROW.replace("|12|", "|62|", 1)
    lines = [cells(with_extra(text, 9, "3")) for text in (ROW, ROW, wrong)]
    assert the_edits(lines, columns(form), form)
