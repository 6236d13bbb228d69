"""Columns that the form does not have: told where they hold something in the table's rows, not elsewhere."""

from __future__ import annotations

from made_cells import TABLE, TITLE, rows, workbook

from config.form import Form
from schemas import columns as c


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
