"""Columns that the form does not have: told where they hold something in the table's rows, not elsewhere."""

from __future__ import annotations

from made_cells import TABLE, TITLE, rows, workbook

from config.form import Form
from schemas.contracts import columns as c


def unknown(form: Form, sheet: str) -> list[tuple[object, ...]]:
    found = workbook(form, sheet).evidence().unknown_columns
    return found.select(c.COL, c.TEXT, c.CELLS).rows()


def table(head: str, *lines: str) -> str:
    return "\n".join([TITLE, head.strip("\n"), *lines])


def with_note(number: int, note: str) -> str:
    return rows(number).rstrip("\n") + f" | {note}"


def test_the_clean_form_has_none(form: Form) -> None:
    assert unknown(form, table(TABLE, rows(1), rows(2))) == []


def test_a_column_right_of_the_table_with_content_is_told_by_its_number(form: Form) -> None:
    assert unknown(form, table(TABLE, with_note(1, "ver anexo"), rows(2))) == [(16, None, 1)]


def test_a_labelled_column_is_told_by_its_label(form: Form) -> None:
    labelled = TABLE.rstrip("\n").splitlines()
    labelled[-1] += " | | | Observaciones internas"
    found = unknown(form, table("\n".join(labelled), with_note(1, "ver anexo"), with_note(2, "urgente")))
    assert found == [(16, "Observaciones internas", 2)]


def cells(form: Form, sheet: str) -> list[tuple[object, ...]]:
    found = workbook(form, sheet).evidence().unknown_cells
    return found.select(c.ROW, c.COL, c.TEXT, c.VALUE).rows()


def test_every_cell_of_an_unknown_column_is_kept_as_written(form: Form) -> None:
    labelled = TABLE.rstrip("\n").splitlines()
    labelled[-1] += " | | | Observaciones internas"
    lines = [with_note(1, "ver anexo"), with_note(2, "#0.5"), rows(3).rstrip("\n"), with_note(4, "@2024-03-15")]
    assert cells(form, table("\n".join(labelled), *lines)) == [
        (5, 16, "Observaciones internas", "ver anexo"),
        (6, 16, "Observaciones internas", "0.5"),
        (8, 16, "Observaciones internas", "2024-03-15"),
    ]


def test_a_remark_that_goes_on_below_its_row_is_kept_whole(form: Form) -> None:
    below = " | " * 15 + "y oficio 12"
    assert cells(form, table(TABLE, with_note(1, "ver anexo"), below, rows(2))) == [
        (5, 16, None, "ver anexo"),
        (6, 16, None, "y oficio 12"),
    ]
