"""Every column of every public view has a meaning, and no meaning is left over."""

from __future__ import annotations

import tomllib

import pytest

from config.form import load_form
from warehouse.schema.dictionary import TYPES, view_columns, view_meaning
from warehouse.schema.views import FOLDER, PUBLIC

TEXTS = tomllib.loads((FOLDER / "columns.toml").read_text(encoding="utf-8"))
UNITS = {"pesos", "razón", "índice 0 a 100", "unidad de medida", "veces"}


@pytest.mark.parametrize("view", PUBLIC)
def test_a_view_is_told_column_by_column(view: str) -> None:
    assert view_meaning(view).endswith(".")
    columns = view_columns(view, load_form(2024))
    assert [column.name for column in columns] == list(PUBLIC[view])
    assert all(column.meaning.endswith(".") and column.type in TYPES.values() for column in columns)
    assert {column.unit for column in columns} - {None} <= UNITS


def test_a_column_names_the_field_that_it_comes_from() -> None:
    form = load_form(2024)
    fields = {column.name: column.field for column in view_columns("v_presupuesto", form)}
    assert fields["ejercido_t3"] == form.of("budget", "exercised_q3")
    assert fields["nivel"] is None


def test_nothing_is_told_that_no_view_has() -> None:
    assert set(TEXTS["view"]) == set(PUBLIC)
    assert set(TEXTS["column"]) == {name for columns in PUBLIC.values() for name in columns}
