"""File names that others chose, as text: what is escaped, and that no two names become one."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.file_name import actual, printable, shown

# Any string that a file system may give, lone surrogates among them.
NAMES = st.text(st.characters())


@pytest.mark.parametrize(
    ("name", "escaped"),
    [
        ("UR06/POA 2024 – Año_ñ(1).xlsx", "UR06/POA 2024 – Año_ñ(1).xlsx"),
        (b"POA_\xf1.xlsx", r"POA_\xf1.xlsx"),
        (b"A\xd1O/POA.xlsx", r"A\xd1O/POA.xlsx"),
        ("POA\n06\t\x1b[31m\0.xlsx", r"POA\x0a06\x09\x1b[31m\x00.xlsx"),
        ("UR06\u202excod.xlsx", r"UR06\u202excod.xlsx"),
        ("UR06\u0085\u200b\u2028.xlsx", r"UR06\u0085\u200b\u2028.xlsx"),
        ("UR06\U000e0001\ud800.xlsx", r"UR06\U000e0001\ud800.xlsx"),
        (r"POA_\xf1.xlsx", r"POA_\x5cxf1.xlsx"),
        (r"UR06\POA.xlsx", r"UR06\POA.xlsx"),
        ("POA\u00a006 e\u0301.xlsx", "POA\u00a006 e\u0301.xlsx"),
    ],
)
def test_what_cannot_be_printed_is_escaped(name: str | bytes, escaped: str) -> None:
    assert shown(os.fsdecode(name)) == escaped


@given(NAMES)
@example("\\\x1bx")
@example("\\\\x5c\\u")
@example("\udcc3\udcb1")
def test_a_shown_name_is_text_and_leads_back_to_its_file(name: str) -> None:
    escaped = shown(name)
    assert actual(escaped) == name
    assert escaped.encode().decode() == escaped
    assert not any(character < " " for character in escaped)


@given(NAMES)
def test_ending_and_folders_stay_what_they_were(name: str) -> None:
    assert [shown(part) for part in name.split("/")] == shown(name).split("/")
    assert shown(name).rpartition(".")[0] == shown(name.rpartition(".")[0])


def test_a_path_in_a_message_keeps_its_backslashes() -> None:
    assert printable("C:\\users\\xico\n\udcf1") == r"C:\users\xico\x0a\xf1"
