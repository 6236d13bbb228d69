"""What next year's form has otherwise than this year's."""

from __future__ import annotations

import pytest

from config.form import Form
from schemas.contracts.form_changes import FieldChange, form_changes


def with_activity(form: Form, *names: str, **edited: object) -> Form:
    """The form with these activity columns, in this order, each with the edits."""
    columns = [form.of("activity", name).model_copy(update=edited) for name in names]
    rest = [field for field in form.field if field.block != "activity"]
    return form.model_copy(update={"field": (*rest, *columns)})


def changed(now: Form, before: Form) -> dict[str, str]:
    return {one.name: one.change for one in form_changes(now, before) if one.change}


def test_the_same_form_has_no_changes(form: Form) -> None:
    assert changed(form, form) == {}
    assert len(form_changes(form, form)) == len(form.field)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("abc", "abc", {}),
        ("abc", "bca", {"a": "moved"}),
        ("abc", "cab", {"c": "moved"}),
        ("abcd", "dcba", {"a": "moved", "b": "moved", "c": "moved"}),
        ("abc", "ab", {"c": "gone"}),
        ("ac", "abc", {"b": "new"}),
        ("abc", "cdb", {"b": "moved", "d": "new", "a": "gone"}),
    ],
)
def test_the_fewest_that_moved_are_told(form: Form, before: str, now: str, expected: dict[str, str]) -> None:
    names = dict(zip("abcd", ("unit_code", "activity_no", "description", "purpose"), strict=True))
    found = changed(with_activity(form, *(names[x] for x in now)), with_activity(form, *(names[x] for x in before)))
    assert {letter: found[name] for letter, name in names.items() if name in found} == expected


def test_what_differs_is_named(form: Form) -> None:
    before = with_activity(form, "purpose")
    after = with_activity(form, "purpose", label="FIN", required="required")
    old = before.of("activity", "purpose")
    assert changed(after, before) == {"purpose": f"label was {old.label}; required was {old.required}"}


def test_a_field_beyond_the_core_is_kept_as_a_value(form: Form) -> None:
    other = with_activity(form, "purpose", name="people_served")
    assert [one.kept for one in form_changes(other, None) if one.block == "activity"] == ["value"]
    assert {one.kept for one in form_changes(form, None)} == {"column"}


def test_what_is_gone_stands_last_without_a_place(form: Form) -> None:
    *_, last = form_changes(with_activity(form, "purpose"), with_activity(form, "purpose", "justification"))
    assert isinstance(last, FieldChange)
    assert (last.name, last.place, last.change) == ("justification", None, "gone")
