"""A form may add fields and go without others, but not without those that say whose a row is."""

from __future__ import annotations

import pytest

from config.files import ConfigError
from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.core import extra_fields, usable
from schemas.contracts.lacking import absent_fields


def with_field(form: Form, name: str) -> Form:
    added = form.of("activity", c.PURPOSE).model_copy(update={"name": name})
    return form.model_copy(update={"field": (*form.field, added)})


def without(form: Form, name: str) -> Form:
    return form.model_copy(update={"field": tuple(field for field in form.field if field.name != name)})


def test_this_years_form_is_all_core(form: Form) -> None:
    assert [extra_fields(form, block) for block in ("header", "budget", "activity")] == [[], [], []]
    assert (absent_fields(form, "budget"), absent_fields(form, "activity")) == ([], [])
    assert usable(form) is form


def test_a_field_of_another_name_is_extra(form: Form) -> None:
    assert [field.name for field in extra_fields(with_field(form, "people_served"), "activity")] == ["people_served"]


def test_a_field_that_the_form_lacks_is_an_empty_column(form: Form) -> None:
    names = [column.meta.output_name() for column in absent_fields(without(form, c.ANNUAL_TARGET), "activity")]
    assert names == [c.ANNUAL_TARGET, c.half(c.ANNUAL_TARGET), c.written(c.ANNUAL_TARGET)]


@pytest.mark.parametrize("name", ["row", "sheet", "measure", "people__half"])
def test_names_that_the_program_uses_are_refused(form: Form, name: str) -> None:
    with pytest.raises(ConfigError, match=f"use of its own for {name}: rename the field"):
        usable(with_field(form, name))


def test_a_form_without_a_key_is_refused(form: Form) -> None:
    with pytest.raises(ConfigError, match="has no field activity_no in block activity"):
        usable(without(form, c.ACTIVITY_NO))
